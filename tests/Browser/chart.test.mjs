import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same, trim } from './harness/picture.mjs';
import { startSite } from './harness/site.mjs';
import { view } from './harness/viewer.mjs';
import { image } from './harness/visit.mjs';

const gateway = await startGateway({ after });
const chart = { left: 0, top: 0, width: 480, height: 160 };

/**
 * The current number is written large in the upper left corner, in the size and colour of these stills beside the chart. A font is
 * named because text in the default one is fitted to its width, and charts do not fit theirs.
 */
const corner = { left: 0, top: 0, width: 24, height: 28 };
const still = (n) => ({ left: 40 * n, top: 200, width: 40, height: 40 });
const numbers = [0, 1, 2, 3];

for (const engine of engines) {
  for (const format of ['png', 'svg']) {
    test(`${engine.name} shows a live chart that follows the number (${format})`, { skip: engine.skip }, async (t) => {
      const address = `${gateway.url}/online/chart.${format}`;
      const site = await startSite(t);
      const stills = numbers.map((n) => image(`${gateway.url}/preview.${format}?n=${n}&label={n}&size=22&font=DejaVu+Sans`));
      site.add('/', page([image(address), ...stills]));
      const url = site.url('/');
      const tab = await (await engine.start()).open(url);
      t.after(() => tab.close());
      const look = () => tab.screenshot();

      await shows(look, 1);
      const alone = crop(await look(), chart);
      assert.ok(hasLine(alone), 'The chart has a line.');

      const second = await view(t, address, url);
      await shows(look, 2);
      const both = crop(await look(), chart);
      assert.ok(!same(alone, both), 'The line changed with the number.');

      second.leave();
      await shows(look, 1);
    });
  }
}

function shows(look, number) {
  let shown;
  return until(`the chart says ${number}`, async () => {
    const screenshot = await look();
    const written = trim(crop(screenshot, corner));
    const stills = numbers.map((n) => trim(crop(screenshot, still(n))));
    shown = stills.findIndex((picture) => picture && same(picture, written));
    return shown === number;
  }, { seen: () => `it says ${shown}` });
}

/** Whether something is as blue as the line. */
function hasLine({ data }) {
  for (let i = 0; i < data.length; i += 4) if (data[i] < 100 && data[i + 2] > 220) return true;
  return false;
}

function page([live, ...stills]) {
  const placed = stills.map((html, n) => `<div style="left:${still(n).left}px;top:${still(n).top}px">${html}</div>`);
  return `<!doctype html><meta charset="utf-8"><title>A page</title><style>
    html, body { background: #fff; margin: 0 } div { position: absolute } img { display: block }</style>
    <div style="left:0;top:0">${live}</div>${placed.join('\n')}`;
}
