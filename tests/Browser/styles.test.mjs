// Every style in every format and theme, in every browser. COUNTER_SHEET=write makes docs/styles.png of what Chromium shows.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { PNG } from 'pngjs';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop } from './harness/picture.mjs';
import { startSite } from './harness/site.mjs';

const styles = ['text', 'badge', 'flat', 'pill', 'digits'];
const formats = ['png', 'svg', 'jpg', 'webp'];
const columns = [
  ['n=1234', formats],
  ['n=0', ['png']],
  ['n=12&stale=1', ['png']],
  ['n=12&label=%D9%85%D8%AA%D8%B5%D9%84:%20{n}&locale=ar-EG', ['png', 'svg']],
];

const gateway = await startGateway({ after });
const site = await startSite({ after });
const artifacts = new URL('../../artifacts/styles/', import.meta.url);

for (const engine of engines) {
  test(`${engine.name} shows every style at one size in every format`, { skip: engine.skip }, async (t) => {
    site.add('/styles', sheet());
    const page = await (await engine.start()).open(site.url('/styles'));
    t.after(() => page.close());
    const images = 'document.querySelectorAll("img").length';
    await until('all pictures are there', () =>
      page.evaluate(`document.readyState === "complete" && ${images} > 0 && [...document.images].every(image => image.complete && image.naturalWidth > 0)`));
    for (const [name, sizes] of Object.entries(JSON.parse(await page.evaluate(sizesByName)))) {
      // What SVG needs of plain text is an estimate; the others are laid out once.
      const exact = name.startsWith('text') ? sizes.filter(([format]) => format !== 'svg') : sizes;
      for (const [format, width, height] of exact) assert.deepEqual([format, width, height], [format, exact[0][1], exact[0][2]], name);
    }

    const [width, height] = JSON.parse(await page.evaluate('JSON.stringify([document.body.clientWidth, document.body.clientHeight])'));
    const picture = PNG.sync.write(crop(await page.screenshot(), { left: 0, top: 0, width, height }));
    mkdirSync(artifacts, { recursive: true });
    writeFileSync(new URL(`${engine.name}.png`, artifacts), picture);
    if (process.env.COUNTER_SHEET === 'write' && engine.name === 'Chromium') {
      writeFileSync(new URL('../../docs/styles.png', import.meta.url), picture);
    }
  });
}

const sizesByName = `(() => {
  const sizes = {};
  for (const { dataset, naturalWidth, naturalHeight } of document.images) {
    (sizes[dataset.name] ??= []).push([dataset.format, naturalWidth, naturalHeight]);
  }
  return JSON.stringify(sizes);
})()`;

function sheet() {
  const image = (style, format, theme, query) =>
    `<img src="${gateway.url}/preview.${format}?style=${style}&theme=${theme}&${query}" alt="" data-name="${style} ${theme} ${query}" data-format="${format}">`;
  const row = (style, theme) => `<tr><th>${style}</th>${columns.map(([query, kinds]) =>
    kinds.map((format) => `<td>${image(style, format, theme, query)}</td>`).join('')).join('')}</tr>`;
  const table = (theme) => `<section class="${theme || 'light'}"><table>
    <caption>${theme ? `theme=${theme}` : 'no theme'}</caption><tr><th></th>${columns.map(([, kinds]) => kinds.map((format) => `<th>${format}</th>`).join('')).join('')}</tr>
    ${styles.map((style) => row(style, theme)).join('')}</table></section>`;
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Styles</title><style>
    body { margin: 0; font: 11px sans-serif; width: 1100px } section { padding: 6px } .dark { background: #0d1117; color: #e6edf3 }
    caption { text-align: left; font-weight: bold } th { font-weight: normal; text-align: left; padding-right: 4px } td { padding: 3px 4px 3px 0; height: 24px } img { vertical-align: middle }
  </style>${['', 'light', 'dark'].map(table).join('')}</html>`;
}
