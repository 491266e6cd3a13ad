import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { startGateway } from './harness/gateway.mjs';
import { Patience, until } from './harness/patience.mjs';
import { postgresMissing, startPostgres } from './harness/postgres.mjs';
import { freePort, installed, start, temporaryFolder } from './harness/processes.mjs';
import { view } from './harness/viewer.mjs';

// The configuration that deploy/compose gives to nginx, in front of two gateways that share a database. Only addresses, the
// folder of temporary files and the commented lines for HTTPS differ, and answers say which gateway they are from.
const missing = ['nginx', 'openssl'].find((program) => !installed(program));
const skip = postgresMissing || (missing ? `${missing} not installed` : false);
const key = 'the-key-of-the-operator-in-these-tests';

// What was started last is stopped first: gateways say goodbye to the database.
const stops = [];
const scope = { after: (stop) => stops.unshift(stop) };
after(async () => {
  for (const stop of stops) await stop();
});

const gateways = [];
let postgres, proxy, settings, everywhere;
before(async () => {
  if (skip) return;
  postgres = await startPostgres(scope);
  settings = {
    'Cluster:Engine': 'Postgres', 'Cluster:ConnectionString': postgres.connection, 'Admin:Key': key, 'Proxies:Trusted': '127.0.0.1',
    'Streaming:DrainSeconds': 1,
  };
  for (let i = 0; i < 2; i++) gateways.push(await startGateway(scope, { settings }));
  proxy = await startProxy();
  everywhere = [...gateways.map(({ url }) => url), proxy.url];
  const heard = async () => (await Promise.all(gateways.map(async ({ log }) => log().includes('is heard')))).every(Boolean);
  await until('the gateways hear each other', heard, { seen: () => gateways.map(({ log }) => log()) });
});

async function startProxy() {
  const [port, securePort] = [await freePort(), await freePort()];
  const folder = temporaryFolder('nginx');
  const { certificate, key: certificateKey } = selfSignedCertificate();
  let text = readFileSync(fileURLToPath(new URL('../../deploy/compose/nginx.conf', import.meta.url)), 'utf8');
  const replace = (what, by) => {
    assert.ok(text.includes(what), `nginx.conf has ${what}`);
    text = text.replaceAll(what, by);
  };
  replace('/tmp/', `${folder}/`);
  replace('listen 80 ', `listen 127.0.0.1:${port} `);
  replace('# listen 443 ', `listen 127.0.0.1:${securePort} `);
  replace('# ssl_certificate /etc/nginx/certificates/counter.pem', `ssl_certificate ${certificate}`);
  replace('# ssl_certificate_key /etc/nginx/certificates/counter.key', `ssl_certificate_key ${certificateKey}`);
  replace('postpone_output 0;', 'postpone_output 0; add_header Served-By $upstream_addr;');
  replace('172.30.92.11:9192', `127.0.0.1:${gateways[0].port}`);
  replace('172.30.92.12:9192', `127.0.0.1:${gateways[1].port}`);
  writeFileSync(join(folder, 'nginx.conf'), text);
  const user = process.getuid() === 0 ? 'user root;' : '';
  const nginx = start(installed('nginx'), ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', `daemon off; ${user}`]);
  scope.after(() => nginx.stop());
  const url = `http://127.0.0.1:${port}`;
  await until('nginx is ready', async () => (await fetch(`${url}/health/ready`)).ok, { seen: nginx.log });
  const reload = (change) => {
    writeFileSync(join(folder, 'nginx.conf'), change(text));
    process.kill(nginx.child.pid, 'SIGHUP');
  };
  return { ...nginx, reload, url, secure: `https://127.0.0.1:${securePort}` };
}

const of = (page) => `site=nginx.example&page=/${page}`;
const number = async (url, page, count = 'page') => Number(await (await fetch(`${url}/online.txt?${of(page)}&count=${count}`)).text());
const numbers = (page, count) => Promise.all(everywhere.map((url) => number(url, page, count)));
const all = (page, wanted, count) => until(`${wanted} are counted everywhere`,
  async () => (await numbers(page, count)).every((n) => n === wanted), { seen: () => numbers(page, count) });

/** Asks and keeps what comes, as text in which each byte is a character. */
async function read(t, address, options = {}) {
  const asked = get(address, { agent: false, ...options });
  t.after(() => asked.destroy());
  const answer = await new Promise((resolve, reject) => asked.on('response', resolve).on('error', reject));
  const got = { answer, text: '', leave: () => void asked.destroy(), ended: new Promise((resolve) => answer.on('end', resolve)) };
  answer.setEncoding('latin1').on('data', (data) => (got.text += data)).on('error', () => {});
  return got;
}

/** The numbers in the frames of an SVG stream, each as often as it was sent. */
const shown = (text) => [...text.matchAll(/>(\d+)<\/text>/g)].map(([, n]) => Number(n));

/** The gateway that answered, the last that nginx tried. */
const servedBy = ({ headers }) => gateways.find(({ port }) => headers['served-by'].endsWith(`:${port}`));

test('Through nginx each frame comes at once, and viewers of either gateway are counted at both', { skip }, async (t) => {
  const stream = await read(t, `${proxy.url}/online.svg?${of('frames')}&label={n}&watch=1`);
  assert.match(stream.answer.headers['content-type'], /^multipart\/x-mixed-replace/);
  const delays = [];
  for (const [i, gateway] of [...gateways, ...gateways].entries()) {
    const began = performance.now();
    await view(t, `${gateway.url}/online.png?${of('frames')}`);
    await until(`a frame says ${i + 1}`, () => shown(stream.text).at(-1) === i + 1, { every: 5, seen: () => shown(stream.text) });
    delays.push(Math.round(performance.now() - began));
  }
  t.diagnostic(`from opening a picture to the frame through nginx: ${delays.join(', ')} ms`);
  await all('frames', 4);
});

test('Streams through nginx are spread over the gateways, and leaving ends them there', { skip }, async (t) => {
  const viewers = [];
  for (let i = 0; i < 6; i++) viewers.push(await view(t, `${proxy.url}/online.png?${of('spread')}`));
  await all('spread', 6);
  assert.equal(new Set(viewers.map(({ response }) => servedBy(response))).size, 2);
  viewers.splice(0, 5).forEach((viewer) => viewer.leave());
  await all('spread', 1);
});

test('Clients behind nginx are told apart by their addresses, not by what they claim', { skip }, async (t) => {
  const headers = { 'User-Agent': 'a player' };
  const picture = `${proxy.url}/online.png?${of('addresses')}`;
  await read(t, picture, { localAddress: '127.0.0.2', headers });
  await read(t, picture, { localAddress: '127.0.0.3', headers });
  await read(t, picture, { localAddress: '127.0.0.3', headers: { ...headers, 'X-Forwarded-For': '198.51.100.7' } });
  const visitors = async (url) => (await (await fetch(`${url}/online.json?site=nginx.example&page=/addresses`)).json());
  await until('all three streams are there', async () => (await visitors(proxy.url)).viewers >= 2);
  const apart = `${proxy.url}/online.svg?${of('addresses')}&count=visitors&label={n}&watch=1`;
  const stream = await read(t, apart);
  await view(t, `${proxy.url}/online.png?${of('addresses')}`);
  await until('two addresses and a browser are three visitors', () => shown(stream.text).at(-1) === 3, { seen: () => shown(stream.text) });
});

test('Through nginx WebSockets and events tell each change', { skip }, async (t) => {
  const events = await read(t, `${proxy.url}/online/events?${of('socket')}&watch=1`);
  const asked = request(`${proxy.url}/online/ws?${of('socket')}&watch=1`, {
    agent: false, headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
  }).end();
  const socket = await new Promise((resolve, reject) => asked.on('error', reject)
    .on('response', ({ statusCode }) => reject(new Error(`no socket: ${statusCode}`)))
    .on('upgrade', (_, stream) => resolve(stream)));
  t.after(() => socket.destroy());
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1'))).on('error', () => {});
  for (const [i, gateway] of gateways.entries()) {
    await view(t, `${gateway.url}/online.png?${of('socket')}`);
    const told = `"viewers":${i + 1}`;
    await until(`both say ${told}`, () => text.includes(told) && events.text.includes(told), { seen: () => text + events.text });
  }
});

const picture = async (n) => Buffer.from(await (await fetch(`${proxy.url}/preview.jpg?n=${n}&background=fff`)).arrayBuffer());
const authorization = { Authorization: `Bearer ${key}` };

test('What is published through nginx is watched at both gateways, each picture at once', { skip }, async (t) => {
  const pictures = [await picture(1), await picture(2), await picture(3)];
  const camera = request(`${proxy.url}/relay/cam`, {
    method: 'POST', agent: false, headers: { ...authorization, 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' },
  });
  t.after(() => camera.destroy());
  const answered = new Promise((resolve, reject) => camera.on('response', resolve).on('error', reject));
  const publish = (jpeg) => camera.write(Buffer.concat(
    [Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`), jpeg, Buffer.from('\r\n')]));
  publish(pictures[0]);
  const watchers = [];
  for (const url of everywhere) {
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

test('A large picture is published through nginx, and nothing else large gets in', { skip }, async () => {
  // Comments make it 1.5 MB; they come after the two bytes that begin every JPEG.
  const small = await picture(4);
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(0xfffd)]);
  const large = Buffer.concat([small.subarray(0, 2), ...Array(24).fill(comment), small.subarray(2)]);
  const put = (path) => fetch(proxy.url + path, { method: 'PUT', headers: authorization, body: large });
  assert.equal((await put('/Relay/large')).status, 204);
  const last = Buffer.from(await (await fetch(`${proxy.url}/relay/large.jpg`)).arrayBuffer());
  assert.ok(last.equals(large), 'it comes back as it was published');
  assert.equal((await put('/api/v1/sites/nginx.example')).status, 413);
});

test('Nobody outside asks what gateways ask each other', { skip }, async (t) => {
  assert.equal((await fetch(`${gateways[0].url}/cluster/presence`)).status, 401);
  const ways = [
    '/cluster/presence', '/Cluster/Presence', '//cluster/presence', '/x/../cluster/presence', '/%63luster/presence',
    '/x/%2e%2e/cluster/presence', '/cluster%2fpresence', '/cluster/relay/cam', '/cluster',
  ];
  for (const path of ways) {
    // Not through the first parameter, which would be tidied up before it is sent.
    const { answer } = await read(t, proxy.url, { path });
    assert.equal(answer.statusCode, 404, path);
    if (path !== '/cluster%2fpresence') assert.equal(answer.headers.server, 'nginx', `${path} is answered by nginx`);
  }
});

test('Over HTTPS nginx streams in HTTP/2, and gateways know the address of the browser', { skip }, async (t) => {
  const session = connect(proxy.secure, { rejectUnauthorized: false });
  t.after(() => session.destroy());
  const streams = Array.from({ length: 8 }, () => {
    const stream = session.request({ ':path': `/online.svg?${of('secure')}&label={n}&watch=1` }).setEncoding('latin1');
    const got = { text: '' };
    stream.on('data', (data) => (got.text += data)).on('error', () => {});
    return got;
  });
  await view(t, `${gateways[1].url}/online.png?${of('secure')}`);
  await until('eight streams of one connection say 1', () => streams.every(({ text }) => shown(text).at(-1) === 1));

  const page = session.request({ ':path': '/', 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'ftp' }).setEncoding('utf8');
  let html = '';
  for await (const part of page) html += part;
  assert.ok(html.includes(`${proxy.secure}/online.png`), 'the page has the address that the browser asked for');
  assert.ok(!html.includes('elsewhere.example'));
});

test('A gateway that nginx is told is down keeps its streams and gets no more', { skip }, async (t) => {
  const [leaving, staying] = gateways;
  const open = () => read(t, `${proxy.url}/online.svg?${of('down')}&label={n}&watch=1`);
  const before = [await open(), await open(), await open(), await open()];
  assert.ok(before.some(({ answer }) => servedBy(answer) === leaving));

  proxy.reload((text) => text.replace(`127.0.0.1:${leaving.port} `, `127.0.0.1:${leaving.port} down `));
  const fourMore = async () => (await Promise.all([open(), open(), open(), open()])).map(({ answer }) => servedBy(answer));
  await until('new streams go to the other gateway only', async () => (await fourMore()).every((gateway) => gateway === staying), { every: 200 });
  await view(t, `${proxy.url}/online.png?${of('down')}`);
  await until('all who were there before see one', () => before.every(({ text }) => shown(text).at(-1) === 1), { seen: () => before.map(({ text }) => shown(text)) });
  proxy.reload((text) => text);
  await until('it gets streams again', async () => (await fourMore()).includes(leaving), { every: 200 });
});

test('A gateway stops and comes back under nginx; the other serves on, and the number is right', { skip }, async (t) => {
  const open = () => read(t, `${proxy.url}/online.svg?${of('update')}&label={n}`, { headers: { 'User-Agent': `a player ${Math.random()}` } });
  const streams = [];
  for (let i = 0; i < 6; i++) streams.push(await open());
  await all('update', 6);
  const left = [];
  streams.forEach((stream) => stream.ended.then(() => left.push(stream)));

  const [stopping, staying] = gateways;
  const { code } = await stopping.stop('SIGTERM');
  assert.equal(code, 0, stopping.log());
  const began = performance.now();
  const stayed = () => number(staying.url, 'update');
  await until('the other counts those that are left', async () => left.length > 0 && (await stayed()) === 6 - left.length, { seen: stayed });
  t.diagnostic(`${left.length} of 6 streams ended; the number was right ${Math.round(performance.now() - began)} ms after the gateway had`);
  assert.ok(left.length < 6, 'streams of the other gateway go on');
  assert.ok(left.every(({ answer }) => answer.complete), 'nginx passed a proper end on');

  const again = await Promise.all(left.map(open));
  assert.ok(again.every(({ answer }) => answer.statusCode === 200));
  await until('all are there again', async () => (await number(proxy.url, 'update')) === 6 && (await stayed()) === 6, { seen: stayed });
  const survivor = streams.find((stream) => !left.includes(stream));
  await until('a stream that stayed shows it', () => shown(survivor.text).at(-1) === 6, { seen: () => shown(survivor.text) });

  gateways[0] = await startGateway(scope, { port: stopping.port, settings });
  await all('update', 6);
  await until('nginx sends it viewers again', async () => servedBy((await open()).answer) === gateways[0], { every: 500 });
});

test('Everything ends properly', { skip }, async () => {
  await proxy.stop();
  for (const gateway of gateways) assert.equal((await gateway.stop()).code, 0, gateway.log());
  assert.ok(postgres.alive());
});
