import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { all, cluster, key, of, read, servedBy, shown, skip } from './harness/nginx-cluster.mjs';
import { until } from './harness/patience.mjs';
import { view } from './harness/viewer.mjs';

// What passes through nginx, and how. Gateways that come and go are in nginx-cluster-update.test.mjs.
test('Through nginx each frame arrives at once, and both gateways show all viewers', { skip }, async (t) => {
  const stream = await read(t, `${cluster.proxy.url}/online.svg?${of('frames')}&label={n}&watch=1`);
  assert.match(stream.answer.headers['content-type'], /^multipart\/x-mixed-replace/);
  const delays = [];
  for (const [i, gateway] of [...cluster.gateways, ...cluster.gateways].entries()) {
    const began = performance.now();
    await view(t, `${gateway.url}/online.png?${of('frames')}`);
    await until(`a frame says ${i + 1}`, () => shown(stream.text).at(-1) === i + 1, { every: 5, seen: () => shown(stream.text) });
    delays.push(Math.round(performance.now() - began));
  }
  t.diagnostic(`from opening a picture to the frame through nginx: ${delays.join(', ')} ms`);
  await all('frames', 4);
});

test('Streams through nginx are spread over both gateways and end with their viewer', { skip }, async (t) => {
  const viewers = [];
  for (let i = 0; i < 6; i++) viewers.push(await view(t, `${cluster.proxy.url}/online.png?${of('spread')}`));
  await all('spread', 6);
  assert.equal(new Set(viewers.map(({ response }) => servedBy(response))).size, 2);
  viewers.splice(0, 5).forEach((viewer) => viewer.leave());
  await all('spread', 1);
});

test('Clients behind nginx are identified by their addresses, not by forged headers', { skip }, async (t) => {
  const headers = { 'User-Agent': 'Mozilla/5.0 a player' };
  const picture = `${cluster.proxy.url}/online.png?${of('addresses')}`;
  await read(t, picture, { localAddress: '127.0.0.2', headers });
  await read(t, picture, { localAddress: '127.0.0.3', headers });
  await read(t, picture, { localAddress: '127.0.0.3', headers: { ...headers, 'X-Forwarded-For': '198.51.100.7' } });
  const visitors = async (url) => (await (await fetch(`${url}/online.json?site=nginx.example&page=/addresses`)).json());
  await until('all three streams are there', async () => (await visitors(cluster.proxy.url)).viewers >= 2);
  const apart = `${cluster.proxy.url}/online.svg?${of('addresses')}&count=visitors&label={n}&watch=1`;
  const stream = await read(t, apart);
  await view(t, `${cluster.proxy.url}/online.png?${of('addresses')}`);
  await until('two addresses and a browser are three visitors', () => shown(stream.text).at(-1) === 3, { seen: () => shown(stream.text) });
});

test('WebSockets and events get each change through nginx', { skip }, async (t) => {
  const events = await read(t, `${cluster.proxy.url}/online/events?${of('socket')}&watch=1`);
  const asked = request(`${cluster.proxy.url}/online/ws?${of('socket')}&watch=1`, {
    agent: false, headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
  }).end();
  const socket = await new Promise((resolve, reject) => asked.on('error', reject)
    .on('response', ({ statusCode }) => reject(new Error(`no socket: ${statusCode}`)))
    .on('upgrade', (_, stream) => resolve(stream)));
  t.after(() => socket.destroy());
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1'))).on('error', () => {});
  for (const [i, gateway] of cluster.gateways.entries()) {
    await view(t, `${gateway.url}/online.png?${of('socket')}`);
    const message = `"viewers":${i + 1}`;
    await until(`both say ${message}`, () => text.includes(message) && events.text.includes(message), { seen: () => text + events.text });
  }
});

const picture = async (n) => Buffer.from(await (await fetch(`${cluster.proxy.url}/preview.jpg?n=${n}&background=fff`)).arrayBuffer());
const authorization = { Authorization: `Bearer ${key}` };

test('Pictures published through nginx reach watchers of both gateways at once', { skip }, async (t) => {
  const pictures = [await picture(1), await picture(2), await picture(3)];
  const camera = request(`${cluster.proxy.url}/relay/cam`, {
    method: 'POST', agent: false, headers: { ...authorization, 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' },
  });
  t.after(() => camera.destroy());
  const answered = new Promise((resolve, reject) => camera.on('response', resolve).on('error', reject));
  const publish = (jpeg) => camera.write(Buffer.concat(
    [Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`), jpeg, Buffer.from('\r\n')]));
  publish(pictures[0]);
  const watchers = [];
  for (const url of cluster.everywhere) {
    await until('the channel is there', async () => (await fetch(`${url}/relay/cam.jpg`)).ok);
    watchers.push(await read(t, `${url}/relay/cam.mjpeg`));
  }
  for (const jpeg of pictures) {
    if (jpeg !== pictures[0]) publish(jpeg);
    await until('every watcher has the picture', () => watchers.every(({ text }) => text.includes(jpeg.toString('latin1'))),
      { seen: () => watchers.map(({ text }) => text.length) });
  }
  camera.end('--frame--\r\n');
  assert.equal((await answered).statusCode, 204);
});

test('nginx passes a large picture of a publisher and refuses other large bodies', { skip }, async () => {
  // Comments make it 1.5 MB; they come after the two bytes that begin every JPEG.
  const small = await picture(4);
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(0xfffd)]);
  const large = Buffer.concat([small.subarray(0, 2), ...Array(24).fill(comment), small.subarray(2)]);
  const put = (path) => fetch(cluster.proxy.url + path, { method: 'PUT', headers: authorization, body: large });
  assert.equal((await put('/Relay/large')).status, 204);
  // The other gateway is told a moment later.
  const last = async () => Buffer.from(await (await fetch(`${cluster.proxy.url}/relay/large.jpg`)).arrayBuffer());
  for (let asked = 0; asked < cluster.gateways.length; asked++) {
    await until('it comes back as it was published', async () => (await last()).equals(large));
  }
  assert.equal((await put('/api/v1/sites/nginx.example')).status, 413);
});

test('Over HTTPS nginx streams in HTTP/2, and gateways get the address of the browser', { skip }, async (t) => {
  const session = connect(cluster.proxy.secure, { rejectUnauthorized: false });
  t.after(() => session.destroy());
  const streams = Array.from({ length: 8 }, () => {
    const stream = session.request({ ':path': `/online.svg?length=1&${of('secure')}&label={n}&watch=1` }).setEncoding('latin1');
    const got = { text: '' };
    stream.on('data', (data) => (got.text += data)).on('error', () => {});
    return got;
  });
  await view(t, `${cluster.gateways[1].url}/online.png?${of('secure')}`);
  await until('eight streams of one connection say 1', () => streams.every(({ text }) => shown(text).at(-1) === 1));

  const page = session.request({ ':path': '/', 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'ftp' }).setEncoding('utf8');
  let html = '';
  for await (const part of page) html += part;
  assert.ok(html.includes(`${cluster.proxy.secure}/online.png`), 'the page has the address that the browser asked for');
  assert.ok(!html.includes('elsewhere.example'));
});
