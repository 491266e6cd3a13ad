import { test } from 'node:test';
import { chromium, engines, webkit } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { view } from './harness/viewer.mjs';
import { visit } from './harness/visit.mjs';

const host = 'localhost';

for (const engine of engines) {
  for (const script of [true, false]) {
    const how = script ? 'with' : 'without';
    // Without script WebKitGTK does not reload the frame (measured), so there it heals only with script.
    const heals = script || engine !== webkit;
    const name = `${engine.name} shows the iframe's number ${how} script${heals ? ', and it heals itself' : ''}`;
    test(name, { skip: engine.skip }, async (t) => {
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
}
