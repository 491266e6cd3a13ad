import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { engines } from './harness/engines.mjs';
import { entrancesMissing, startNginx } from './harness/entrances.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { Sheet } from './harness/sheet.mjs';
import { startSite } from './harness/site.mjs';
import { view } from './harness/viewer.mjs';

// One gateway, and nginx in front of it as docs/proxy.md says. In each browser a page looks at both, by a frame and by an EventSource, while the
// gateway is stopped, killed, and started again. At nginx the EventSource is never closed. Where there is none, Firefox closes that of another
// site when it meets nobody once (measured), so there the page opens a new one, as docs/numbers.md says.
const ways = [
  { name: 'stopped and started at once', signal: 'SIGTERM', away: 0 },
  { name: 'stopped, and started after 8 s', signal: 'SIGTERM', away: 8_000 },
  { name: 'killed and started at once', signal: 'SIGKILL', away: 0 },
];
const entries = ['direct', 'nginx'];
const streams = 60;

/** Long, because the machine may be slow and busy. What was measured is printed. */
const deadline = 20_000;

const [, script] = /```js\n(function watch[\s\S]*?)```/.exec(readFileSync(new URL('../../docs/numbers.md', import.meta.url), 'utf8'));
const skip = entrancesMissing;
const stops = [];
const scope = { after: (stop) => stops.unshift(stop) };
after(async () => {
  for (const stop of stops) await stop();
});

let gateway;
let urls;
let visits;
before(async () => {
  if (skip) return;
  gateway = await start();
  const site = await startSite(scope);
  const proxy = await startNginx(scope, { gateway, site, pem: selfSignedCertificate() });
  urls = { direct: gateway.url, nginx: proxy.url };
  visits = await Promise.all(engines.filter((engine) => !engine.skip).map((engine) => open(engine, site)));
  await fill();
});

for (const { name, signal, away } of ways) {
  test(`Frame and events are live again after Counter was ${name}`, { skip }, async (t) => {
    const watching = visits.map((visit) => watch(visit));
    const { code } = await gateway.stop(signal);
    if (signal === 'SIGTERM') assert.equal(code, 0, gateway.log());
    for (const { page } of visits) await page.evaluate('forget()');
    await pause(away);
    gateway = await start(gateway.port);
    const ready = performance.now();

    await Promise.all(visits.map(async ({ engine, page }, i) => {
      const { healed, seen } = await watching[i];
      const frames = entries.map((entry, j) => `${entry} ${Math.round(healed[j] - ready)} ms`);
      await until(`the event sources in ${engine.name} are live`, async () => {
        const received = JSON.parse(await page.evaluate('state()'));
        return entries.every((entry) => received[entry]?.live);
      }, {
        deadline, seen: () => page.evaluate('state()'),
      });
      t.diagnostic(`${engine.name}: ${frames.join(', ')}; event sources before ${Math.round(performance.now() - ready)} ms`);
      for (const [j, entry] of entries.entries()) {
        assert.ok(healed[j] - ready < deadline, `${engine.name}, ${entry}: ${healed[j] - ready} ms`);
        assert.ok(!seen[j].has('blank'), `${engine.name}, ${entry} always shows a number: ${[...seen[j]]}`);
        // By the server, or by the page itself, whose grey is like no preview.
        assert.ok(seen[j].has(signal === 'SIGTERM' ? '~2' : 'unreadable'), `${engine.name}, ${entry} mutes the last number: ${[...seen[j]]}`);
      }
    }));
    await fill();
  });
}

function start(port) {
  return startGateway(scope, { port, settings: { 'Streaming:DrainSeconds': 1, 'Proxies:Trusted': '127.0.0.1' } });
}

function counted(path) {
  return `site=healing.example&page=/${path}`;
}

/** Opens a page with a frame and an event source for each entry. */
async function open(engine, site) {
  const names = entries.map((entry) => `${engine.name}-${entry}`);
  const live = names.map((name, i) => ({ html: `<iframe src="${urls[entries[i]]}/embed?${counted(name)}" width="300" height="50"></iframe>` }));
  const sheet = new Sheet(gateway, live);
  const [direct, nginx] = names.map((name, i) => `${urls[entries[i]]}/online/events?${counted(`${name}-events`)}`);
  site.add(`/${engine.name}`, `${sheet.html}<script>
    const received = {};
    const kept = new EventSource("${nginx}");
    kept.onmessage = ({ data }) => { received.nginx = JSON.parse(data) };
    const show = (message) => { received.direct = message };
    ${script.replace(/"https:.*"/, `"${direct}"`)}
    watch();
    const forget = () => { received.nginx = received.direct = null; return 1 };
    const state = () => JSON.stringify(received);
    </script>`);
  const page = await (await engine.start()).open(site.url(`/${engine.name}`));
  return { engine, page, sheet, names };
}

/** Makes each frame's number two, with so many streams in all. */
async function fill() {
  const pages = visits.flatMap(({ names }) => names);
  for (const name of pages) await view(scope, `${gateway.url}/online.png?${counted(name)}`);
  for (let i = 3 * pages.length; i < streams; i++) await view(scope, `${gateway.url}/online.png?${counted('crowd')}`);
  await Promise.all(visits.map(({ sheet, page }) => sheet.shows(page, '2', '2')));
}

/** Looks until every frame has shown the new gateway's number, which is one. Returns when each did, and what it showed before. */
async function watch({ sheet, page, engine }) {
  const healed = [];
  const seen = entries.map(() => new Set());
  await sheet.until(page, `${engine.name} shows the new gateway's number`, (shown) => {
    shown.forEach((number, i) => {
      if (healed[i] !== undefined) return;
      seen[i].add(number);
      if (number === '1') healed[i] = performance.now();
    });
    return entries.every((_, i) => healed[i] !== undefined);
  }, { deadline: 3 * deadline });
  return { healed, seen };
}
