import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { chromium, everything, firefox, webkit } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { freePort, installed } from './harness/processes.mjs';

const artifacts = fileURLToPath(new URL('../../artifacts/browser', import.meta.url));
const missing = installed('openssl') ? false : 'openssl not installed';
const { plain, secure } = missing ? {} : await startGateways();

/** Where the page has its picture, and what of it is where (TableLayout), in a window of the width that all tests use. */
const board = { left: 184, top: 73 };
const center = (square) => ({ x: board.left + 66 + 108 * (square % 3), y: board.top + 66 + 108 * Math.floor(square / 3) });
const press = { x: board.left + 174, y: board.top + 433 };
const withoutScript = { script: false };

for (const [first, second, address] of [
  [chromium, firefox, plain], [webkit, firefox, secure],
  ...(everything ? [[chromium, firefox, secure], [firefox, chromium, secure], [webkit, chromium, plain]] : []),
]) {
  const over = address === secure ? 'HTTP/2' : 'HTTP/1.1';
  test(`${first.name} plays a whole game against ${second.name} without script, over ${over}`, { skip: missing || first.skip || second.skip }, async (t) => {
    const table = await begin(address);
    const [x, o] = [await sit(t, first, table.seat), await sit(t, second, table.link)];
    const watcher = second === firefox && first === chromium ? await sit(t, chromium, table.link, { ...withoutScript, who: 'watcher' }) : undefined;
    const name = `play-${first.name}-${second.name}-${over.replace('/', '')}`;
    const all = [x, o, ...(watcher ? [watcher] : [])];
    const shows = async (marks) => {
      for (const player of all) await player.shows(marks);
      // A stream that a click had closed would have been noticed: its player would be away.
      assert.doesNotMatch(await table.words(), /is away|has left|is free/);
    };
    await table.says('X’s turn. O’s seat is free.');
    await o.click(press);
    await table.says('X’s turn. You watch.');
    await keep(name, 'begun', all);

    // Out of turn, or on a square that is taken: nothing comes of it. Of two clicks within 20 ms a browser may drop one, so the
    // picture is looked at in between.
    await o.click(center(4));
    await shows('.........');
    await x.click(center(0));
    await shows('X........');
    await x.click(center(1));
    await o.click(center(0));
    await shows('X........');
    await o.click(center(1));
    await shows('XO.......');
    await x.click(center(4));
    await shows('XO..X....');
    await keep(name, 'middle', all);
    await o.click(center(2));
    await shows('XOO.X....');
    await x.click(center(8));
    await table.says('X: top left, centre, bottom right. O: top, top right. X wins. You watch.');
    for (const player of all) await player.until('the other marks are pale', (look) => look(1) === '' && look(2) === '');
    await keep(name, 'won', all);

    await x.click(press);
    await o.click(press);
    await table.says('X’s turn. You watch.');
    await shows('.........');
    await o.click(center(4));
    await shows('....X....');
    await x.click(center(3));
    await shows('...OX....');
    await keep(name, 'again', all);

    await o.close();
    await table.says('X: centre. O: left. X’s turn. X’s seat is free.');
    await keep(name, 'left', [x, ...(watcher ? [watcher] : [])]);
  });
}

for (const engine of [chromium, firefox]) {
  test(`${engine.name}: a reloaded page keeps its seat`, { skip: missing || engine.skip }, async (t) => {
    const table = await begin(plain);
    const player = await sit(t, engine, table.seat);
    await player.click(center(0));
    await player.shows('X........');
    await player.page.go(table.seat);
    await player.shows('X........');
    await table.says('X: top left. O’s turn. O’s seat is free.');
  });
}

for (const what of ['lobby', 'table', 'words']) {
  test(`Screenshots of the ${what}: light, dark, narrow`, { skip: missing || chromium.skip }, async (t) => {
    const table = await begin(plain);
    // A browser of its own: Chromium takes seconds for a screenshot of a tab that is behind another.
    const browser = await chromium.start({ ...withoutScript, what });
    const page = await browser.open({ lobby: `${plain.url}/play`, table: table.seat, words: `${table.seat}&words=1` }[what]);
    t.after(() => page.close());
    if (what === 'table') {
      await page.click(center(4).x, center(4).y);
      await until('the move is there', async () => /O’s turn/.test(await table.words()));
    }
    for (const scheme of ['light', 'dark']) {
      for (const width of [1100, 390]) {
        await page.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.page.setViewport({ width, height: 900 });
        save(`play-${what}-${scheme}-${width}.png`, await page.screenshot());
        const [wide, there] = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
        assert.ok(wide <= there, `${what} is ${wide} wide in ${there}`);
      }
    }
  });
}

test('A page in words announces a change once and keeps the reading position', { skip: missing || chromium.skip }, async (t) => {
  const table = await begin(plain);
  const { page, close } = await (await chromium.start(withoutScript)).open(`${table.seat}&words=1`);
  t.after(close);
  const news = async (selector) => (await (await page.$('.words iframe')).contentFrame()).$eval(selector, (one) => one.textContent);
  await until('there is no news', async () => (await news('p')) === 'Nothing new yet.');
  await page.focus('button[value="4"]');
  await fetch(table.link, { method: 'POST', body: new URLSearchParams({ do: 'sit' }), redirect: 'manual' });
  await until('it says so', async () => /^Now: Your turn\./.test(await news('[role=alert]')));
  await until('it has said so', async () => /^Now: Your turn\./.test(await news('[role=note]')));
  assert.equal(await page.evaluate('document.activeElement.value'), '4');
  await page.keyboard.press('Enter');
  await until('the move is there', () => page.evaluate('document.querySelector(".words [role=status]").textContent.startsWith("X: centre.")'));
});

test('Chromium starts a game with the button of the lobby', { skip: missing || chromium.skip }, async (t) => {
  const page = await (await chromium.start(withoutScript)).open(`${plain.url}/play`);
  t.after(() => page.close());
  const { x, y, width, height } = await page.evaluate('document.querySelector(".begin button").getBoundingClientRect().toJSON()');
  await page.click(x + width / 2, y + height / 2);
  await until('the table is there', () => /\/play\/[a-z0-9-]+\?seat=/.test(page.page.url()));
});

/** A table, begun as the lobby's button does. */
async function begin({ url }) {
  const { headers } = await ask(`${url}/play`, 'POST');
  const seat = url + headers.location;
  const link = seat.split('?')[0];
  const words = async () => {
    const { body } = await ask(`${link}?words=1`);
    return /role="status">([^<]*)</.exec(body)[1].replaceAll('&#x2019;', '’');
  };
  const says = (text) => until(`the table says: ${text}`, async () => (await words()) === text, { seen: words });
  return { seat, link, words, says };
}

/** Opens a page of a table in a browser whose scripts are off. */
async function sit(t, engine, url, browser = withoutScript) {
  const page = await (await engine.start(browser)).open(url);
  let open = true;
  const close = async () => open && ((open = false), await page.close());
  t.after(close);
  const look = async () => {
    const picture = PNG.sync.read(await page.screenshot());
    return (square) => markAt(picture, center(square));
  };
  const marks = async () => [...Array(9).keys()].map(await look()).map((mark) => mark || '.').join('');
  const shows = (expected) => until(`${engine.name} shows ${expected}`, async () => (await marks()) === expected, { seen: marks });
  const looks = (what, accept) => until(`${engine.name}: ${what}`, async () => accept(await look()));
  await shows('.........');
  return { engine, page, close, shows, until: looks, click: ({ x, y }) => page.click(x, y), screenshot: () => page.screenshot() };
}

/** The mark that is painted around a point: of an X the middle is blue, of an O the ring is amber. */
function markAt(picture, { x, y }) {
  const pixel = (dx) => [...picture.data.subarray(((y * picture.width) + x + dx) * 4).subarray(0, 3)];
  const [red, green, blue] = pixel(0);
  const [ringRed, , ringBlue] = pixel(-28);
  if (blue > red + 100) return 'X';
  if (ringRed > ringBlue + 150) return 'O';
  return green > red + 80 ? 'won' : '';
}

function save(name, png) {
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, name), png);
}

async function keep(name, step, players) {
  for (const [i, player] of players.entries()) save(`${name}-${step}-${i}-${player.engine.name}.png`, await player.screenshot());
}

/** Asks without following redirects, through the door that needs no certificate: a table is the same behind both. */
async function ask(url, method = 'GET') {
  const { pathname, search } = new URL(url);
  const answer = await fetch(plain.url + pathname + search, { method, redirect: 'manual' });
  return { headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

/** One gateway with two doors: HTTP/1.1, and TLS that speaks nothing but HTTP/2. */
async function startGateways() {
  const { certificate, key } = selfSignedCertificate();
  const [port, securePort] = [await freePort(), await freePort()];
  const url = `https://127.0.0.1:${securePort}`;
  const gateway = await startGateway({ after }, {
    port,
    settings: {
      'Play:GraceSeconds': 3,
      'Kestrel:Endpoints:Http:Url': `http://127.0.0.1:${port}`,
      'Kestrel:Endpoints:Https:Url': url,
      'Kestrel:Endpoints:Https:Protocols': 'Http2',
      'Kestrel:Endpoints:Https:Certificate:Path': certificate,
      'Kestrel:Endpoints:Https:Certificate:KeyPath': key,
    },
  });
  return { plain: gateway, secure: { url } };
}
