import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { chromium, engines, firefox, webkit } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same, trim } from './harness/picture.mjs';
import { startSite } from './harness/site.mjs';
import { view } from './harness/viewer.mjs';
import { visit } from './harness/visit.mjs';

const host = 'localhost';

// What a page says of its colours, and the schemes that readers' systems prefer there. Firefox has only the light one here.
const pages = {
  'says nothing': '',
  'is dark by its style': '<style>:root { color-scheme: dark }</style>',
  'is dark by a meta element': '<meta name="color-scheme" content="dark">',
  'follows the system by its style': '<style>:root { color-scheme: light dark }</style>',
  'follows the system by a meta element': '<meta name="color-scheme" content="light dark">',
};

// Most of the time is waiting, so the engines are tested at once.
describe('A frame', { concurrency: true }, () => {
  for (const engine of engines) describe(engine.name, { skip: engine.skip, concurrency: 1 }, () => testFrames(engine));
});

test('Frames ask again when they are told to, and those that nobody sees when somebody does', async (t) => {
  const gateway = await startGateway(t);
  await Promise.all(engines.filter(({ skip }) => !skip).map(async (engine) => {
    // In front of the gateway, but what frames read fails.
    const asked = { soon: [], seconds: [], date: [], below: [] };
    const later = { seconds: () => '6', date: () => new Date(Date.now() + 6_000).toUTCString() };
    const front = createServer(async ({ url, headers }, response) => {
      const page = new URL(url, gateway.url).searchParams.get('page')?.slice(1);
      if (url.startsWith('/online.png')) {
        asked[page].push(performance.now());
        response.writeHead(502, { 'Content-Type': 'text/html', ...(later[page] && { 'Retry-After': later[page]() }) }).end('<h1>Bad gateway</h1>');
      } else if (url.startsWith('/embed')) {
        const frame = await fetch(gateway.url + url, { headers: { 'User-Agent': headers['user-agent'] } });
        response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': frame.headers.get('Content-Security-Policy') }).end(await frame.text());
      } else {
        response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><title>A page</title>${Object.keys(asked).map((name) => `
          <div style="height:${name === 'below' ? 5000 : 0}px"></div>
          <iframe src="/embed?site=a.example&page=/${name}" width="300" height="50"></iframe>`).join('')}`);
      }
    });
    await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
    t.after(() => front.close() && front.closeAllConnections());
    const page = await (await engine.start()).open(`http://127.0.0.1:${front.address().port}/`);
    t.after(() => page.close());

    const patience = { deadline: 30_000, seen: () => JSON.stringify(asked) };
    const gap = ([first, second]) => second - first;
    await until(`${engine.name} has asked soon`, () => asked.soon.length >= 3, patience);
    assert.equal(asked.below.length, 1, `nobody sees the frame in ${engine.name}`);
    await page.evaluate('scrollTo(0, 9999), 1');
    await until(`${engine.name} asks for the frame that is seen now`, () => asked.below.length > 1, { ...patience, deadline: 10_000 });
    await page.evaluate('scrollTo(0, 0), 1');
    await until(`${engine.name} has asked later`, () => asked.seconds.length > 1 && asked.date.length > 1, patience);
    assert.ok(gap(asked.seconds) > 5_900, `${engine.name} waits for some seconds: ${asked.seconds}`);
    assert.ok(gap(asked.date) > 4_900, `${engine.name} waits for a date: ${asked.date}`);
  }));
});

function testFrames(engine) {
  for (const script of [true, false]) {
    const how = script ? 'with' : 'without';
    // Without script WebKitGTK does not reload the frame (measured), so there it heals only with script.
    const heals = script || engine !== webkit;
    const name = `${engine.name} shows the iframe's number ${how} script${heals ? ', and it heals itself' : ''}`;
    test(name, async (t) => {
      const gateway = await startGateway(t);
      // Elsewhere than in Chromium the frame reloads itself, which must not happen while the gateway is down.
      const refresh = engine === chromium ? 5 : 20;
      const html = `<iframe src="${gateway.url}/embed?page=/article&refresh=${refresh}" title="Users online" width="300" height="50"></iframe>`;
      const { shows, until, site } = await visit(t, engine, { gateway, live: [{ html }], host, path: '/article', browser: { script } });

      await shows('1');
      const reader = await view(t, `${gateway.url}/online.png`, site.url('/article', host));
      await shows('2');
      reader.leave();
      await shows('1');

      if (!heals) return;
      await gateway.stop('SIGKILL');
      const again = await startGateway(t, { port: gateway.port });
      // The new gateway makes the number two, which the old one's stream never showed after the reader had left.
      await view(t, `${again.url}/online.png`, site.url('/article', host));
      await until('the iframe shows the new gateway\'s number', ([shown]) => shown === '2', { deadline: 45_000, every: 250 });
    });
  }

  test(`${engine.name}'s frame says in words that its number is no longer live, as long as that is so`, async (t) => {
    const gateway = await startGateway(t);
    const page = await (await engine.start()).open(`${gateway.url}/embed?site=example.com&page=/words`);
    t.after(() => page.close());
    const image = (what) => page.evaluate(`document.getElementById("counter").${what}`);
    await until('the number is there', async () => await image('naturalWidth') > 0);
    assert.equal(await image('title'), '');
    await gateway.stop(engine === chromium ? 'SIGKILL' : 'SIGTERM');
    await until('it says so', async () => /No longer live/.test(await image('title')), { seen: () => image('title') });
    await startGateway(t, { port: gateway.port });
    await until('it is live again', async () => await image('title') === '', { deadline: 45_000 });
  });

  if (engine === webkit) return;
  test(`${engine.name} lets a page be seen through the frames that the builders give`, async (t) => {
    const gateway = await startGateway(t);
    const site = await startSite(t);
    const tab = await (await engine.start()).open('about:blank');
    t.after(() => tab.close());
    for (const theme of ['', '&theme=auto']) {
      const frames = [
        await snippet(`${gateway.url}/?format=svg&page=/article${theme}`),
        await snippet(`${gateway.url}/polls?page=/article${theme}`),
        await snippet(`${gateway.url}/polls?look=bars&page=/article${theme}`),
      ];
      for (const [says, head] of Object.entries(pages)) {
        // Pictures that follow the system do not suit a page that does not.
        if (theme && !says.startsWith('follows')) continue;
        site.add('/article', `<!doctype html><meta charset="utf-8"><title>A page</title>${head}<body style="margin:0">
          ${frames.map((frame, i) => `<div style="position:absolute;top:${i * 60}px;height:60px;overflow:hidden">${frame}</div>`).join('')}`);
        for (const scheme of engine === chromium ? ['light', 'dark'] : ['light']) {
          if (engine === chromium) await tab.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
          await tab.go(site.url('/article'));
          await until(`a page that ${says}, in ${scheme}, is seen through its frames ${theme}`, async () => {
            const screenshot = await tab.screenshot();
            const [page, ...corners] = [[1000, 1], ...frames.map((_, i) => [1, i * 60 + 1])]
              .map(([left, top]) => crop(screenshot, { left, top, width: 1, height: 1 }));
            const drawn = frames.map((_, i) => trim(crop(screenshot, { left: 0, top: i * 60, width: 150, height: 60 })));
            return drawn.every((picture) => picture) && corners.every((corner) => same(corner, page));
          });
        }
      }
    }
  });
}

/** The frame that a builder gives. */
async function snippet(address) {
  const [, text] = /<textarea[^>]*id="snippet-iframe"[^>]*>([^<]*)</.exec(await (await fetch(address)).text());
  const html = text.replace(/&(lt|gt|quot|amp|#x([0-9A-F]+));/g, (_, name, code) => code ? String.fromCodePoint(parseInt(code, 16)) : { lt: '<', gt: '>', quot: '"', amp: '&' }[name]);
  assert.match(html, /^<iframe /);
  return html;
}
