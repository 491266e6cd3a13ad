import { after, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { visit } from './harness/visit.mjs';

const gateway = await startGateway({ after });

// WebKit fires no load event while an image streams, whatever is sent; so it is not asked.
for (const engine of [chromium, firefox]) {
  for (const format of ['png', 'svg', 'jpg', 'webp']) {
    const name = `${engine.name} fires load after the first frame (${format})`;
    test(name, { skip: engine.skip }, async (t) => {
      const html = `<img src="${gateway.url}/online.${format}" alt="" onload="this.dataset.loaded = 'yes'">`;
      const { page, shows } = await visit(t, engine, { gateway, live: [{ html, format }] });

      await shows('1');
      await until('the image has fired load', () => page.evaluate('document.querySelector("img[onload]").dataset.loaded === "yes"'));
      await until('the page has fired load', () => page.evaluate('document.readyState === "complete"'));
    });
  }
}
