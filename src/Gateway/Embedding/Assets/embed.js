// Reads the picture's stream itself, because no browser reports reliably that the stream of an <img> has ended: Firefox has an
// entry in its performance timeline, Chromium nothing. A stream that ends, breaks or falls silent is opened again.
const image = document.getElementById("counter");
const { picture, stream, density } = image.dataset;
const soon = 3000;
const later = 30000;
const soonFor = 300000;
const longest = 300000; // The longest wait, whatever Retry-After says.
const patience = 15000; // The longest wait for an answer to begin.
const bytes = "application/octet-stream"; // WebKitGTK 2.50 gives scripts no multipart body (measured).
const silence = 40000; // The server writes every 15 s.
// In a sandbox scripts may not read an answer, but the plain picture is live.
const reads = self.origin !== "null";
let current;
let timer;
let lost;
let due = 0; // The earliest time to open the stream again.
let again = 0;
let isMuted = false; // The server has sent a last frame.
let inView = true;

function close() {
  clearTimeout(timer);
  current?.abort();
  current = undefined;
}

function isSeen() {
  return document.visibilityState === "visible" && inView;
}

/** Opens the stream again after a wait: short while the frame is visible and the loss is recent, and random to spread the requests. */
function retry(least = 0) {
  clearTimeout(timer);
  current = undefined;
  lost ??= performance.now();
  const isSoon = isSeen() && performance.now() - lost < soonFor;
  const wait = Math.max((isSoon ? soon : later) * (2 + 2 * Math.random()) / 3, Math.min(least, longest) * (1 + Math.random() / 4));
  due = performance.now() + Math.max(least, soon * 2 / 3);
  timer = setTimeout(() => isSoon && !isSeen() ? retry() : open(), wait);
}

/** Opens a lost stream without a long wait when the frame becomes visible. */
function look() {
  if (lost !== undefined && current === undefined && isSeen()) {
    clearTimeout(timer);
    timer = setTimeout(open, Math.max(0, Math.min(due - performance.now(), longest)));
  }
}

async function open() {
  close();
  if (!reads) {
    openPicture();
    return;
  }
  const mine = current = new AbortController();
  let least = 0;
  try {
    least = await read(mine);
  } catch {
    // The server is down, or the stream was cut or fell silent. The last number stays, but it is not live.
    if (current === mine) {
      mute();
    }
  }
  if (current === mine) {
    retry(least);
  }
}

/** Reads a stream to its end. Returns the least wait in milliseconds. Throws when the stream fails. */
async function read(mine) {
  const listen = longest => {
    clearTimeout(timer);
    timer = setTimeout(() => mine.abort(), longest);
  };
  listen(patience);
  const answer = await fetch(stream + (again ? "&again=1" : ""), { signal: mine.signal, cache: "no-store", headers: { Accept: `image/*, ${bytes}` } });
  listen(silence);
  const type = answer.headers.get("Content-Type") ?? "";
  const asked = retryAfter(answer.headers.get("Retry-After"));
  if (type !== bytes) {
    // A still picture is over a limit, from a gateway that stops, or a sentence about an error. An error of a proxy is not shown.
    if (type.startsWith("image/") && (answer.ok || answer.status < 500 || !image.srcset)) {
      show(await answer.blob());
      isMuted = true;
      return asked ?? 2 * later;
    }
    await answer.body?.cancel();
    mute();
    return asked ?? 0;
  }
  const reader = answer.body.getReader();
  let rest = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      // WebKitGTK also reports a stream that was cut as complete.
      isMuted = /--\S+--\r\n$/.test(latin1(rest));
      mute();
      return 0;
    }
    listen(silence);
    const grown = new Uint8Array(rest.length + value.length);
    grown.set(rest);
    grown.set(value, rest.length);
    rest = grown;
    for (let part; (part = /Content-Type: (\S+)\r\nContent-Length: (\d+)\r\n\r\n/.exec(latin1(rest)));) {
      const start = part.index + part[0].length;
      const end = start + Number(part[2]);
      if (rest.length < end) {
        break;
      }
      show(new Blob([rest.slice(start, end)], { type: part[1] }));
      rest = rest.slice(end);
      lost = undefined;
      again = 1; // The view was counted.
    }
  }
}

/** Parses seconds or a date. Returns milliseconds from now; undefined for anything else. */
function retryAfter(text) {
  const wait = /^\d+$/.test(text ?? "") ? Number(text) * 1000 : Date.parse(text ?? "") - Date.now();
  return wait >= 0 ? wait : undefined;
}

function latin1(part) {
  return new TextDecoder("latin1").decode(part);
}

function mute() {
  image.classList.toggle("away", !isMuted);
  image.title = "No longer live. It connects again by itself.";
}

function show(blob) {
  const before = image.srcset.split(" ")[0];
  isMuted = false;
  image.classList.remove("away");
  image.title = "";
  image.srcset = `${URL.createObjectURL(blob)} ${density}x`;
  URL.revokeObjectURL(before);
}

/** Shows the picture's own stream. Its end is not reported, so it is opened again now and then. */
function openPicture() {
  image.onload = () => lost = undefined;
  image.onerror = () => retry();
  image.srcset = `${picture}${again ? `&again=${again}` : ""} ${density}x`;
  again++;
  timer = setTimeout(open, 2 * later * (0.5 + Math.random()));
}

new IntersectionObserver(entries => {
  inView = entries.at(-1).isIntersecting;
  look();
}).observe(document.documentElement);
document.addEventListener("visibilitychange", look);
// Nobody views a page in the back/forward cache.
addEventListener("pagehide", close);
addEventListener("pageshow", event => {
  if (event.persisted) {
    open();
  }
});
addEventListener("online", open);
open();
