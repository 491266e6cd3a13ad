import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { startSite } from './harness/site.mjs';
import { view } from './harness/viewer.mjs';

const key = 'the-operators-key-of-this-test-file';
const gateway = await startGateway({ after }, { settings: { 'Admin:Key': key } });

// What the browser sends when its EventSource reconnects decides whether its reader is another arrival.
for (const engine of engines) {
  test(`${engine.name} reconnects an EventSource, and its reader is no other arrival`, { skip: engine.skip }, async (t) => {
    const site = await startSite(t);
    const name = `localhost:${site.port}`;
    site.add('/live', `<!doctype html><title>Live</title><script>
      let opened = 0;
      new EventSource("${gateway.url}/online/events?page=/live").onopen = () => opened++;
    </script>`);
    const page = await (await engine.start()).open(site.url('/live', 'localhost'));
    t.after(() => page.close());
    const numbers = async () => (await fetch(`${gateway.url}/online.json?site=${name}&page=/live`)).json();
    await until('the reader is there', async () => (await numbers()).viewers === 1);

    // The streams of a site that is not counted end.
    await count(name, false);
    await count(name, true);
    await until('the reader is there again', async () => Number(await page.evaluate('opened')) === 2 && (await numbers()).viewers === 1);
    await view(t, `${gateway.url}/online.png?site=${name}&page=/live`);
    await until('another reader has arrived', async () => (await numbers()).arrivals >= 2, { seen: numbers });
    assert.equal((await numbers()).arrivals, 2);
  });
}

async function count(site, counting) {
  const answer = await fetch(`${gateway.url}/api/v1/sites/${site}`, {
    method: 'PATCH', headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ counting }),
  });
  assert.ok(answer.ok, `${answer.status}`);
}
