import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { chromium, firefox } from './harness/engines.mjs';
import { entrancesMissing, startNginx } from './harness/entrances.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same } from './harness/picture.mjs';
import { installed, start, temporaryFolder } from './harness/processes.mjs';
import { startSite } from './harness/site.mjs';

const ffmpegMissing = installed('ffmpeg') ? false : 'ffmpeg not installed';
const key = 'the-key-of-whoever-publishes-in-these-tests';
const gateway = await startGateway({ after }, { settings: { 'Admin:Key': key } });
const headers = { Authorization: `Bearer ${key}` };
const [width, height] = [120, 90];

/** What ffmpeg sends of its test picture, without sending it: its encoder makes the same bytes each time. */
async function testPictures(count, rate) {
  const file = join(temporaryFolder('relay'), 'source');
  const { code } = await start('ffmpeg', [...source(count, rate), '-y', file]).ended;
  assert.equal(code, 0);
  const parts = readParts(readFileSync(file)).parts;
  assert.equal(parts.length, count);
  return parts;
}

const source = (count, rate) => [
  '-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc=size=${width}x${height}:rate=${rate}`,
  '-frames:v', count, '-f', 'mpjpeg',
].map(String);

/** Publishes it as docs/relay.md says. */
const publish = (channel, count, rate) => start('ffmpeg', [
  '-re', ...source(count, rate), '-method', 'POST', '-headers', `Authorization: Bearer ${key}\r\n`, `${gateway.url}/relay/${channel}`,
]);

/** A picture before all others, so that the channel is there to be watched. */
async function begin(channel, picture, type = 'jpg') {
  picture ??= Buffer.from(await (await fetch(`${gateway.url}/preview.${type}?n=0`)).arrayBuffer());
  const answer = await fetch(`${gateway.url}/relay/${channel}`, { method: 'PUT', headers, body: picture });
  assert.equal(answer.status, 204, await answer.text());
  return picture;
}

/** Takes whole parts with a Content-Length off the front. */
function readParts(bytes) {
  const parts = [];
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n');
    const head = end < 0 ? null : /content-length: *(\d+)/i.exec(bytes.subarray(0, end).toString('latin1'));
    if (!head) break;
    const length = Number(head[1]);
    if (bytes.length < end + 4 + length) break;
    parts.push(bytes.subarray(end + 4, end + 4 + length));
    bytes = bytes.subarray(end + 4 + length);
  }
  return { parts, rest: bytes };
}

/** A player: keeps the hash of every part. */
async function watch(t, channel) {
  const seen = [];
  let rest = Buffer.alloc(0);
  const asked = request(`${gateway.url}/relay/${channel}.mjpeg`, { agent: false, headers: { 'User-Agent': 'VLC/3.0.21 LibVLC/3.0.21' } }, (answer) => {
    answer.on('data', (data) => {
      const read = readParts(Buffer.concat([rest, data]));
      rest = read.rest;
      seen.push(...read.parts.map(hash));
    });
    answer.on('error', () => {});
  });
  asked.on('error', () => {});
  asked.end();
  t.after(() => asked.destroy());
  await until('the player has the first picture', () => seen.length > 0);
  return seen;
}

const hash = (bytes) => createHash('md5').update(bytes).digest('hex');

/** Which of the pictures the channel shows on a page, as a browser's screen shows it; -1 for none of them. */
async function openWatchPage(t, engine, channel, pictures) {
  const site = await startSite(t);
  const places = [0, ...pictures.map((_, i) => i + 1)].map((i) => ({ left: (i % 9) * width, top: Math.floor(i / 9) * height, width, height }));
  const images = [`${gateway.url}/relay/${channel}.mjpeg`, ...pictures.map((p) => `data:image/jpeg;base64,${p.toString('base64')}`)];
  site.add('/', `<!doctype html><meta charset="utf-8"><title>A camera</title><style>body { margin: 0 } img { position: absolute }</style>${
    images.map((src, i) => `<img src="${src}" alt="" style="left:${places[i].left}px;top:${places[i].top}px">`).join('')}`);
  const page = await (await engine.start()).open(site.url('/'));
  t.after(() => page.close());
  return async () => {
    const screenshot = await page.screenshot();
    const [live, ...stills] = places.map((place) => crop(screenshot, place));
    return stills.findIndex((still) => same(still, live));
  };
}

test('Of a slow source of ffmpeg players get every picture unchanged and in order', { skip: ffmpegMissing }, async (t) => {
  const pictures = [await begin('slow'), ...(await testPictures(8, 2))];
  const seen = await watch(t, 'slow');
  const player = start('ffmpeg', [
    '-nostdin', '-hide_banner', '-loglevel', 'error', '-fpsprobesize', '0', '-analyzeduration', '0', '-probesize', '32',
    '-f', 'mpjpeg', '-i', `${gateway.url}/relay/slow.mjpeg`, '-c', 'copy', '-frames:v', `${pictures.length}`, '-f', 'framehash', '-hash', 'md5', '-',
  ]);
  t.after(() => player.stop('SIGKILL'));
  const count = async () => (await (await fetch(`${gateway.url}/online.txt?site=relay&page=/slow`)).text()).trim();
  await until('both are viewers of the channel', async () => (await count()) === '2', { seen: count });

  const camera = publish('slow', 8, 2);
  t.after(() => camera.stop('SIGKILL'));
  assert.equal((await camera.ended).code, 0, camera.log());
  await until('the last picture came', () => seen.length >= pictures.length);
  assert.deepEqual(seen, pictures.map(hash));
  assert.equal((await player.ended).code, 0, player.log());
  const packets = player.log().split('\n').filter((line) => /^0,/.test(line)).map((line) => line.split(',').at(-1).trim());
  assert.deepEqual(packets, pictures.map(hash));
});

test('Of a fast source of ffmpeg players get pictures in order', { skip: ffmpegMissing }, async (t) => {
  const pictures = [await begin('fast'), ...(await testPictures(75, 25))];
  const seen = await watch(t, 'fast');
  const camera = publish('fast', 75, 25);
  t.after(() => camera.stop('SIGKILL'));
  assert.equal((await camera.ended).code, 0, camera.log());
  await until('the last picture came', () => seen.at(-1) === hash(pictures.at(-1)));
  const order = seen.map((one) => pictures.map(hash).indexOf(one));
  t.diagnostic(`${order.length} of ${pictures.length} pictures came`);
  assert.ok(!order.includes(-1), 'every picture is one that was published');
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  assert.ok(order.length > 60, 'nearly all of them came');
});

for (const engine of [chromium, firefox]) {
  const skip = ffmpegMissing || engine.skip;

  test(`${engine.name} shows each picture of a slow source`, { skip }, async (t) => {
    const channel = `slow-${engine.name.toLowerCase()}`;
    const pictures = await testPictures(6, 1);
    await begin(channel, pictures[0]);
    const look = await openWatchPage(t, engine, channel, pictures);
    await until('the first picture is shown', async () => (await look()) === 0);
    const camera = publish(channel, 6, 1);
    t.after(() => camera.stop('SIGKILL'));
    const shown = [0];
    await until('the last picture is shown', async () => {
      const now = await look();
      if (now !== shown.at(-1)) shown.push(now);
      return now === pictures.length - 1;
    }, { deadline: 20_000, seen: () => shown });
    assert.deepEqual(shown, [0, 1, 2, 3, 4, 5]);
  });

  test(`${engine.name} shows a fast source in order`, { skip }, async (t) => {
    const channel = `fast-${engine.name.toLowerCase()}`;
    const pictures = await testPictures(75, 25);
    await begin(channel, pictures[0]);
    const look = await openWatchPage(t, engine, channel, pictures);
    await until('the first picture is shown', async () => (await look()) === 0);
    const camera = publish(channel, 75, 25);
    t.after(() => camera.stop('SIGKILL'));
    const shown = [];
    await until('the last picture is shown', async () => shown.push(await look()) && shown.at(-1) === pictures.length - 1, { every: 1, seen: () => shown });
    t.diagnostic(`seen on the screen: ${shown}`);
    // A screenshot may be taken in the middle of a repaint; what it shows then is none of the pictures.
    const known = shown.filter((n) => n >= 0);
    assert.deepEqual(known, [...known].sort((a, b) => a - b));
    assert.ok(known.length >= shown.length / 2, 'most screenshots show one of the pictures');
  });

  test(`${engine.name} shows a JPEG after a PNG, and its viewer is counted beside it`, { skip: engine.skip }, async (t) => {
    const channel = `mixed-${engine.name.toLowerCase()}`;
    const [png, jpg] = await Promise.all([['png', 1], ['jpg', 2]].map(async ([type, n]) =>
      Buffer.from(await (await fetch(`${gateway.url}/preview.${type}?n=${n}&background=fff`)).arrayBuffer())));
    await begin(channel, png);
    const look = await openWatchPage(t, engine, channel, [png, jpg]);
    await until('the PNG is shown', async () => (await look()) === 0);
    await begin(channel, jpg);
    await until('the JPEG is shown', async () => (await look()) === 1);
    await begin(channel, png);
    await until('the PNG is shown again', async () => (await look()) === 0);
    assert.equal((await (await fetch(`${gateway.url}/online.txt?site=relay&page=/${channel}`)).text()).trim(), '1');
  });
}

test('nginx configured as in docs/proxy.md passes large pictures at once', { skip: entrancesMissing || ffmpegMissing }, async (t) => {
  const proxy = await startNginx(t, { gateway, site: await startSite(t), pem: selfSignedCertificate() });
  const folder = temporaryFolder('large');
  // Noise, so that each has more than the megabyte that nginx allows by itself.
  const { code } = await start('ffmpeg', [
    '-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'color=gray:size=1200x900:rate=1,noise=alls=100:allf=t',
    '-frames:v', '3', '-q:v', '2', join(folder, '%d.jpg'),
  ]).ended;
  assert.equal(code, 0);
  const [first, ...others] = [1, 2, 3].map((n) => readFileSync(join(folder, `${n}.jpg`)));
  assert.ok(first.length > 1024 ** 2 && first.length < 2 * 1024 ** 2, `${first.length} bytes`);
  const url = `${proxy.url}/relay/large`;
  const last = async () => hash(Buffer.from(await (await fetch(`${url}.jpg`)).arrayBuffer()));

  const answer = await fetch(url, { method: 'PUT', headers, body: first });
  assert.equal(answer.status, 204, await answer.text());
  assert.equal(await last(), hash(first));

  const camera = request(url, { method: 'POST', agent: false, headers: { ...headers, 'Content-Type': 'multipart/x-mixed-replace;boundary=cam' } });
  t.after(() => camera.destroy());
  camera.on('error', () => {});
  for (const picture of others) {
    camera.write(`--cam\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`);
    camera.write(picture);
    camera.write('\r\n');
    await until('it is the last picture', async () => (await last()) === hash(picture));
  }
});

test('Chromium shows a page with a camera and the number of its watchers', { skip: ffmpegMissing || chromium.skip }, async (t) => {
  const [picture] = await testPictures(1, 1);
  await begin('page', picture);
  const site = await startSite(t);
  site.add('/', `<!doctype html><meta charset="utf-8"><title>A camera</title><h1>The camera</h1>
    <img src="${gateway.url}/relay/page.mjpeg" alt="The camera" width="480"><p><img src="${gateway.url}/online.png?site=relay&amp;page=/page&amp;label=Watching:" alt="Watching"></p>
    <p><img src="${gateway.url}/relay/nothing.mjpeg" alt="No such channel"></p>`);
  const page = await (await chromium.start()).open(site.url('/'));
  t.after(() => page.close());
  await until('it is one viewer', async () => (await (await fetch(`${gateway.url}/online.txt?site=relay&page=/page`)).text()).trim() === '1');
  const artifacts = fileURLToPath(new URL('../../artifacts/browser', import.meta.url));
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, 'relay.png'), await page.screenshot());
});
