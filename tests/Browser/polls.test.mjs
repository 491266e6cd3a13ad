import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { chromium, engines, everything, firefox, webkit } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same, trim } from './harness/picture.mjs';
import { freePort, installed } from './harness/processes.mjs';
import { startSite } from './harness/site.mjs';
import { view } from './harness/viewer.mjs';

const artifacts = fileURLToPath(new URL('../../artifacts/browser', import.meta.url));
const missing = installed('openssl') ? false : 'openssl not installed';
const { plain, secure } = missing ? {} : await startGateways();
const withoutScript = { script: false };

/** The page's host is another site than the gateway, as it is for most who embed something. */
const host = 'localhost';
const row = { path: '/react/like', width: 480, height: 40, top: 60 };
const bars = { path: '/poll/tea', query: '&question=Tea%3F&options=Yes,No,Later', width: 420, height: 200, top: 120, answers: 3, lines: 5 };

const counter = { top: 10, width: 200, height: 24 };

/** Room in a frame below its picture. */
const below = 10;

for (const [first, second, address] of [
  [chromium, firefox, plain], [webkit, firefox, secure],
  ...(everything ? [[chromium, firefox, secure], [webkit, chromium, plain]] : []),
]) {
  const over = address === secure ? 'HTTP/2' : 'HTTP/1.1';
  test(`${first.name} and ${second.name} react and see each other's votes without script, over ${over}`, { skip: missing || first.skip || second.skip }, async (t) => {
    const page = await article(t, address);
    const [a, b] = [await page.open(t, first), await page.open(t, second)];
    const name = `polls-${first.name}-${second.name}-${over.replace('/', '')}`;
    const both = async (reactions, answers) => {
      await page.tallies(row, reactions);
      await page.tallies(bars, answers);
      for (const reader of [a, b]) await reader.shows();
    };
    await both('0 0 0 0 0 0', '0 0 0');
    await keep(`${name}-0`, [a, b]);
    await a.click(row, 0);
    await both('1 0 0 0 0 0', '0 0 0');
    await b.click(row, 1);
    await both('1 1 0 0 0 0', '0 0 0');
    await b.click(bars, 1);
    await a.click(bars, 0);
    await both('1 1 0 0 0 0', '1 1 0');
    await keep(`${name}-1`, [a, b]);

    // The same once more takes it back, unless it is a double click; another answer moves it.
    await pause(1100);
    await a.click(row, 0);
    await both('0 1 0 0 0 0', '1 1 0');
    await a.click(row, 3);
    await b.click(row, 3);
    await a.click(bars, 1);
    await both('0 0 0 2 0 0', '0 2 0');
    await keep(`${name}-2`, [a, b]);

    // All streams of the pages went through every click, those of the page itself too.
    const third = await view(t, `${plain.url}/online.png`, page.url);
    for (const reader of [a, b]) await reader.shows();
    third.leave();
    for (const reader of [a, b]) await reader.shows();
    for (const reader of [a, b]) await reader.showedAtLast();
  });
}

for (const engine of engines) {
  test(`${engine.name} shows the results of a poll after voting, without script`, { skip: missing || engine.skip }, async (t) => {
    const asked = { ...bars, path: '/poll/secret', query: `${bars.query}&results=after` };
    const page = await article(t, plain, [asked]);
    const reader = await page.open(t, engine);
    await until('the poll is painted', async () => !(await reader.isBlank(asked)));
    const before = await reader.screenshot();
    await reader.click(asked, 2);
    await until(`${engine.name} shows the result`, async () => !(await reader.looksLike(before, asked)));
    assert.match(await page.svg({ ...asked, query: `${asked.query}&closes=` }, 'somebody else'), /Vote to see the results/);

    // The frame was loaded anew, and nothing else of the page with it.
    const second = await view(t, `${plain.url}/online.png`, page.url);
    await until('the counter goes on', async () => !(await reader.looksLike(before, counter)));
    second.leave();
    await until('the counter goes on', async () => reader.looksLike(before, counter));
    await keep(`polls-after-${engine.name}`, [reader]);
  });
}

for (const engine of engines) {
  test(`${engine.name} marks the visitor's answer until it is clicked again, without script`, { skip: missing || engine.skip }, async (t) => {
    const path = `/poll/own-${engine.name.toLowerCase()}`;
    const at = `${path}?site=example.com&page=/own&question=Tea%3F&options=Yes,No`;
    const page = await (await engine.start(withoutScript)).open(`${plain.url}/embed${at}`);
    t.after(() => page.close());
    const votes = async () => numbers(await (await fetch(`${plain.url}${at.replace('?', '.svg?')}&live=0`)).text());
    const ink = async () => {
      const { width, height, data } = crop(await page.screenshot(), { left: 0, top: 0, width: 24, height: 200 });
      let blue = 0;
      for (let i = 0; i < width * height; i++) if (data[4 * i] < 80 && data[4 * i + 1] < 130 && data[4 * i + 2] > 180) blue++;
      return blue;
    };
    await until('the poll is painted', async () => trim(crop(await page.screenshot(), { left: 0, top: 0, width: 420, height: 160 })) !== undefined);
    assert.equal(await ink(), 0);

    // The lines are the question, the two answers and the sum.
    const click = (line) => page.click(210, 40 * line + 20);
    await click(2);
    await until('the vote is there', async () => (await votes()) === '0 1');
    await page.go(`${plain.url}/embed${at}`);
    await until('the answer is marked', async () => (await ink()) > 40, { seen: ink });
    save(`polls-own-${engine.name}.png`, await page.screenshot());
    await pause(1100);
    await click(1);
    await until('the vote moved', async () => (await votes()) === '1 0');
    await page.move(210, 300);
    await until('the old mark is gone', async () => (await ink()) === 0, { seen: ink });
  });
}

test('A link in a README opens the poll without a vote, and a click votes', { skip: missing || chromium.skip }, async (t) => {
  const page = await (await chromium.start(withoutScript)).open(`${plain.url}/react/readme?site=github.com&page=/counter`);
  t.after(() => page.close());
  const svg = () => fetch(`${plain.url}/react/readme.svg?site=github.com&page=/counter&live=0`).then((answer) => answer.text());
  assert.equal(numbers(await svg()), '0 0 0 0 0 0');
  const { x, y, width, height } = await page.evaluate('document.querySelector(".answers button").getBoundingClientRect().toJSON()');
  await page.click(x + width / 2, y + height / 2);
  await until('the vote is there', async () => numbers(await svg()) === '1 0 0 0 0 0');
  assert.equal(page.page.url(), `${plain.url}/react/readme?site=github.com&page=/counter`);
});

test('Screenshots of polls: light, dark, narrow', { skip: missing || chromium.skip }, async (t) => {
  const browser = await chromium.start(withoutScript);
  const query = '?site=example.com&page=/looks&theme=auto';
  const poll = `${query}&question=${encodeURIComponent('What do you drink in the morning?')}&options=Tea,Coffee,${encodeURIComponent('Water 💧')},Nothing%20at%20all`;
  const builder = `?look=bars&page=/post&theme=auto&question=Tea%3F&options=Yes,No,Later&size=99`;
  for (const [path, at, answers] of [
    ['/react/like', query, ['👍', '👍', '👍', '🎉', '😮']], ['/poll/tea', poll, ['Coffee', 'Coffee', 'Tea', 'Water 💧']], ['/polls', builder, []],
  ]) {
    for (const [i, answer] of answers.entries()) assert.equal(await vote(path + at, `Mozilla/5.0 ${i}`, answer), 204);
    for (const scheme of ['light', 'dark']) {
      for (const width of [1100, 390, 320]) {
        const page = await browser.open(plain.url + path + at);
        await page.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.page.setViewport({ width, height: path === '/polls' ? 1150 : 620 });
        await pause(300);
        save(`polls-page-${path.split('/')[1]}-${scheme}-${width}.png`, await page.screenshot());
        const [wide, there] = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
        assert.ok(wide <= there, `${path} is ${wide} wide in ${there}`);
        const least = await page.evaluate('Math.min(...[...document.querySelectorAll(".vote button")].map((one) => one.getBoundingClientRect().height))');
        assert.ok(least >= 24, `a button of ${path} is ${least} high in ${width}`);
        await page.close();
      }
    }
  }
});

/** A page with a counter, reactions and a poll, as people embed them. */
async function article(t, address, polls = [row, bars]) {
  const site = await startSite(t);
  const at = `?site=${host}:${site.port}&page=/article`;
  const frame = ({ path, query = '', width, height, top }) =>
    `<iframe style="top:${top}px" src="${address.url}/embed${path}?page=/article${query.replaceAll('&', '&amp;')}" width="${width}" height="${height + below}" title="Vote"></iframe>`;
  const still = ({ path, query = '', top }) => `<img style="top:${top}px" src="${plain.url}${path}.svg${at}${query}&live=0" alt="">`;
  const html = (content) => `<!doctype html><meta charset="utf-8"><title>An article</title><style>
    html, body { background: #fff; margin: 0 } iframe, img { position: absolute; left: 20px; border: 0 }</style>${content}`;
  site.add('/article', html(`<img style="top:10px" src="${address.url}/online.png?page=/article" alt="">${polls.map(frame).join('')}`));
  const svg = async ({ path, query = '' }, agent = 'Mozilla/5.0') =>
    (await fetch(`${plain.url}${path}.svg${at}${query}&live=0`, { headers: { 'User-Agent': agent } })).text();
  const tallies = (poll, expected) => until(
    `the tallies of ${poll.path} are ${expected}`, async () => numbers(await svg(poll)) === expected, { seen: async () => numbers(await svg(poll)) });
  return {
    url: site.url('/article', host),
    svg,
    tallies,
    async open(scope, engine) {
      const browser = await engine.start(withoutScript);
      const page = await browser.open(site.url('/article', host));
      scope.after(() => page.close());
      const part = (screenshot, { width, height, top }) => crop(screenshot, { left: 20, top, width, height });

      site.add('/stills', html(`<img style="top:10px" src="${plain.url}/online.png${at}&live=0&watch=1" alt="">${polls.map(still).join('')}`));
      const looksLike = async (expected, ...parts) => {
        const screenshot = await page.screenshot();
        return parts.every((one) => same(part(expected, one), part(screenshot, one)));
      };
      const stills = async (other) => {
        await pause(300);
        const screenshot = await other.screenshot();
        return screenshot;
      };
      return {
        engine,
        looksLike,
        isBlank: async (poll) => trim(part(await page.screenshot(), poll)) === undefined,
        screenshot: () => page.screenshot(),
        /** Waits until the screen shows what the gateway would send as stills now, as the same browser draws them. */
        async shows() {
          // It shows one page at a time; what it showed at last is looked at then.
          if (engine === webkit) return pause(500);
          await until(`${engine.name} shows what the gateway has`, async () => {
            const other = await browser.open(site.url('/stills', host));
            const expected = await stills(other);
            await other.close();
            return looksLike(expected, ...polls, counter);
          }, { every: 200, deadline: 20_000 });
        },
        async showedAtLast() {
          const shown = await page.screenshot();
          await page.go(site.url('/stills', host));
          await until('the stills are what was shown', async () => {
            const expected = await stills(page);
            return polls.every((poll) => same(part(expected, poll), part(shown, poll)));
          });
        },
        async click({ width, height, top, answers, lines }, answer) {
          const count = answers ?? 6;
          const [x, y] = lines
            ? [20 + width / 2, top + (height / lines) * (lines - 1 - count + answer + 0.5)]
            : [20 + (width / count) * (answer + 0.5), top + height / 2];
          await page.click(x, y);
          // Over a button the pill is brighter, and a browser that is driven like this does not notice when the mouse leaves a frame; so it stays below.
          await page.move(30, top + height + below / 2);
        },
      };
    },
  };
}

/** The tallies that a picture shows. */
function numbers(svg) {
  const places = [...svg.matchAll(/<text x='([\d.]+)' y='([\d.]+)'[^>]*>(\d+)<\/text>/g)].map(([, x, y, number]) => ({ x: +x, y: +y, number }));
  return places.sort((a, b) => a.y - b.y || a.x - b.x).map(({ number }) => number).join(' ');
}

/** Votes as a browser does that got the page and sends its form. */
async function vote(path, agent, answer) {
  const page = await (await fetch(`${plain.url}/embed${path}`, { headers: { 'User-Agent': agent } })).text();
  const token = /name="token" value="([^"]+)"/.exec(page)[1];
  return (await fetch(plain.url + path, { method: 'POST', headers: { 'User-Agent': agent }, body: new URLSearchParams({ token, answer }) })).status;
}

function save(name, png) {
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, name), png);
}

async function keep(name, readers) {
  for (const reader of readers) save(`${name}-${reader.engine.name}.png`, await reader.screenshot());
}

/** One gateway with two doors: HTTP/1.1, and TLS that speaks nothing but HTTP/2. */
async function startGateways() {
  const { certificate, key } = selfSignedCertificate();
  const [port, securePort] = [await freePort(), await freePort()];
  const url = `https://127.0.0.1:${securePort}`;
  const gateway = await startGateway({ after }, {
    port,
    settings: {
      'Kestrel:Endpoints:Http:Url': `http://127.0.0.1:${port}`,
      'Kestrel:Endpoints:Https:Url': url,
      'Kestrel:Endpoints:Https:Protocols': 'Http2',
      'Kestrel:Endpoints:Https:Certificate:Path': certificate,
      'Kestrel:Endpoints:Https:Certificate:KeyPath': key,
    },
  });
  return { plain: gateway, secure: { url } };
}
