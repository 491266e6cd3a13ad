import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, engines, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { startSite } from './harness/site.mjs';
import { image } from './harness/visit.mjs';

const key = 'the-operators-key-of-the-presence-tests';
const gateway = await startGateway({ after }, { settings: { 'Admin:Key': key } });
const picture = (path) => image(`${gateway.url}/online.png?page=${path}`);
const paths = ['/1', '/2', '/3', '/4', '/5', '/6'];

/** A site whose pages all show the counter and link to each other. */
async function startPages(t, body = picture) {
  const site = await startSite(t);
  for (const path of paths) {
    site.add(path, `<!doctype html><title>${path}</title>${body(path)} ${paths.map((to) => `<a href="${to}">${to}</a>`).join(' ')}`);
  }
  return site;
}

async function status(site, path) {
  const answer = await fetch(`${gateway.url}/online.json?site=127.0.0.1:${site.port}&page=${path}&explain=1`, { headers: { Authorization: `Bearer ${key}` } });
  return answer.json();
}

/** Waits until each page of the site has as many viewers as is said, all others none, and the site as many as all together. */
async function counts(site, expected, patience = { deadline: 10_000 }) {
  let seen;
  await until(`the viewers are ${JSON.stringify(expected)}`, async () => {
    const all = await Promise.all(paths.map((path) => status(site, path)));
    seen = Object.fromEntries(all.filter(({ viewers }) => viewers > 0).map(({ page, viewers }) => [page, viewers]));
    const sum = Object.values(expected).reduce((a, b) => a + b, 0);
    return JSON.stringify(seen) === JSON.stringify(expected) && all[0].siteViewers === sum;
  }, { ...patience, seen: () => JSON.stringify(seen) });
}

/** How long it took, in milliseconds, until the viewers were as expected. */
async function timed(site, expected, patience) {
  const began = performance.now();
  await counts(site, expected, patience);
  return Math.round(performance.now() - began);
}

// Most of the time is waiting, so the engines are tested at once.
describe('Presence', { concurrency: true }, () => {
  for (const engine of [chromium, firefox]) describe(engine.name, { skip: engine.skip, concurrency: 1 }, () => testPresence(engine));
});

function testPresence(engine) {
  test(`${engine.name}: one tab that walks through 6 pages is one viewer, on the last`, async (t) => {
    const site = await startPages(t);
    const tab = await (await engine.start()).open(site.url('/1'));
    t.after(() => tab.close());
    await counts(site, { '/1': 1 });
    const times = [];
    for (const path of paths.slice(1)) {
      await tab.go(site.url(path));
      times.push(await timed(site, { [path]: 1 }));
      await pause(1_500);
      await counts(site, { [path]: 1 });
    }
    t.diagnostic(`seen after ${times.join(', ')} ms`);

    // Chromium does not keep what was probed, nor Firefox what was sent a frame: both load the page anew. One that Chromium still had is known
    // when the page that was left for it is probed, at the latest after 15 s.
    for (const [way, path] of [['goBack', '/5'], ['goForward', '/6']]) {
      tab.page[way]({ waitUntil: 'domcontentloaded' }).catch(() => {});
      t.diagnostic(`right ${await timed(site, { [path]: 1 }, { deadline: 20_000 })} ms after ${way}`);
    }
  });

  test(`${engine.name}: closing one of two tabs leaves one viewer`, async (t) => {
    const site = await startPages(t);
    const browser = await engine.start();
    const first = await browser.open(site.url('/1'));
    t.after(() => first.close());
    await counts(site, { '/1': 1 });
    const second = await browser.open(site.url('/2'));
    // Until a probe was sent the first tab may just as well have been left.
    t.diagnostic(`both count after ${await timed(site, { '/1': 1, '/2': 1 }, { deadline: 15_000 })} ms`);
    await second.close();
    t.diagnostic(`the second does not any more after ${await timed(site, { '/1': 1 }, { deadline: 15_000 })} ms`);
  });

  test(`${engine.name}: many reloads leave one viewer`, async (t) => {
    const site = await startPages(t);
    const tab = await (await engine.start()).open(site.url('/1'));
    t.after(() => tab.close());
    await counts(site, { '/1': 1 });
    for (let i = 0; i < 20; i++) await tab.page.reload({ waitUntil: 'domcontentloaded' });
    t.diagnostic(`one viewer after ${await timed(site, { '/1': 1 }, { deadline: 10_000 })} ms`);
  });

  test(`${engine.name}: the same picture three times on a page is one stream and one viewer`, async (t) => {
    const site = await startPages(t, (path) => picture(path).repeat(3));
    const tab = await (await engine.start()).open(site.url('/1'));
    t.after(() => tab.close());
    await counts(site, { '/1': 1 });
    const { explain } = await status(site, '/1');
    t.diagnostic(`three tags open ${explain.streams} stream(s)`);
    assert.equal(explain.viewers, 1);
  });

  test(`${engine.name}: a page in the back-forward cache stops counting at once, with script`, async (t) => {
    const site = await startPages(t, (path) => `<iframe src="${gateway.url}/embed?page=${path}" title="Users online"></iframe>`);
    const tab = await (await engine.start()).open(site.url('/1'));
    t.after(() => tab.close());
    await counts(site, { '/1': 1 });
    site.add('/elsewhere', '<!doctype html><title>No counter here</title>');
    await tab.go(site.url('/elsewhere'));
    t.diagnostic(`left after ${await timed(site, {})} ms`);
    await tab.page.goBack({ waitUntil: 'domcontentloaded' });
    t.diagnostic(`back after ${await timed(site, { '/1': 1 })} ms`);
  });

  test(`${engine.name}: a killed browser stops counting`, async (t) => {
    const site = await startPages(t);
    // A browser of its own, and a profile of its own: somebody else.
    const browser = await engine.start({ script: true, mine: engine.name });
    await browser.open(site.url('/1'));
    await counts(site, { '/1': 1 });
    process.kill(-browser.browser.process().pid, 'SIGKILL');
    t.diagnostic(`gone after ${await timed(site, {}, { deadline: 10_000 })} ms`);
  });
}

test('Two browsers on one page are two viewers', { skip: chromium.skip || firefox.skip }, async (t) => {
  const site = await startPages(t);
  for (const engine of [chromium, firefox]) {
    const tab = await (await engine.start()).open(site.url('/1'));
    t.after(() => tab.close());
  }
  await counts(site, { '/1': 2 });
});

for (const engine of engines.filter((engine) => engine !== chromium && engine !== firefox)) {
  test(`${engine.name}: one tab that walks through 6 pages is one viewer, on the last`, { skip: engine.skip }, async (t) => {
    const site = await startPages(t);
    const tab = await (await engine.start()).open(site.url('/1'));
    t.after(() => tab.close());
    await counts(site, { '/1': 1 });
    for (const path of paths.slice(1)) {
      await tab.go(site.url(path));
      await counts(site, { [path]: 1 });
    }
  });
}
