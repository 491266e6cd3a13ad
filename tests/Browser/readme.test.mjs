// Badges in a README, whose pictures a proxy fetches whole and keeps, as GitHub's does: nobody waits and nobody is counted.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { startSite } from './harness/site.mjs';
import { view } from './harness/viewer.mjs';

const gateway = await startGateway({ after });
const badges = [
  'online.svg?site=readme.example&page=/readme',
  'online.svg?site=readme.example&page=/readme&style=badge&live=0',
  'online.png?site=readme.example&page=/readme&style=flat',
  'online.svg?site=readme.example&page=/readme&count=arrivals&style=badge&live=0',
];

for (const engine of [chromium, firefox]) {
  test(`${engine.name} shows the badges of a README that a proxy fetched`, { skip: engine.skip }, async (t) => {
    const reader = await view(t, `${gateway.url}/online.png?site=readme.example&page=/readme`);
    const proxy = await startProxy(t);
    const site = await startSite(t);
    site.add('/readme', badges.map((badge) => `<img src="${proxy}/${encodeURIComponent(badge)}" alt="Users online">`).join('\n'));
    const page = await (await engine.start()).open(site.url('/readme'));
    t.after(() => page.close());
    await until('all badges are there', () =>
      page.evaluate(`document.images.length === ${badges.length} && [...document.images].every(image => image.complete && image.naturalWidth > 0)`));
    const svg = await (await fetch(`${proxy}/${encodeURIComponent(badges[1])}`)).text();
    assert.match(svg, />1</);
    const { viewers } = await (await fetch(`${gateway.url}/online.json?site=readme.example&page=/readme`)).json();
    assert.equal(viewers, 1);
    reader.leave();
    await until('nobody counts any more', async () => await (await fetch(`${gateway.url}/online.txt?site=readme.example&page=/readme`)).text() === '0\n');
  });
}

/** Fetches a picture to its end before it passes any of it on. */
async function startProxy(scope) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(`${gateway.url}/${decodeURIComponent(request.url.slice(1))}`, {
      headers: { 'User-Agent': 'github-camo (876de43e)', Via: '1.1 github-camo', Accept: 'image/*' },
      signal: AbortSignal.timeout(20_000),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type'), 'Content-Length': body.length });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
