import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from './harness/engines.mjs';
import { entrancesMissing, startEntrances } from './harness/entrances.mjs';
import { until } from './harness/patience.mjs';
import { launchChromium } from './harness/puppeteer.mjs';
import { image } from './harness/visit.mjs';
import { makeWalk } from './harness/walk.mjs';

// Over HTTP/1.1 Chromium opens six connections to a host, and pages that it keeps hold theirs. Nobody waits for one.
const skip = chromium.skip || entrancesMissing;
const entrances = skip ? undefined : await startEntrances({ after });
// On an idle machine none takes longer than 500 ms, or 5 s where Chromium empties an answer before it gives its connection up. Before streams
// gave their connections up it was 35 to 52 s.
const deadline = 25_000;
const transports = ['HTTP/1.1', 'nginx to HTTP/1.1'];

/** Opens a page in a browser of its own, and keeps when each picture was asked for and answered. */
async function open(t, url) {
  const browser = await launchChromium({ script: false, agent: t.name.replace(/[^\w. ]/g, '') });
  t.after(() => browser.close());
  const { page } = await browser.open('about:blank');
  const session = await page.createCDPSession();
  const pictures = new Map();
  session.on('Network.requestWillBeSent', ({ requestId, type, request }) =>
    type === 'Image' && pictures.set(requestId, { url: request.url, asked: performance.now() }));
  session.on('Network.responseReceived', ({ requestId }) => pictures.has(requestId) && (pictures.get(requestId).answered = performance.now()));
  await session.send('Network.enable');
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return { page, pictures: () => [...pictures.values()] };
}

const report = (t, times) => t.diagnostic(`milliseconds: ${times.map(Math.round).join(', ')}`);

for (const transport of transports) {
  test(`nine pages with three live pictures each, walked through quickly, over ${transport}`, { skip }, async (t) => {
    const walk = makeWalk(entrances, {
      transport,
      host: 'one host',
      pages: 9,
      body: (path, url) => ['png', 'svg', 'jpg'].map((of) => image(url(of, path))).join(''),
    });
    const { page, pictures } = await open(t, walk.url('/1'));
    const times = [];
    for (const path of [...walk.paths.slice(1), ...walk.paths.slice(0, 3)]) {
      await pause(300);
      const before = pictures().length;
      const clicked = await walk.click(page, path);
      const answered = () => pictures().slice(before).filter((picture) => picture.answered).map((picture) => picture.answered);
      const last = await until(`the pictures of ${path} are there`, () => answered().length === 3 && Math.max(...answered()), { deadline, every: 5 });
      times.push(last - clicked);
    }
    report(t, times);
    await walk.counts({ '/3': 1 });
  });

  test(`nine pages that are left before they have loaded, over ${transport}`, { skip }, async (t) => {
    const walk = makeWalk(entrances, {
      transport,
      host: 'one host',
      pages: 9,
      body: (path, url) => ['png', 'svg', 'jpg'].map((of) => image(url(of, path))).join(''),
    });
    const { page, pictures } = await open(t, walk.url('/1'));
    const times = [];
    for (const path of walk.paths.slice(1)) {
      await pause(300);
      const clicked = await walk.click(page, path);
      times.push(performance.now() - clicked);
    }
    const began = performance.now();
    await until('the pictures of the last page are there', () =>
      pictures().filter(({ url, answered }) => answered && url.endsWith('page=/9')).length === 3, { deadline, every: 5 });
    times.push(performance.now() - began);
    report(t, times);
    await walk.counts({ '/9': 1 });
  });

  test(`a visit of Counter's own pages, over ${transport}`, { skip }, async (t) => {
    const url = entrances.urls[transport];
    const { page, pictures } = await open(t, url);
    const times = [];
    for (let i = 1; i <= 12; i++) {
      const path = ['/', '/polls', '/play'][i % 3];
      await pause(300);
      const before = pictures().length;
      const clicked = performance.now();
      await page.goto(url + path, { waitUntil: 'domcontentloaded' });
      const asked = () => pictures().slice(before);
      await until(`the pictures of ${path} are there`, () => asked().length > 0 && asked().every(({ answered }) => answered), { deadline, every: 5 });
      times.push(performance.now() - clicked);
    }
    report(t, times);
  });
}
