import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same } from './harness/picture.mjs';
import { freePort, temporaryFolder } from './harness/processes.mjs';
import { view } from './harness/viewer.mjs';

const key = 'a-key-that-is-long-enough-for-an-operator';
const settings = { 'Admin:Key': key, 'Streaming:DrainSeconds': 0 };
const gateway = await startGateway({ after }, { settings });

for (const engine of [chromium, firefox]) {
  const run = (name, body) => test(`${engine.name} ${name}`, { skip: engine.skip }, (t) => body(t));

  run('shows the monitor only with the key', async (t) => {
    const page = await enter(t, engine, 'no key at all');
    await until('the form says what is wrong', async () => (await text(page, '#problem')).includes('unknown'));
    assert.equal(await page.evaluate('document.activeElement.id'), 'key');

    await signIn(page, key);
    await until('the monitor is live', async () => (await text(page, '#state')) === 'Live');
    assert.equal(await page.evaluate('location.search + document.cookie'), '');

    await page.evaluate('document.querySelector("form[action$=sign-out] button").click()');
    await until('the form is back', () => page.evaluate('document.querySelector("#key") !== null'));
  });

  run('shows each change of the viewers', async (t) => {
    const page = await enter(t, engine, key);
    // A monitor that nobody watched begins with what was so some seconds ago.
    await until('whoever was there before is gone', async () => (await number(page, 'viewers')) === 0);
    const viewers = [await view(t, `${gateway.url}/online.png?site=shop.example&page=/a`)];
    viewers.push(await view(t, `${gateway.url}/online.png?site=shop.example&page=/b`));
    await until('both are there', async () => (await number(page, 'viewers')) === 2);
    await until('their pages are listed', async () => (await text(page, '#busiest')).includes('shop.example/b'));
    await until('the charts are drawn', () => page.evaluate(drawn));
    assert.equal(await page.evaluate('document.querySelector("#gateways-section").hidden'), true);
    for (const viewer of viewers) viewer.leave();
    await until('both are gone', async () => (await number(page, 'viewers')) === 0);
  });

  run('shows names as text, and several gateways', async (t) => {
    const page = await enter(t, engine, key);
    // A gateway cannot be made to say such things; what the page makes of them is the page's own.
    await page.page.evaluateOnNewDocument(() => {
      window.WebSocket = class extends WebSocket {
        constructor(url) {
          super(url);
          const hostile = '<img src=x onerror="document.title=1"><b>';
          const gateway = { name: hostile, version: hostile, startedAt: '', seenAt: '', streams: 1, viewers: 1, here: false };
          const say = (message) => this.onmessage({ data: JSON.stringify(message) });
          setInterval(() => {
            if (this.readyState !== WebSocket.OPEN) return;
            say({ busiest: [{ site: hostile, page: hostile, viewers: 1, peak: 1, arrivals: 1 }] });
            say({ gateways: [gateway, { ...gateway, here: true }] });
          }, 50);
        }
      };
    });
    await page.go(`${gateway.url}/monitor`);
    for (const table of ['#busiest', '#gateways']) {
      await until(`${table} has the name`, async () => (await text(page, `${table} tbody`)).includes('<img src=x onerror'));
    }
    // What the gateway itself says comes in between.
    await until('the gateways are shown', () => page.evaluate('!document.querySelector("#gateways-section").hidden'));
    assert.equal(await page.evaluate('document.querySelectorAll("td *").length + document.title'), '0Monitor - Counter');
  });

  run('shows that it is not connected, and reconnects by itself', async (t) => {
    const port = await freePort();
    const data = temporaryFolder('data');
    const first = await startGateway(t, { settings, port, data });
    const page = await enter(t, engine, key, first);
    await until('the monitor is live', async () => (await text(page, '#state')) === 'Live');
    await first.stop('SIGKILL');
    await until('it says so', async () => (await text(page, '#state')) === 'Not connected');
    assert.equal(await page.evaluate('document.querySelector("#banner").hidden'), false);
    await until('it says for how long', async () => /are [2-9] s old/.test(await text(page, '#since')));
    const rows = await page.evaluate('document.querySelectorAll("#samples tbody tr").length');

    await startGateway(t, { settings, port, data });
    await until('it is live again', async () => (await text(page, '#state')) === 'Live', { deadline: 20_000 });
    assert.equal(await page.evaluate('document.querySelector("#banner").hidden'), true);
    await until('what was before is kept', async () => (await page.evaluate('document.querySelectorAll("#samples tbody tr").length')) > rows);
  });

  run('returns to the form after the session ends', async (t) => {
    const other = await startGateway(t, { settings });
    const page = await enter(t, engine, key, other);
    await until('the monitor is live', async () => (await text(page, '#state')) === 'Live');
    // A gateway with other data knows nothing of the cookie.
    await other.stop('SIGKILL');
    await startGateway(t, { settings, port: other.port });
    await until('the form is there', () => page.evaluate('document.querySelector("#key") !== null'), { deadline: 20_000 });
  });

  run('fits the screen of a telephone', async (t) => {
    const page = await enter(t, engine, key);
    await until('the monitor is live', async () => (await text(page, '#state')) === 'Live');
    await page.page.setViewport({ width: 390, height: 844 });
    await until('nothing sticks out', () => page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
  });

  run('shows the monitor without script as one live picture', async (t) => {
    const page = await enter(t, engine, key, gateway, '?noscript=1');
    await until('the picture is there', () => page.evaluate('document.querySelector(".sheet img")?.naturalWidth > 500'));
    const numbers = { left: 0, top: 60, width: 600, height: 180 };
    const look = async () => crop(await page.screenshot(), numbers);
    const before = await look();
    const viewer = await view(t, `${gateway.url}/online.png?site=live.example&page=/`);
    await until('the picture changes', async () => !same(await look(), before));
    viewer.leave();
  });
}

async function enter(t, engine, typed, { url } = gateway, query = '') {
  const page = await (await engine.start()).open(`${url}/monitor${query}`);
  t.after(() => page.close());
  if (await page.evaluate('document.querySelector("#key") !== null')) await signIn(page, typed);
  return page;
}

async function signIn(page, typed) {
  await page.evaluate(`(document.querySelector("#key").value = ${JSON.stringify(typed)}, window.asked = true)`);
  await page.evaluate('document.querySelector("form[action$=sign-in] button").click()');
  await until('the answer is there', () => page.evaluate('window.asked !== true && document.readyState !== "loading"'));
}

const text = (page, selector) => page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`);
const number = async (page, name) => Number((await text(page, `[data-number=${name}]`)).replaceAll(',', ''));

/** Whether something is on every canvas. */
const drawn = `[...document.querySelectorAll("canvas")].every((canvas) =>
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0))`;
