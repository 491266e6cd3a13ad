// Makes docs/counter.gif: tabs of a real Chromium open and close, and the number on each of them follows.
// Needs a built gateway, Chromium, ffmpeg and the dependencies of tests/Browser:
//   dotnet build src/Gateway -c Release && npm --prefix tests/Browser ci && node docs/make-picture.mjs
import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from '../tests/Browser/harness/gateway.mjs';
import { until } from '../tests/Browser/harness/patience.mjs';
import { temporaryFolder } from '../tests/Browser/harness/processes.mjs';
import { launchChromium } from '../tests/Browser/harness/puppeteer.mjs';
import { startSite } from '../tests/Browser/harness/site.mjs';

const target = fileURLToPath(new URL('counter.gif', import.meta.url));
const folder = temporaryFolder('picture');
const window = { width: 339, height: 138 };
const shownFor = { settled: 1.3, between: 0.35 };

const stops = [];
const scope = { after: (stop) => stops.unshift(stop) };
const gateway = await startGateway(scope);
const site = await startSite(scope);
const browser = await launchChromium();
scope.after(() => browser.close());

site.add('/bread', `<!doctype html><meta charset="utf-8"><title>Baking bread</title><style>
  body { margin: 14px 18px; font: 14px/1.5 "DejaVu Sans", sans-serif; color: #17211c; background: #fff }
  h1 { margin: 0 0 10px; font-size: 19px }
  p { height: 7px; margin: 0 0 8px; border-radius: 4px; background: #e3e8e5 }
  p:last-child { width: 60% }
  img { display: block; margin-bottom: 14px }
</style><h1>Baking bread</h1><img src="${gateway.url}/online.svg?page=/bread&style=pill&size=32" alt=""><p></p><p></p>`);

/** A page in a window of its own: a tab behind another is not painted. */
async function openPage(size, url) {
  const page = await (await browser.browser.createBrowserContext()).newPage();
  await page.setViewport(size);
  if (url) await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
}

const stage = await openPage({ width: 720, height: 414 });

const tabs = [];
const frames = [];

/** What each tab shows at present. */
async function look() {
  const pictures = [];
  for (const tab of tabs) pictures.push(await tab.screenshot({ encoding: 'base64' }));
  return pictures;
}

/** Takes a frame in which these pictures are in windows; an empty one is a page that is not there yet. */
async function frame(pictures, seconds) {
  await stage.setContent(`<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 10px 12px; font: 15px/1 "DejaVu Sans", sans-serif; background: #dfe6e2; color: #17211c }
    code { display: block; margin-bottom: 12px; text-align: center; font: 600 17px/30px "DejaVu Sans Mono", monospace }
    main { display: grid; grid-template-columns: 341px 341px; gap: 14px }
    section { border: 1px solid #93a39a; border-radius: 8px; overflow: hidden; background: #fff }
    header { display: flex; align-items: center; height: 28px; padding-left: 10px; background: #eef2f0; border-bottom: 1px solid #c5cfca; font-size: 12px }
    header i { width: 9px; height: 9px; margin-right: 6px; border-radius: 50%; background: #b4c0b9 }
    header span { margin-left: 8px }
    div { height: ${window.height}px }
    img { display: block }
  </style><code>&lt;img src="https://counter.example/online.svg?style=pill"&gt;</code><main>${pictures.map((picture) => `
    <section><header><i></i><i></i><i></i><span>Baking bread</span></header>
    <div>${picture && `<img src="data:image/png;base64,${picture}" width="${window.width}" height="${window.height}">`}</div></section>`).join('')}</main>`);
  await stage.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  const name = `${String(frames.length).padStart(2, '0')}.png`;
  writeFileSync(join(folder, name), await stage.screenshot());
  frames.push({ name, seconds });
}

/** Waits until the gateway has this number, and the tabs have had the time to paint it. */
async function settle(number) {
  const status = `${gateway.url}/online.json?site=127.0.0.1:${site.port}&page=/bread`;
  await until(`the number is ${number}`, async () => (await (await fetch(status)).json()).viewers === number);
  let before;
  await until('all tabs show the same', async () => {
    const now = await look();
    const isSteady = `${now}` === `${before}` && now.every((picture) => picture === now[0]);
    before = now;
    return isSteady;
  }, { every: 300 });
  await frame(before, shownFor.settled);
  return before;
}

let shown = [];
for (const number of [1, 2, 3, 4]) {
  if (number > 1) await frame([...shown, ''], shownFor.between);
  tabs.push(await openPage(window, site.url('/bread')));
  shown = await settle(number);
}
for (const number of [3, 2]) {
  await frame(shown.slice(0, -1), shownFor.between);
  await tabs.pop().close();
  shown = await settle(number);
}
await frame(shown.slice(0, -1), shownFor.between);

// The last frame of a list has no length of its own, so it is named once more.
const list = [...frames.map(({ name, seconds }) => `file ${name}\nduration ${seconds}`), `file ${frames.at(-1).name}`].join('\n');
writeFileSync(join(folder, 'list.txt'), list);
const made = spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'concat', '-i', join(folder, 'list.txt'), '-filter_complex',
  'fps=20,split[a][b];[a]palettegen=max_colors=64:stats_mode=full[palette];[b][palette]paletteuse=dither=none:diff_mode=rectangle', '-loop', '0', target],
  { encoding: 'utf8' });
for (const stop of stops) await stop();
if (made.status !== 0) throw new Error(`ffmpeg failed: ${made.stderr ?? made.error}`);
console.log(`${target}: ${frames.length} frames, ${statSync(target).size} bytes`);
process.exit(0);
