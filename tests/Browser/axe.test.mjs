import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import axe from 'axe-core';
import { chromium } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';

const key = 'a-key-that-is-long-enough-for-an-operator';
const gateway = await startGateway({ after }, { settings: { 'Admin:Key': key, 'Proxies:Trusted': '127.0.0.1', 'Streaming:DrainSeconds': 0 } });
const begun = await fetch(`${gateway.url}/play`, { method: 'POST', redirect: 'manual' });
const seat = begun.headers.get('location');
const asked = 'site=example.com&page=/article';
await call('PUT', '/sites/public.example/polls/tea?path=/', { question: 'Tea?', answers: ['Yes', 'No'] });
await call('PATCH', '/sites/public.example', { public: true });
await call('PUT', '/sites/example.com/webhooks/alerts', { url: 'https://example.com/hook', over: 10 });
await call('POST', '/sites/example.com/keys', { name: 'a key', role: 'read' });
const tea = `${asked}&question=${encodeURIComponent('What do you drink in the morning?')}&options=Tea,Coffee,Water`;

// `except`: what axe is not asked about. Without script nothing but a frame that loads itself again can say that the other one has moved;
// there is nothing in it but that sentence, so nobody loses their place.
// `frame`: is shown in a frame on other people's pages. `signedIn`: needs the operator's session.
const pages = [
  { name: 'the start page', path: '/' },
  { name: 'the start page with all fields', path: '/?label=Readers: {n}&page=/a&locale=de&size=900&theme=auto&style=badge' },
  { name: 'the builder of reactions', path: '/polls' },
  { name: 'the builder of polls', path: '/polls?look=bars&question=Tea?&options=Yes,No&size=99' },
  { name: 'the lobby', path: '/play' },
  { name: 'no table', path: '/play/none' },
  { name: 'a table', path: seat },
  { name: 'a table in words', path: `${seat}&words=1`, except: ['meta-refresh'] },
  { name: 'a table for those who watch', path: seat.split('?')[0] },
  { name: 'a frame with a counter', path: `/embed?${asked}`, frame: true },
  { name: 'a frame with a poll', path: `/embed/poll/tea?${tea}`, frame: true },
  { name: 'a frame with reactions', path: `/embed/react/like?${asked}`, frame: true },
  { name: 'the page of a poll', path: `/poll/tea?${tea}` },
  { name: 'the page of a closed poll', path: `/poll/old?${tea}&closes=2020-01-01T00:00Z` },
  { name: 'the page of reactions', path: `/react/like?${asked}` },
  { name: 'the sign-in', path: '/monitor' },
  { name: 'the sign-in of a site', path: '/sites/example.com' },
  { name: 'the page of a public site', path: '/sites/public.example?range=2y&contains=a' },
  { name: 'the page of an ignore link', path: '/?site=example.com&ignore=off' },
  { name: 'what is not there', path: '/no/such/page' },
  { name: 'a wrong address', path: '/poll/tea' },
  { name: 'the monitor', path: '/monitor', signedIn: true },
  { name: 'the monitor without script', path: '/monitor?noscript=1', signedIn: true },
  { name: 'the sites', path: '/sites', signedIn: true },
  { name: 'the page of a site', path: '/sites/example.com?sort=x', signedIn: true },
  { name: 'the settings of a site', path: '/sites/example.com/settings', signedIn: true },
  { name: 'the keys of a site', path: '/sites/example.com/keys', signedIn: true },
  { name: 'the webhooks of a site', path: '/sites/example.com/webhooks', signedIn: true },
  { name: 'a webhook of a site', path: '/sites/example.com/webhooks/alerts', signedIn: true },
];

// A frame has no landmarks and headings of its own: it is a part of the page around it.
const ofWholePages = ['landmark-one-main', 'page-has-heading-one', 'region'];

// What a browser with a zoom of 200 % makes of a window of 640 pixels is a window of 320.
const windows = [
  { name: 'narrow', width: 320, height: 640 },
  { name: 'at 200 %', width: 320, height: 480, deviceScaleFactor: 2 },
  { name: 'wide', width: 1280, height: 900 },
];

for (const page of pages) {
  test(`${page.name} passes axe, fits the screen, and works with the keyboard`, { skip: chromium.skip }, async (t) => {
    const tab = await open(t, page);
    for (const { name, ...size } of windows) {
      await tab.setViewport(size);
      for (const scheme of ['light', 'dark']) {
        await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        if (!size.deviceScaleFactor) assert.deepEqual(await complaints(tab, page), [], `${name}, ${scheme}`);
      }
      const wide = await tab.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth));
      assert.ok(wide <= size.width, `${wide} pixels in ${size.width}, ${name}`);
      assert.deepEqual(await tab.evaluate(cutOff), [], name);
    }
    await walk(tab);
    if (!page.frame) await introduces(tab);
  });
}

test('With a path base every address on a page is below it', { skip: chromium.skip }, async () => {
  for (const { path, frame, signedIn } of pages) {
    if (signedIn) continue;
    const headers = { Accept: 'text/html', 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Prefix': '/counter', 'X-Forwarded-Proto': 'https' };
    const html = await (await fetch(gateway.url + path, { headers, redirect: 'manual' })).text();
    assert.deepEqual(html.match(/<[^>]*((?<! placeholder| value)="|; url=)\/(?!counter\/)[^>]*>/g), null, path);
    if (frame) continue;
    const [, image] = /property="og:image" content="([^"]+)"/.exec(html);
    assert.ok(image.startsWith(`${gateway.url.replace('http:', 'https:')}/counter/`), `${image} on ${path}`);
  }
});

test('robots.txt allows the picture of a shared page and no stream', async () => {
  const robots = await (await fetch(`${gateway.url}/robots.txt`)).text();
  assert.match(robots, /^Disallow: \/online\nAllow: \/online\.png\?\*live=0$/m);
});

/** Opens a page in the one tab of all tests. */
async function open(t, { path, signedIn }) {
  const { page, close } = await (await chromium.start()).open('about:blank');
  t.after(close);
  if (signedIn) {
    await page.goto(`${gateway.url}/monitor`, { waitUntil: 'domcontentloaded' });
    if (await page.$('#key')) {
      await page.type('#key', key);
      await page.keyboard.press('Enter');
      await until('the monitor is live', () => page.evaluate('document.querySelector("#state")?.textContent === "Live"'));
    }
  }
  await page.goto(gateway.url + path, { waitUntil: 'domcontentloaded' });
  if (signedIn && path === '/monitor') await until('there are samples', () => page.$('#samples tbody tr'));
  await until('the page is styled', () => page.evaluate('document.readyState !== "loading"'));
  // What a network would have sent long ago.
  await until('the frames are there', () => page.frames().every((frame) => frame.url() !== ''));
  return page;
}

/** Asks the admin API. */
async function call(method, path, body) {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${gateway.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path} answered ${answer.status}`);
}

/** What axe has against a page, best practices included. */
async function complaints(tab, { frame, except = [] }) {
  for (const one of tab.frames()) await one.evaluate(axe.source);
  const rules = Object.fromEntries([...except, ...(frame ? ofWholePages : [])].map((rule) => [rule, { enabled: false }]));
  const { violations } = await tab.evaluate((given) => window.axe.run(document, { rules: given, resultTypes: ['violations'] }), rules);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, any }) => `${html} (${any.map(({ message }) => message)})`).join('; ')}`);
}

/** What is wider than its box and cannot be scrolled to. */
function cutOff() {
  return [...document.querySelectorAll('body *')]
    .filter((one) => !['hidden', 'iframe'].includes(one.className) && one.getClientRects().length > 0)
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && getComputedStyle(one).overflowX === 'hidden')
    .map((one) => one.outerHTML.slice(0, 200));
}

/** Goes through the page with the key Tab: everything that can be used has its turn, and is seen to have it. */
async function walk(tab) {
  const expected = await tab.evaluate(() => {
    const usable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe:not([tabindex="-1"]), [tabindex="0"]';
    const groups = new Set();
    window.turns = [...document.querySelectorAll(usable)]
      .filter((one) => one.checkVisibility() && !one.disabled && !(one.tagName === 'IFRAME' && getComputedStyle(one).pointerEvents === 'none'))
      // Of radio buttons, one is reached with Tab and the others with arrows.
      .filter((one) => one.type !== 'radio' || (!groups.has(one.name) && groups.add(one.name)));
    document.activeElement?.blur();
    return window.turns.length;
  });
  const unseen = [];
  const reached = new Set();
  let rounds = 0;
  for (let i = 0; i < 2 * expected + 30; i++) {
    await tab.keyboard.press('Tab');
    const at = await tab.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return undefined;
      const outlined = [one, one.nextElementSibling].some((other) => {
        const { outlineStyle, outlineWidth, outlineColor } = other ? getComputedStyle(other) : {};
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && outlineColor !== 'rgba(0, 0, 0, 0)';
      });
      const { width, height } = one.getBoundingClientRect();
      const turn = window.turns.findIndex((other) => other === one || (one.type === 'radio' && other.name === one.name));
      return { turn, seen: one.tagName === 'IFRAME' || (outlined && width > 0 && height > 0), html: one.outerHTML.slice(0, 120) };
    });
    // From the last the browser goes on to itself, and then to the first; a page that has focused something began in its middle.
    if (!at && ++rounds === 2) break;
    if (!at) continue;
    if (!at.seen) unseen.push(at.html);
    reached.add(at.turn);
  }
  const missed = await tab.evaluate((turns) => window.turns.filter((_, i) => !turns.includes(i)).map((one) => one.outerHTML.slice(0, 200)), [...reached]);
  assert.deepEqual({ missed, unseen }, { missed: [], unseen: [] });
}

/** A page says what it is: to tabs, to those who search, and where its address is shared. */
async function introduces(tab) {
  const head = await tab.evaluate(() => ({
    title: document.title,
    icon: document.querySelector('link[rel=icon]')?.href,
    ...Object.fromEntries([...document.querySelectorAll('meta[content]')].map((one) => [one.getAttribute('property') ?? one.name, one.content])),
  }));
  assert.ok(head.title && head.description, JSON.stringify(head));
  assert.equal(head['og:title'], head.title);
  assert.equal(head['og:description'], head.description);
  assert.equal(head['og:type'], 'website');
  assert.match(head['twitter:card'], /^summary/);
  for (const [address, type] of [[head.icon, 'image/svg+xml'], [head['og:image'], 'image/png']]) {
    assert.ok(address.startsWith(`${gateway.url}/`), address);
    const answer = await fetch(address, { headers: { 'User-Agent': 'Mozilla/5.0 (compatible; Twitterbot/1.0)' } });
    assert.deepEqual([answer.status, answer.headers.get('content-type').split(';')[0]], [200, type], address);
    assert.ok((await answer.arrayBuffer()).byteLength > 0);
  }
}
