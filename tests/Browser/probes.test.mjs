import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PNG } from 'pngjs';
import { chromium, everything } from './harness/engines.mjs';
import { entrancesMissing, startEntrances, transports } from './harness/entrances.mjs';
import { until } from './harness/patience.mjs';
import { crop, same, trim } from './harness/picture.mjs';
import { launchChromium } from './harness/puppeteer.mjs';
import { Sheet } from './harness/sheet.mjs';
import { view } from './harness/viewer.mjs';
import { image } from './harness/visit.mjs';
import { formats, hosts, makeWalk, table, takeSteps } from './harness/walk.mjs';

const skip = chromium.skip || entrancesMissing;
const entrances = skip ? undefined : await startEntrances({ after }, { settings: { 'Streaming:ProbeSeconds': 2 } });
const rows = [];

/** A browser of the test's own, which the gateway takes for another than all others. */
async function launch(t, options) {
  const browser = await launchChromium({ agent: t.name.replace(/[^\w. ]/g, ''), ...options });
  t.after(() => browser.close().catch(() => {}));
  return browser;
}

// Most of the time is waiting, so some run at once.
describe('Chromium, an <img> alone, no script', { skip, concurrency: 4 }, () => {
  test('without effect of padding a left page counts as without probes, and the failure is recorded', async (t) => {
    // The limit on what a page in the back/forward cache may load, which probes exceed.
    const args = ['--enable-features=LoadingTasksUnfreezable:max_buffered_bytes_per_process/2147483647'];
    const browser = await launch(t, { script: false, args, major: 9999 });
    const walk = makeWalk(entrances);
    const noted = async () => (await walk.status('/1')).explain.probes.find(({ browser }) => browser === 'Chromium 9999');
    const { kept, shown, clicked } = await leave(browser, walk);
    t.diagnostic(`the left page counts again after ${await walk.counts({ [kept]: 1, [shown]: 1 }, clicked)} ms`);
    assert.equal((await noted()).failures, 0);
    t.diagnostic(`and not any more after ${await walk.counts({ [shown]: 1 }, clicked, 75_000)} ms`);
    const { failed, failures, worked } = await noted();
    assert.deepEqual({ failed, failures, worked }, { failed: 1, failures: 1, worked: 0 });
  });

  // All pairs of a transport, a format and who serves the page; or each of them.
  transports.forEach((transport, i) => Object.keys(formats).forEach((format, j) => {
    if (!everything && i !== j % transports.length) return;
    const host = hosts[(everything ? i + j : j) % hosts.length];
    test(`${format} over ${transport}, ${host}: every step of a reader is counted right`, async (t) => {
      const { times, reasons } = await takeSteps(await launch(t, { script: false }), makeWalk(entrances, { transport, host, format }));
      rows.push({ labels: [transport, host, format], times });
      t.diagnostic(JSON.stringify(times));
      // What a probe is for: it had been kept, and was given up.
      assert.ok(reasons.includes('NetworkExceedsBufferLimit'), `the pages that were left are loaded anew because of ${reasons}`);
    });
  }));

  test('behind a proxy that removes the coding a suspected page is held', async (t) => {
    const bare = await startEntrances(t, { location: 'proxy_set_header Accept-Encoding "";' });
    const browser = await launch(t, { script: false });
    for (const transport of ['nginx to HTTP/1.1', 'nginx to HTTP/2']) {
      const walk = makeWalk(bare, { transport });
      const { kept, shown } = await leave(browser, walk);
      // Where a probe settles it a page that is still open counts again after 3 s.
      await walk.stays({ [shown]: 1 }, 5_000);
      assert.equal((await walk.status(kept)).explain.streams, 1, 'the left page is still open');
    }
    assert.equal(bare.gateway.log().split('accepts no gzip').length - 1, 1, bare.gateway.log());
  });

  test('a probed picture never flickers', async (t) => {
    // A site for each, so that each is a view of its own and is probed.
    const walks = Object.keys(formats).map((format) => makeWalk(entrances, { format }));
    const pictures = Object.keys(formats).map((format, i) => image(`${entrances.gateway.url}${formats[format]}site=${walks[i].name}&page=/1`));
    const walk = makeWalk(entrances, { body: () => pictures.map((html, i) =>
      `<div style="position:absolute;left:0;top:${tops[i]}px;width:500px;height:${heights[i]}px;overflow:hidden">${html}</div>`).join('') });
    const tab = await (await launch(t, { script: false })).open('about:blank');
    const received = await countBytes(tab.page);
    await tab.go(walk.url('/1'));
    const look = async () => {
      const screenshot = PNG.sync.read(await tab.screenshot());
      return pictures.map((_, i) => crop(screenshot, { left: 0, top: tops[i], width: 500, height: heights[i] }));
    };
    await until('every picture is shown', async () => (await look()).every(trim));
    const first = await look();

    // A plain frame has some kilobytes.
    const probes = () => [...received.values()].map((bytes) => Math.floor(bytes / 1_000_000));
    let screenshots = 0;
    await until('every picture was probed three times', async () => {
      const now = await look();
      screenshots++;
      now.forEach((picture, i) => assert.ok(same(picture, first[i]), `${Object.keys(formats)[i]} is not what it was, in screenshot ${screenshots}`));
      return probes().length === pictures.length && probes().every((n) => n >= 3);
    }, { deadline: 40_000, every: 0, seen: probes });
    t.diagnostic(`${screenshots} screenshots around ${probes()} probes are equal`);
  });

  test('a background tab frozen during a probe shows the number and counts once', async (t) => {
    const walk = makeWalk(entrances, { body: undefined });
    const browser = await launch(t, { script: false });
    const sheet = new Sheet(entrances.gateway, [{ html: image(`${entrances.gateway.url}/online.png?site=${walk.name}&page=/1`) }]);
    entrances.site.add('/frozen', sheet.html);
    const tab = await browser.open(entrances.site.url('/frozen'));
    await sheet.shows(tab, '1');
    await browser.open('about:blank');
    const session = await tab.page.createCDPSession();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    // A view is probed every 3 s at most.
    await walk.stays({ '/1': 1 }, 16_000);
    await view(t, `${entrances.gateway.url}/online.png?site=${walk.name}&page=/1`);
    await walk.counts({ '/1': 2 });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await tab.page.bringToFront();
    await sheet.shows(tab, '2');
    await walk.stays({ '/1': 2 }, 4_000);
  });

  for (const host of hosts) {
    test(`a prerendered page counts when it is shown, ${host}`, async (t) => {
      const rules = (to) => `<script type="speculationrules">{"prerender":[{"urls":["${to}"],"eagerness":"immediate"}]}</script>`;
      const walk = makeWalk(entrances, { host, body: (path, url) => image(url('png', path)) + (path === '/1' ? rules('2') : '') });
      // Speculation rules are script to Chromium.
      const page = await walk.begin(await launch(t));
      const explain = async (path) => (await walk.status(path)).explain;
      await until('the second page is prerendered', async () => (await explain('/2')).prerendered === 1);
      await walk.stays({ '/1': 1 }, 4_000);
      assert.deepEqual(await explain('/2').then(({ streams, viewers, prerendered }) => ({ streams, viewers, prerendered })), { streams: 1, viewers: 0, prerendered: 1 });

      const clicked = await walk.click(page, '/2');
      t.diagnostic(`counted ${await walk.counts({ '/2': 1 }, clicked)} ms after it is shown`);
      await walk.closes('/1');
      await walk.stays({ '/2': 1 }, 4_000);
      assert.deepEqual(await explain('/2').then(({ streams, viewers, prerendered }) => ({ streams, viewers, prerendered })), { streams: 1, viewers: 1, prerendered: 0 });
    });
  }
});

// Where the pictures of all formats are on one page: the chart is the largest.
const heights = [40, 40, 40, 170, 170];
const tops = heights.map((_, i) => heights.slice(0, i).reduce((a, b) => a + b, 0));

/** Walks on in a new tab until Chromium has kept the page that was left, as it does not do with each. */
async function leave(browser, walk) {
  const { page } = await browser.open(walk.url('/1'));
  await walk.counts({ '/1': 1 });
  for (let i = 0; i < 10; i++) {
    const [from, to] = [walk.paths[i % 3], walk.paths[(i + 1) % 3]];
    const clicked = await walk.click(page, to);
    await walk.counts({ [to]: 1 });
    // What is not kept is gone by then.
    await pause(1_000);
    if ((await walk.status(from)).explain.streams > 0) return { kept: from, shown: to, clicked };
  }
  throw new Error('Chromium keeps no page.');
}

/** Counts what a page's pictures have brought, uncompressed. */
async function countBytes(page) {
  const session = await page.createCDPSession();
  const received = new Map();
  session.on('Network.responseReceived', ({ requestId, type }) => type === 'Image' && received.set(requestId, 0));
  session.on('Network.dataReceived', ({ requestId, dataLength }) => received.has(requestId) && received.set(requestId, received.get(requestId) + dataLength));
  await session.send('Network.enable');
  return received;
}
