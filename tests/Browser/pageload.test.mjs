import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { chromium, engines, webkit } from './harness/engines.mjs';
import { entrancesMissing, startEntrances } from './harness/entrances.mjs';
import { until } from './harness/patience.mjs';
import { Sheet } from './harness/sheet.mjs';
import { image } from './harness/visit.mjs';
import { makeWalk } from './harness/walk.mjs';

// One page load is one viewer, whatever is on the page.
const entrances = entrancesMissing ? undefined : await startEntrances({ after }, { settings: { 'Streaming:ProbeSeconds': 2 } });
const frame = (url, watch = '') => `<iframe src="${url.replace('/online.png', '/embed')}${watch}" title="Users online" width="300" height="50"></iframe>`;
const pages = {
  'a frame, a picture, a chart and a poll': (path, url) => frame(url('png', path)) + ['png', 'chart.svg', 'poll.svg'].map((of) => image(url(of, path))).join(''),
  'two frames that look different': (path, url) => frame(`${url('png', path)}&color=red`) + frame(`${url('png', path)}&color=blue`),
  'pictures of its own and of all pages': (path, url) => image(url('png', path)) + image(`${url('png', path)}&count=site`) + image(`${url('png', path)}&count=visitors`),
};

// Most of the time is waiting, so the engines are tested at once.
describe('One page load', { concurrency: true }, () => {
  for (const engine of engines) describe(engine.name, { skip: engine.skip || entrancesMissing, concurrency: 1 }, () => testPageLoads(engine));
});

function testPageLoads(engine) {
  for (const [what, body] of Object.entries(pages)) {
    for (const script of what.startsWith('a frame') ? [true, false] : [what.includes('frame')]) {
      test(`${engine.name}: a page with ${what} has one viewer, ${script ? 'with' : 'without'} script`, async (t) => {
        const walk = makeWalk(entrances, { body });
        const tab = await (await engine.start({ script })).open(walk.url('/1'));
        t.after(() => tab.close());
        await walk.counts({ '/1': 1 });
        // All have been probed by then, and nothing else is suspected.
        await walk.stays({ '/1': 1 }, 4_000);
        const { explain } = await walk.status('/1');
        t.diagnostic(`${explain.streams} streams`);
        // WebKitGTK at times does not ask for all (docs/proxy.md).
        assert.ok(engine === webkit || explain.streams > 1, 'several streams are open');
        await tab.go(walk.url('/2'));
        await walk.counts({ '/2': 1 });
      });
    }
  }

  test(`${engine.name}: the picture of a page and the one of its site both show one`, async (t) => {
    const walk = makeWalk(entrances);
    const of = (more) => image(`${entrances.gateway.url}/online.png?site=${walk.name}&page=/1${more}`);
    const sheet = new Sheet(entrances.gateway, [{ html: of('') }, { html: of('&count=site') }]);
    entrances.site.add(`/both/${walk.name}`, sheet.html);
    const tab = await (await engine.start({ script: false })).open(entrances.site.url(`/both/${walk.name}`));
    t.after(() => tab.close());
    await sheet.shows(tab, '1', '1');
    await walk.counts({ '/1': 1 });
  });

  test(`${engine.name}: a frame with watch is not counted`, async (t) => {
    const walk = makeWalk(entrances);
    const sheet = new Sheet(entrances.gateway, [{ html: frame(`${entrances.gateway.url}/online.png?site=${walk.name}&page=/1`, '&watch=1') }]);
    entrances.site.add(`/watching/${walk.name}`, sheet.html);
    for (const script of [true, false]) {
      const tab = await (await engine.start({ script })).open(entrances.site.url(`/watching/${walk.name}`));
      t.after(() => tab.close());
      await sheet.shows(tab, '0');
      await walk.counts({});
    }
  });

  // WebKitGTK's driver turns no wheel.
  if (engine === webkit) return;
  test(`${engine.name}: a lazily loaded picture joins the page's others`, async (t) => {
    const walk = makeWalk(entrances, { body: (path, url) =>
      `${image(url('png', path))}<div style="height:20000px"></div>${image(url('svg', path)).replace('<img', '<img loading="lazy"')}` });
    // Without script pictures are not lazy.
    const { page, move, close } = await (await engine.start()).open(walk.url('/1'));
    t.after(close);
    // Longer than two gateways take what opens for one page load.
    await walk.stays({ '/1': 1 }, 3_000);
    assert.equal((await walk.status('/1')).explain.streams, 1);
    await move(300, 300);
    await until('the second picture is loaded', async () => {
      await page.mouse.wheel({ deltaY: 30_000 });
      return (await walk.status('/1')).explain.streams === 2;
    }, { every: 200 });
    await walk.stays({ '/1': 1 }, 4_000);
  });

  if (engine !== chromium) return;
  test('Chromium: three live pictures of a page close together when one is probed', async (t) => {
    for (const transport of ['HTTP/1.1', 'HTTP/2']) {
      const walk = makeWalk(entrances, { transport, body: (path, url) => ['png', 'svg', 'jpg'].map((of) => image(url(of, path))).join('') });
      const page = await walk.begin(await chromium.start({ script: false }));
      t.after(() => page.close());
      for (const [from, to] of [['/1', '/2'], ['/2', '/3'], ['/3', '/1']]) {
        await until('three streams are open', async () => (await walk.status(from)).explain.streams === 3);
        const clicked = await walk.click(page, to);
        const counted = await walk.counts({ [to]: 1 }, clicked);
        t.diagnostic(`${transport}: counted after ${counted} ms, all closed after ${await walk.closes(from, clicked)} ms`);
      }
    }
  });
}
