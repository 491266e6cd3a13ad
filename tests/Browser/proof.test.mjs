import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { startSite } from './harness/site.mjs';
import { image, visit } from './harness/visit.mjs';

const key = 'the-operators-key-of-this-browser-test';

for (const engine of engines) {
  for (const script of [true, false]) {
    test(`A site with proof=referer counts ${engine.name} ${script ? 'with' : 'without'} script on its own pages only`, { skip: engine.skip }, async (t) => {
      const gateway = await startGateway(t, { settings: { 'Admin:Key': key } });
      const site = await startSite(t);
      const name = `localhost:${site.port}`;
      const put = await fetch(`${gateway.url}/api/v1/sites/${name}`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ proof: 'referer' }),
      });
      assert.equal(put.status, 201);
      const frame = `<iframe src="${gateway.url}/embed?site=${name}&page=/frame" title="Users online" width="300" height="50"></iframe>`;
      const picture = image(`${gateway.url}/online.png?site=${name}&page=/picture`);
      const show = (host) => visit(t, engine, { gateway, live: [{ html: frame }, { html: picture }], site, path: `/${host}`, host, browser: { script } });

      await (await show('127.0.0.1')).shows('0', '0');
      await (await show('localhost')).shows('1', '1');
    });
  }
}
