import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { cluster, key, skip, spread } from './harness/nginx-cluster.mjs';
import { until } from './harness/patience.mjs';
import { image } from './harness/visit.mjs';
import { makeWalk } from './harness/walk.mjs';

// Three gateways, and nginx sends each request to the next of them: the pictures of one page are at different gateways, and so are the page that a
// reader left and the one that took its place.
describe('Three gateways behind nginx that spreads every request', { skip }, () => {
  let entrances;
  before(async () => void (entrances = await spread()));

  const gateways = async () => (await (await fetch(`${cluster.gateways[0].url}/api/v1/gateways`, { headers: { Authorization: `Bearer ${key}` } })).json()).items;
  const body = (path, url) => ['png', 'chart.svg', '/react/like.svg?'].map((of) => image(url(of, path))).join('');

  for (const engine of [chromium, firefox]) for (const transport of ['nginx to three gateways', 'nginx with HTTP/2 to three gateways']) {
    test(`${engine.name}, ${transport}: a page with a counter, a chart and reactions counts once, and a left page not at all`, { skip: engine.skip }, async (t) => {
      const walk = makeWalk(entrances, { transport, body });
      const browser = await engine.start({ script: false });
      const { page, close } = await browser.open(walk.url('/3'));
      t.after(close);
      await until('three pictures are open', async () => (await walk.status('/3')).explain.streams === 3, { deadline: 20_000 });
      await walk.counts({ '/3': 1 });
      // Firefox asks twice for each, so two can come to the same gateway.
      const streams = async () => (await gateways()).map((gateway) => gateway.streams);
      await until('gateways have reported three streams', async () => (await streams()).reduce((a, b) => a + b) >= 3, { every: 200, deadline: 20_000 });
      assert.ok((await streams()).filter((n) => n > 0).length >= 2, 'the pictures are at several gateways');
      await walk.stays({ '/3': 1 }, 2_000);

      const times = {};
      let began = await walk.click(page, '/1');
      times.next = await walk.counts({ '/1': 1 }, began);
      times.closed = await walk.closes('/3', began);
      began = await walk.click(page, '/2');
      times.again = await walk.counts({ '/2': 1 }, began);
      await walk.closes('/1', began);
      began = performance.now();
      page.goBack({ waitUntil: 'domcontentloaded' }).catch(() => {});
      times.back = await walk.counts({ '/1': 1 }, began);

      began = performance.now();
      const second = await browser.open(walk.url('/3'));
      times['second tab'] = await walk.counts({ '/1': 1, '/3': 1 }, began);
      began = performance.now();
      await second.close();
      times['second closed'] = await walk.counts({ '/1': 1 }, began);
      began = performance.now();
      await page.goto(walk.elsewhere, { waitUntil: 'domcontentloaded' });
      times['another site'] = await walk.counts({}, began);
      t.diagnostic(JSON.stringify(times));
    });
  }
});
