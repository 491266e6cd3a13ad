// The monitor: one WebSocket, a quarter of an hour of samples, and what is made of them. Text from outside becomes text and
// nothing else (textContent). After a cut it comes back by itself; when the session is over it shows the sign-in form.
const minutes = 15;
const most = minutes * 60;
const shownRows = 20;
const longestWait = 10_000;

const state = document.querySelector("#state");
const banner = document.querySelector("#banner");
const main = document.querySelector("#monitor");
const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

const unknown = "–";
const known = (write) => (value) => (value === null || value === undefined || Number.isNaN(value) ? unknown : write(value));
const count = known((n) => (n < 1e6 ? whole.format(Math.round(n)) : short.format(n)));
const rate = known((n) => (n < 100 ? n.toFixed(1) : count(n)));
const percent = known((n) => `${n.toFixed(1)}%`);
const bytes = known((n) => {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) [n, unit] = [n / 1000, unit + 1];
  return `${unit && n < 100 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
});

// ---- What is known ----

let gateway;
let columns = [];
let samples = [];

const read = (row) => {
  const sample = Object.fromEntries(columns.map((name, i) => [name, row[i]]));
  sample.busy = sample.idle === null ? null : 100 - sample.idle;
  sample.stalled = sample.wait === null ? null : sample.wait + sample.steal;
  sample.used = sample.memory === null ? null : sample.memory - sample.available;
  return sample;
};

const hear = {
  samples(message) {
    // After a restart the samples from before it are kept, and the time without any is a gap.
    const before = gateway === message.gateway ? samples : [];
    gateway = message.gateway;
    columns = message.columns;
    const fresh = message.samples.map(read);
    const from = fresh.length ? fresh[0].at : Infinity;
    samples = [...before.filter(({ at }) => at < from), ...fresh];
    forget();
    fillSamples();
    show();
  },
  sample(message) {
    const sample = read(message.sample);
    if (samples.length && sample.at <= samples.at(-1).at) return;
    samples.push(sample);
    forget();
    addSample(sample);
    show();
  },
  busiest({ busiest }) {
    const rows = busiest.map((page) => [page.site + page.page, count(page.viewers), count(page.peak), count(page.arrivals)]);
    fill("#busiest", rows, "Nobody is on any page.");
  },
  gateways({ gateways }) {
    document.querySelector("#gateways-section").hidden = gateways.length < 2;
    fill("#gateways", gateways.map((g) => [
      g.name + (g.here ? " (this one)" : ""), count(g.viewers), count(g.streams), span(Date.now() - Date.parse(g.startedAt)),
      `${span(Date.now() - Date.parse(g.seenAt))} ago`, g.version,
    ]), "");
  },
};

function forget() {
  const from = samples.length ? samples.at(-1).at - most * 1000 : 0;
  while (samples.length && samples[0].at < from) samples.shift();
}

function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

// ---- Numbers and tables ----

const writers = {
  viewers: count, joins: rate, leaves: rate, pages: count, sites: count, streams: count, frames: rate, bytes, busy: percent, resident: bytes,
};

const rowOf = (s) => [
  clockWithSeconds.format(s.at), count(s.viewers), count(s.streams), rate(s.joins), rate(s.leaves), rate(s.frames), bytes(s.bytes), rate(s.skipped),
  rate(s.dropped), percent(s.user), percent(s.system), percent(s.stalled), percent(s.idle), percent(s.process), bytes(s.resident),
];

function tableRow(cells) {
  const row = document.createElement("tr");
  for (const text of cells) {
    const cell = document.createElement("td");
    cell.textContent = text;
    row.append(cell);
  }
  row.firstChild.title = cells[0];
  return row;
}

function fill(table, rows, none) {
  const body = document.querySelector(`${table} tbody`);
  if (rows.length) return body.replaceChildren(...rows.map(tableRow));
  const row = tableRow([none]);
  row.firstChild.colSpan = document.querySelectorAll(`${table} thead th`).length;
  row.firstChild.className = "none";
  body.replaceChildren(row);
}

const body = document.querySelector("#samples tbody");
const fillSamples = () => body.replaceChildren(...samples.slice(-shownRows).reverse().map((s) => tableRow(rowOf(s))));

function addSample(sample) {
  body.prepend(tableRow(rowOf(sample)));
  while (body.rows.length > shownRows) body.lastChild.remove();
}

// ---- Charts ----

const line = (name, label, color) => ({ name, label, color });
const charts = [
  { name: "viewers", write: count, series: [line("viewers", "", "c3")], filled: true, wholes: true },
  { name: "joins", write: rate, series: [line("joins", "joins", "c3"), line("leaves", "leaves", "c2")] },
  { name: "frames", write: rate, series: [line("frames", "", "c1")], filled: true },
  { name: "bytes", write: bytes, series: [line("bytes", "", "c1")], filled: true },
  {
    name: "cpu", write: percent, stacked: true, top: 100,
    series: [line("user", "user", "c1"), line("system", "system", "c2"), line("stalled", "wait", "c4")],
    also: [line("idle", "idle", "rest"), line("process", "Counter", null)],
  },
  {
    name: "memory", write: bytes, series: [line("resident", "Counter", "c1"), line("managed", "objects", "c3")],
    also: [line("used", "machine", null), line("memory", "of", null)],
  },
].map((chart) => {
  const canvas = document.querySelector(`canvas[data-chart=${chart.name}]`);
  const legend = document.querySelector(`[data-legend=${chart.name}]`);
  const values = [...chart.series, ...(chart.also ?? [])].map(({ name, label, color }) => {
    const item = document.createElement("span");
    if (color && label) {
      const swatch = document.createElement("i");
      swatch.className = `i-${color}`;
      item.append(swatch);
    }
    const value = document.createElement("b");
    item.append(`${label} `, value);
    legend.append(item);
    return { name, value };
  });
  return { ...chart, canvas, values, paint: canvas.getContext("2d") };
});

// Where somebody points at a chart, all legends say how things were then.
let pointed;

/** Steps of 1, 2 or 5 times a power of ten, at most `lines` of them up to `high`. */
function stepFor(high, lines, least) {
  const power = 10 ** Math.floor(Math.log10(high / lines));
  return Math.max([1, 2, 5, 10].map((n) => n * power).find((step) => high / step <= lines), least);
}

/** The samples cut where some are missing, so that a gap is one. */
function pieces(names) {
  const found = [];
  let piece = [];
  let last;
  for (const sample of samples) {
    const missing = names.some((name) => sample[name] === null);
    if (missing || (last !== undefined && sample.at - last > 5000)) {
      if (piece.length) found.push(piece);
      piece = [];
    }
    if (!missing) piece.push(sample);
    last = sample.at;
  }
  return piece.length ? [...found, piece] : found;
}

function draw(chart, color) {
  const { canvas, paint, series } = chart;
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
  if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density);
  paint.setTransform(density, 0, 0, density, 0, 0);
  paint.clearRect(0, 0, width, height);

  const bottom = height - 20;
  const to = samples.length ? samples.at(-1).at : Date.now();
  const from = to - most * 1000;
  const x = (at) => ((at - from) / (to - from)) * (width - 3);
  const highest = Math.max(0, ...samples.flatMap((s) => series.map(({ name }) => s[name] ?? 0)));
  const step = stepFor((chart.top ?? highest) || 1, 4, chart.wholes ? 1 : 0);
  const top = chart.top ?? Math.max(step, Math.ceil((highest * 1.05) / step) * step);
  const y = (value) => bottom - (value / top) * (bottom - 16);

  const stacked = series.map(({ name }, i) => {
    const below = series.slice(0, i).map(({ name }) => name);
    const sum = (s) => below.reduce((all, other) => all + s[other], 0);
    return { name, low: chart.stacked ? sum : () => 0, high: chart.stacked ? (s) => sum(s) + s[name] : (s) => s[name] };
  });
  stacked.forEach(({ name, low, high }, i) => {
    paint.fillStyle = paint.strokeStyle = color(series[i].color);
    for (const piece of pieces(chart.stacked ? series.map((s) => s.name) : [name])) {
      if (chart.stacked || chart.filled) {
        paint.globalAlpha = chart.stacked ? 0.75 : 0.14;
        paint.beginPath();
        for (const s of piece) paint.lineTo(x(s.at), y(high(s)));
        for (const s of piece.toReversed()) paint.lineTo(x(s.at), y(low(s)));
        paint.fill();
        paint.globalAlpha = 1;
      }
      if (!chart.stacked) {
        paint.lineWidth = 1.6;
        paint.lineJoin = "round";
        paint.beginPath();
        for (const s of piece) paint.lineTo(x(s.at), y(high(s)));
        paint.stroke();
      }
    }
  });

  paint.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  paint.textAlign = "left";
  for (let i = 0; i * step <= top * 1.0001; i++) {
    const at = Math.round(y(i * step)) + 0.5;
    paint.fillStyle = color("grid");
    paint.fillRect(0, at - 0.5, width, 1);
    // Numbers stand on their lines, so nothing moves sideways when they grow.
    if (i > 0) label(chart.write(i * step).replace(/\.0(?!\d)/, ""), 0, at - 4);
  }
  const every = (width < 420 ? 5 : 3) * 60_000;
  paint.textAlign = "center";
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) {
    const middle = x(at);
    if (middle > 16 && middle < width - 16) label(clock.format(at), middle, height - 5);
  }

  if (pointed && pointed.at >= from) {
    paint.fillStyle = color("soft");
    paint.fillRect(Math.round(x(pointed.at)), 12, 1, bottom - 12);
  }

  function label(text, at, baseline) {
    paint.lineWidth = 3;
    paint.strokeStyle = color("paper");
    paint.strokeText(text, at, baseline);
    paint.fillStyle = color("soft");
    paint.fillText(text, at, baseline);
  }
}

for (const { canvas } of charts) {
  canvas.addEventListener("pointermove", (event) => {
    if (!samples.length) return;
    const to = samples.at(-1).at;
    const wanted = to - (1 - event.offsetX / (canvas.clientWidth - 3)) * most * 1000;
    pointed = samples.reduce((best, s) => (Math.abs(s.at - wanted) < Math.abs(best.at - wanted) ? s : best));
    show();
  });
  canvas.addEventListener("pointerleave", () => {
    pointed = undefined;
    show();
  });
}

// ---- Showing ----

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

// ---- Being connected ----

const sessionOver = 4401;
let attempts = 0;
let lostAt = Date.now();

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/monitor/ws`);
  // A network that vanished says nothing. A sample comes every second; where none does, the socket is given up.
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
    if (attempts || state.dataset.state !== "live") found();
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
    // A socket that is refused does not say why; this does, and it also makes the session last.
    const known = await hasSession();
    clearInterval(telling);
    if (known === false) location.reload();
    else if (known) connect();
    else lose();
  }, wait);
}

/** True or false; undefined when nobody answers. */
async function hasSession() {
  try {
    const answer = await fetch("/monitor/session", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    return answer.ok || (answer.status === 401 ? false : undefined);
  } catch {
    return undefined;
  }
}

setInterval(() => lostAt === undefined && hasSession(), 3_600_000);
connect();
