import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { engines } from './harness/engines.mjs';
import { until } from './harness/patience.mjs';
import { installed } from './harness/processes.mjs';

const missing = installed('openssl') ? false : 'openssl not installed';
const colors = [[200, 40, 40], [40, 160, 40], [40, 60, 200]];

// What docs/clicks.md says, and the pages of the gateway rely on. Without a gateway: this is about browsers.
for (const engine of engines) {
  for (const protocol of ['HTTP/1.1', 'HTTP/2']) {
    const press = (name, body, check) => test(`${engine.name}, ${protocol}: ${name}`, { skip: missing || engine.skip }, async (t) => {
      const server = await serve(t, protocol, body);
      const page = await (await engine.start({ script: false })).open(server.url);
      t.after(() => page.close());
      const color = async () => colorAt(await page.screenshot());
      const shows = (n) => until(`frame ${n} is painted`, async () => (await color()) === n, { seen: color });
      await shows(0);
      await page.click(155, 165);
      await until('the click has arrived', () => server.clicks.length === 1);
      await check({ server, shows, click: () => page.click(55, 65) });
    });

    press('a form into a hidden frame leaves the picture open', form('<img src="/stream"><button name="square" value="4"></button>', 'nothing'), async (seen) => {
      await seen.shows(1);
      await seen.click();
      await seen.shows(2);
      assert.equal(seen.server.open, 1);
      assert.equal(seen.server.clicks[0].body, 'square=4');
      assert.equal(seen.server.clicks[0].headers['sec-fetch-site'], 'same-origin');
      assert.equal(seen.server.clicks[0].headers.origin, new URL(seen.server.url).origin);
    });
    press('the picture may be the button', form('<input type="image" name="square" src="/stream" alt="">', 'nothing'), async (seen) => {
      await seen.shows(1);
      await seen.click();
      await seen.shows(2);
      assert.equal(seen.server.clicks[0].body, 'square.x=155&square.y=165');
    });

    // Where this fails, a browser has got better; the hidden frame is needed as long as one of them has not.
    press('a form in the own window', form('<img src="/stream"><button name="square" value="4"></button>'), async (seen) => {
      if (engine.name === 'Chromium') {
        await seen.shows(1);
        assert.equal(seen.server.open, 1);
      } else {
        await until('the stream is closed', () => seen.server.open === 0);
      }
    });
  }
}

function form(inside, target) {
  return `<!doctype html><style>body { margin: 0 } img, input, button { position: absolute; left: 0; top: 0; width: 300px; height: 300px }
    button { opacity: 0 } iframe { display: none }</style>
    <form method="post" action="/click"${target ? ` target="${target}"` : ''}>${inside}</form><iframe name="nothing"></iframe>`;
}

/** A server of one page and one stream, whose next frame comes with each click, before its answer. */
async function serve(t, protocol, body) {
  const frames = colors.map(draw);
  const streams = new Set();
  const clicks = [];
  const handle = (request, response) => {
    if (request.url === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' }).end(body);
    } else if (request.url === '/stream') {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=B', 'Cache-Control': 'no-store' });
      response.write(`${' '.repeat(1024)}\r\n--B\r\nContent-Type: image/png\r\n\r\n`);
      streams.add(response);
      response.on('close', () => streams.delete(response));
      show(response);
    } else if (request.url === '/click') {
      let text = '';
      request.on('data', (data) => (text += data));
      request.on('end', () => {
        clicks.push({ body: text, headers: request.headers });
        for (const stream of streams) show(stream);
        response.writeHead(204).end();
      });
    } else {
      response.writeHead(404).end();
    }
  };
  const show = (stream) => {
    stream.write(Buffer.concat([frames[Math.min(clicks.length, 2)], Buffer.from('\r\n--B\r\nContent-Type: image/png\r\n\r\n')]));
  };

  let server;
  if (protocol === 'HTTP/2') {
    const { certificate, key } = selfSignedCertificate();
    server = http2.createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key), allowHTTP1: false }, handle);
  } else {
    server = http.createServer(handle);
  }
  const connections = new Set();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (connection) => {
      connections.add(connection);
      connection.on('error', () => {});
      connection.on('close', () => connections.delete(connection));
    });
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
  return {
    url: `${protocol === 'HTTP/2' ? 'https' : 'http'}://127.0.0.1:${server.address().port}/`,
    clicks,
    get open() {
      return streams.size;
    },
  };
}

function draw([red, green, blue]) {
  const picture = new PNG({ width: 30, height: 30 });
  for (let i = 0; i < picture.data.length; i += 4) picture.data.set([red, green, blue, 255], i);
  return PNG.sync.write(picture);
}

function colorAt(screenshot) {
  const { width, data } = PNG.sync.read(screenshot);
  const at = (20 * width + 150) * 4;
  return colors.findIndex((color) => color.every((channel, i) => Math.abs(channel - data[at + i]) < 12));
}
