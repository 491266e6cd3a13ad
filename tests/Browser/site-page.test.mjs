import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same } from './harness/picture.mjs';
import { view } from './harness/viewer.mjs';

const key = 'a-key-that-is-long-enough-for-an-operator';
const gateway = await startGateway({ after }, { settings: { 'Admin:Key': key, 'Streaming:DrainSeconds': 0 } });
const address = `${gateway.url}/sites/example.com`;

for (const engine of [chromium, firefox]) {
  // Firefox is not asked to run none: the pages have no script, and their policy allows none.
  for (const script of engine === chromium ? [true, false] : [true]) {
    const run = (name, body) => test(`${engine.name} ${name}${script ? '' : ' without script'}`, { skip: engine.skip }, (t) => body(t));

    const open = async (t, path = '') => {
      const page = await (await engine.start()).open('about:blank');
      t.after(() => page.close());
      if (!script) await page.page.setJavaScriptEnabled(false);
      await page.go(address + path);
      if (await has(page, 'form[action="/sign-out"]')) await press(page, 'form[action="/sign-out"] button');
      return page;
    };

    run('signs in with a key of the site, and shows its live number', async (t) => {
      const page = await open(t);
      await signIn(page, await makeKey('read'));
      assert.equal(await text(page, 'h1'), 'example.com');
      assert.equal(await has(page, 'a[href$="/settings"]'), false);
      await until('the number and the chart are there', () => page.evaluate('[...document.images].every((one) => one.naturalWidth > 50)'));
      const look = async () => crop(await page.screenshot(), { left: 0, top: 100, width: 500, height: 200 });
      const before = await look();
      const viewer = await view(t, `${gateway.url}/online.png?site=example.com&page=/a`);
      await until('the number changes', async () => !same(await look(), before));
      viewer.leave();
    });

    run('shows a new key once, with the keyboard only', async (t) => {
      const page = await open(t, '/keys');
      await signIn(page, await makeKey('manage'));
      await page.go(`${address}/keys`);
      await page.page.focus('#f-name');
      await page.page.keyboard.type('by hand');
      await page.page.focus('input[name=role][value=read]');
      await page.page.keyboard.press(' ');
      await go(page, () => page.page.keyboard.press('Enter'));
      const made = await text(page, '.once code');
      assert.match(made, /^counter_/);
      assert.equal((await fetch(`${gateway.url}/api/v1/sites/example.com/pages`, { headers: { Authorization: `Bearer ${made}` } })).status, 200);
      await page.go(`${address}/keys`);
      assert.ok((await text(page, 'table')).includes('by hand'));
      assert.equal(await has(page, '.once'), false);
      await page.page.focus('summary[aria-label="Revoke by hand"]');
      await page.page.keyboard.press('Enter');
      await press(page, 'details[open] button');
      assert.equal((await text(page, 'table')).includes('by hand'), false);
    });

    run('makes a site public, and shows the problems of a form', async (t) => {
      const page = await open(t, '/settings');
      await signIn(page, key);
      await page.go(`${address}/settings`);
      await page.page.focus('#f-hosts');
      await page.page.keyboard.type(' example.com');
      await press(page, '.edit button[type=submit]');
      assert.equal(await text(page, '#e-hosts'), 'example.com is the site itself.');
      await page.go(`${address}/settings`);
      await page.page.focus('input[name=public]');
      await page.page.keyboard.press(' ');
      await press(page, '.edit button[type=submit]');
      assert.equal(await text(page, '.stored'), 'The settings were saved.');
      await press(page, 'form[action="/sign-out"] button');
      await page.go(address);
      assert.equal(await has(page, '#key'), false);
      await api('/sites/example.com', 'PATCH', { public: false });
    });

    run('fits the screen of a telephone', async (t) => {
      const page = await open(t);
      await signIn(page, key);
      await page.page.setViewport({ width: 390, height: 844 });
      for (const path of ['', '/settings', '/keys', '/webhooks']) {
        await page.go(address + path);
        assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path);
      }
    });
  }
}

async function makeKey(role) {
  return (await api('/sites/example.com/keys', 'POST', { name: `a test ${role}`, role })).key;
}

async function api(path, method, body) {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${gateway.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path} answered ${answer.status}`);
  return answer.json();
}

/** Types a key where the page has put the focus. */
async function signIn(page, typed) {
  await until('the form is there', () => page.evaluate('document.activeElement.id === "key"'));
  await page.page.keyboard.type(typed);
  await go(page, () => page.page.keyboard.press('Enter'));
}

const press = async (page, selector) => {
  await page.page.focus(selector);
  await go(page, () => page.page.keyboard.press('Enter'));
};

/** Does what leads to another page, and waits for that. */
async function go(page, act) {
  await page.evaluate('window.asked = true');
  await act();
  await until('the answer is there', () => page.evaluate('window.asked !== true && document.readyState !== "loading"'));
}

const has = (page, selector) => page.evaluate(`document.querySelector(${JSON.stringify(selector)}) !== null`);
const text = (page, selector) => page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`);
