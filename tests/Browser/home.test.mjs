import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { crop, same, trim } from './harness/picture.mjs';
import { view } from './harness/viewer.mjs';

const gateway = await startGateway({ after });

for (const engine of engines) {
  test(`${engine.name} shows the home page's own number`, { skip: engine.skip }, async (t) => {
    const page = await open(t, engine);
    const live = await until('the live counter is there', () => place(page, '#live'));
    const look = async () => crop(await page.screenshot(), live);
    const join = () => view(t, `${gateway.url}/online.png`, `${gateway.url}/`);

    // WebKitGTK may draw the first frame a little narrower than all later ones, so the numbers that are compared come later.
    const first = await steady(look);
    const visitor = await join();
    await until('the number changes when somebody comes', async () => !same(await look(), first));
    const together = await steady(look);
    visitor.leave();
    await until('the number changes when they leave', async () => !same(await look(), together));

    const alone = await steady(look);
    const other = await join();
    await until('the number is the same with two again', async () => same(await look(), together));
    other.leave();
    await until('the number changes back when they leave', async () => same(await look(), alone));
  });

  for (const script of [true, false]) {
    const name = `${engine.name} builds a counter on the home page ${script ? 'with' : 'without'} script`;
    const skip = engine.skip || (!script && engine.name !== 'Chromium' && 'only Chromium can be asked about a page whose scripts are off');
    test(name, { skip }, async (t) => {
      const page = await open(t, engine, { script });
      await fill(page, 'label', 'Readers: {n}');
      if (!script) await page.evaluate('document.querySelector("form#builder").submit()');

      const has = (id) => `document.querySelector("#${id}")?.value ?? document.querySelector("#${id}")?.textContent`;
      for (const id of ['snippet-html', 'snippet-iframe', 'snippet-bbcode', 'snippet-markdown']) {
        await until(`#${id} carries the label`, async () => decoded(await page.evaluate(has(id))).includes('Readers: {n}'), {
          seen: () => page.evaluate(has(id)),
        });
      }
      const preview = await page.evaluate('document.querySelector("img#preview").src');
      assert.match(decoded(preview), /label=Readers: \{n\}/);
    });
  }
}

async function open(t, engine, browser) {
  const page = await (await engine.start(browser)).open(`${gateway.url}/`);
  t.after(() => page.close());
  // WebKitGTK is not waited for when it opens a page, and what is looked at later must have its final size.
  await until('the page and its counter are there', () =>
    page.evaluate('document.querySelector("form#builder") !== null && document.querySelector("#live").naturalWidth > 0'));
  return page;
}

const decoded = (text) => decodeURIComponent(`${text}`.replaceAll('+', ' ').replaceAll('&amp;', '&').replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25'));

function fill(page, name, value) {
  const field = `document.querySelector("form#builder [name=${name}]")`;
  return page.evaluate(`(() => {
    const field = ${field};
    field.value = ${JSON.stringify(value)};
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
    return true;
  })()`);
}

/** Where an element is on the screen, once it has a size. */
async function place(page, selector) {
  const rectangle = await page.evaluate(`(() => {
    const { left, top, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
  })()`);
  const [left, top, width, height] = rectangle;
  return width > 20 && height > 5 && { left, top, width, height };
}

/** The picture, once something is drawn and two looks in a row are the same. */
async function steady(look) {
  let before = await look();
  return until('the picture is steady', async () => {
    const now = await look();
    const isSteady = trim(now) !== undefined && same(before, now);
    before = now;
    return isSteady && now;
  }, { every: 500 });
}
