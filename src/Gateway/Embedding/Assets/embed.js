// Reads the picture's stream itself, because no browser says reliably that the stream of an <img> has ended: Firefox has an
// entry in its performance timeline, Chromium nothing. A stream that ends, breaks or falls silent is opened again.
const image = document.getElementById("counter");
const { picture, stream, density } = image.dataset;
const shortest = 1000;
const longest = 60000;
const silence = 40000; // The server says something every 15 s.
let current;
let timer;
let wait = shortest;
let again = 0;

function close() {
  clearTimeout(timer);
  current?.abort();
  current = undefined;
}

async function open() {
  close();
  const mine = current = new AbortController();
  try {
    await read(mine);
  } catch {
    // Down, cut or silent. Where scripts may not read at all, in a sandbox, the plain picture is still live.
    if (current === mine && !image.srcset.startsWith("blob:")) {
      image.srcset = `${picture}&again=${++again} ${density}x`;
    }
  }
  if (current === mine) {
    // Not all at once after a restart.
    clearTimeout(timer);
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, longest);
  }
}

async function read(mine) {
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => mine.abort(), silence);
  };
  listen();
  const answer = await fetch(stream, { signal: mine.signal, cache: "no-store", headers: { Accept: "image/*" } });
  if (!answer.headers.get("Content-Type").startsWith("multipart/")) {
    // A still picture: over a limit, or a sentence that says what is wrong.
    show(await answer.blob());
    wait = longest;
    return;
  }
  const reader = answer.body.getReader();
  let bytes = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    listen();
    const grown = new Uint8Array(bytes.length + value.length);
    grown.set(bytes);
    grown.set(value, bytes.length);
    bytes = grown;
    for (let part; (part = /Content-Type: (\S+)\r\nContent-Length: (\d+)\r\n\r\n/.exec(latin1(bytes)));) {
      const start = part.index + part[0].length;
      const end = start + Number(part[2]);
      if (bytes.length < end) {
        break;
      }
      show(new Blob([bytes.slice(start, end)], { type: part[1] }));
      bytes = bytes.slice(end);
      wait = shortest;
    }
  }
}

function latin1(bytes) {
  return new TextDecoder("latin1").decode(bytes);
}

function show(blob) {
  const before = image.srcset.split(" ")[0];
  image.srcset = `${URL.createObjectURL(blob)} ${density}x`;
  URL.revokeObjectURL(before);
}

// A page in the back/forward cache is a page that nobody looks at.
addEventListener("pagehide", close);
addEventListener("pageshow", event => {
  if (event.persisted) {
    open();
  }
});
addEventListener("online", open);
open();
