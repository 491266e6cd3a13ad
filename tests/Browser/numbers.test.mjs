import { after, test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { view } from './harness/viewer.mjs';
import { image, visit } from './harness/visit.mjs';

const gateway = await startGateway({ after });

for (const engine of engines) {
  for (const format of ['png', 'svg', 'jpg', 'webp']) {
    const name = `${engine.name} shows the first number at once and then every change (${format})`;
    test(name, { skip: engine.skip }, async (t) => {
      const online = `${gateway.url}/online.${format}`;
      const { shows, url } = await visit(t, engine, { gateway, live: [{ html: image(online), format }] });

      await shows('1');
      const second = await view(t, online, url);
      await shows('2');
      const third = await view(t, online, url);
      await shows('3');
      third.leave();
      await shows('2');
      second.leave();
      await shows('1');
    });
  }

  test(`${engine.name} shows two formats on one page`, { skip: engine.skip }, async (t) => {
    const live = ['png', 'svg'].map((format) => ({ html: image(`${gateway.url}/online.${format}`), format }));
    const { shows, url } = await visit(t, engine, { gateway, live });

    // Two pictures of one page load are one reader.
    await shows('1', '1');
    const other = await view(t, `${gateway.url}/online.jpg`, url);
    await shows('2', '2');
    other.leave();
    await shows('1', '1');
  });
}
