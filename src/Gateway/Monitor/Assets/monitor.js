// Shows the data and keeps one WebSocket connected, which reconnects after a failure. When the session has ended, the page shows the
// sign-in form.
const longestWait = 10_000;

const state = document.querySelector("#state");
const banner = document.querySelector("#banner");
const main = document.querySelector("#monitor");

// The path of the monitor, including the path prefix of a proxy.
const own = location.pathname.replace(/\/+$/, "");

let due = false;
function show() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`);
    const newest = samples.at(-1);
    for (const element of document.querySelectorAll("[data-number]")) {
      element.textContent = writers[element.dataset.number](newest?.[element.dataset.number]);
    }
    for (const chart of charts) {
      const at = pointed ?? newest;
      for (const { name, value } of chart.values) value.textContent = chart.write(at?.[name]);
      chart.canvas.setAttribute("aria-label", `${chart.name}, the last ${minutes} minutes; now ${chart.values.map(({ value }) => value.parentNode.textContent).join(", ")}`);
      draw(chart, color);
    }
  });
}

new ResizeObserver(show).observe(main);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);

const sessionOver = 4401;
let attempts = 0;
let leaving = false;
let lostAt = Date.now();

function connect(token) {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${own}/ws?token=${token}`);
  // A lost network sends no close event. A sample arrives every second, so a silent socket is closed.
  let watch;
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(() => over(), 8000);
  };
  let ended = false;
  const over = (code) => {
    if (ended) return;
    ended = true;
    clearTimeout(watch);
    socket.close();
    lose(code);
  };
  heard();
  socket.onmessage = ({ data }) => {
    heard();
    const message = JSON.parse(data);
    if (state.dataset.state !== "live") found();
    for (const [kind, listen] of Object.entries(hear)) if (kind in message) listen(message);
  };
  socket.onclose = ({ code }) => over(code);
}

function found() {
  attempts = 0;
  lostAt = undefined;
  banner.hidden = true;
  main.classList.remove("lost");
  state.dataset.state = "live";
  state.textContent = "Live";
}

function lose(code) {
  if (leaving) return;
  if (code === sessionOver) return location.reload();
  lostAt ??= Date.now();
  main.classList.add("lost");
  state.dataset.state = "lost";
  state.textContent = "Not connected";
  const wait = Math.min(longestWait, 500 * 2 ** attempts++) * (0.75 + Math.random() / 2);
  const at = Date.now() + wait;
  banner.hidden = false;
  const tell = () => {
    document.querySelector("#since").textContent = `The numbers are ${span(Date.now() - lostAt)} old.`;
    document.querySelector("#next").textContent = at > Date.now() ? `Trying again in ${span(at - Date.now())}.` : "Trying now.";
  };
  tell();
  const telling = setInterval(tell, 1000);
  setTimeout(async () => {
    // A refused socket gives no reason. The request for the token does.
    await begin();
    clearInterval(telling);
  }, wait);
}

async function begin() {
  const token = await socketToken();
  if (token === false) location.reload();
  else if (token) connect(token);
  else lose();
}

/** The token for a socket of this page; false without a session, undefined without a response. */
async function socketToken() {
  try {
    const answer = await fetch(`${own}/session`, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    return answer.ok ? answer.headers.get("Counter-Socket") : answer.status === 401 ? false : undefined;
  } catch {
    return undefined;
  }
}

// Signing out ends the socket. A reload of the page would interrupt the sign-out.
document.querySelector("form[action$=sign-out]").addEventListener("submit", () => (leaving = true));
begin();
