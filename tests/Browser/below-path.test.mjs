import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { chromium, firefox } from './harness/engines.mjs';
import { entrancesMissing, startNginx } from './harness/entrances.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { Sheet } from './harness/sheet.mjs';
import { startSite } from './harness/site.mjs';

// Counter below /counter/ of a host that has other pages too, as nginx passes it on.
const key = 'a-key-that-is-long-enough-for-an-operator';
const skip = entrancesMissing;
const stops = [];
const scope = { after: (stop) => stops.unshift(stop) };
after(async () => {
  for (const stop of stops) await stop();
});

let site;
let url;
let host;

before(async () => {
  if (skip) return;
  const gateway = await startGateway(scope, { settings: { 'Admin:Key': key, 'Proxies:Trusted': '127.0.0.1', 'Streaming:DrainSeconds': 0 } });
  site = await startSite(scope);
  ({ url } = await startNginx(scope, { gateway, site, pem: selfSignedCertificate(), below: '/counter/' }));
  host = new URL(url).origin;
});

for (const engine of [chromium, firefox]) {
  const run = (name, body) => test(`${engine.name} ${name}`, { skip: skip || engine.skip }, body);

  run('counts on a page of a picture below a path', async (t) => {
    const sheet = new Sheet({ url }, [{ html: `<img src="${url}/online.png?site=below.example&page=/${engine.name}" alt="">` }]);
    site.add(`/${engine.name}`, sheet.html);
    const page = await (await engine.start()).open(site.url(`/${engine.name}`));
    t.after(() => page.close());
    await sheet.shows(page, '1');
  });

  run('shows pages whose every address is below it', async (t) => {
    for (const path of ['/', '/polls', '/play', '/monitor', '/embed?site=below.example&page=/', '/react/like?site=below.example&page=/&options=A,B']) {
      const page = await (await engine.start()).open(url + path);
      t.after(() => page.close());
      const outside = await page.evaluate(`[...document.querySelectorAll("a[href], form[action], img[src], link[href], iframe[src], image")]
        .map((one) => one.href?.baseVal ?? one.href ?? one.src ?? one.action).map((to) => new URL(to, document.baseURI).href)
        .filter((to) => to.startsWith("${host}") && !to.startsWith("${url}"))`);
      assert.deepEqual(outside, [], path);
      await until(`the pictures of ${path} are there`, () => page.evaluate('[...document.images].every((one) => !one.hasAttribute("src") || one.naturalWidth > 0)'));
    }
  });

  run('builds a counter', async (t) => {
    const page = await (await engine.start()).open(`${url}/`);
    t.after(() => page.close());
    await page.evaluate('(document.querySelector("#f-label").value = "Readers", document.querySelector("#builder").dispatchEvent(new Event("input")))');
    await until('the snippet has the text', () => page.evaluate(`document.querySelector("#snippet-html").value.includes("${url}/online.png?label=Readers")`));
    assert.equal(await page.evaluate('location.pathname'), '/counter/');
  });

  run('shows the number in a frame', async (t) => {
    const sheet = new Sheet({ url }, [{ html: `<iframe src="${url}/embed?site=below.example&page=/${engine.name}-frame" width="300" height="50"></iframe>` }]);
    site.add(`/${engine.name}-frame`, sheet.html);
    const page = await (await engine.start()).open(site.url(`/${engine.name}-frame`));
    t.after(() => page.close());
    await sheet.shows(page, '1');
  });

  run('signs in to the monitor, whose socket is live', async (t) => {
    const page = await (await engine.start()).open(`${url}/monitor`);
    t.after(() => page.close());
    await page.evaluate(`(document.querySelector("#key").value = "${key}", document.querySelector("form[action$=sign-in] button").click())`);
    await until('the monitor is live', () => page.evaluate('document.querySelector("#state")?.textContent === "Live"'));
    assert.equal(await page.evaluate('location.pathname'), '/counter/monitor');
  });

  run('begins a game and moves', async (t) => {
    const page = await (await engine.start()).open(`${url}/play`);
    t.after(() => page.close());
    await page.evaluate('document.querySelector(".begin button").click()');
    await until('the table is there', () => page.evaluate('/^\\/counter\\/play\\/[a-z0-9]{12}$/.test(location.pathname) && document.querySelector(".squares") !== null'));
    await page.evaluate('document.querySelectorAll(".squares button")[4].click()');
    const words = await page.evaluate('location.pathname');
    await until('the move is on the table', async () => (await (await fetch(`${host}${words}?words=1`)).text()).includes('X: centre.'));
  });
}
