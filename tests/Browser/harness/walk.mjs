import { until } from './patience.mjs';
import { image } from './visit.mjs';

/** Everything that shows who is on a page, as an address without site and page. */
export const formats = {
  png: '/online.png?',
  svg: '/online.svg?',
  jpg: '/online.jpg?',
  'chart.svg': '/online/chart.svg?range=30d&',
  'poll.svg': '/poll/tea.svg?question=Tea%3F&options=Yes,No&',
};

export const hosts = ['one host', 'two hosts'];

/** Long, because the machine may be slow and busy. What was measured is printed. */
const deadline = 20_000;

let names = 0;

/**
 * A site of some pages, with pictures and links and nothing else, and what the gateway says of them.
 * @param {{transport?: string, host?: string, format?: string, body?: (path: string, url: (format: string, path?: string) => string) => string, head?: string, pages?: number}} options
 *   `body` makes what is on a page instead of one picture.
 */
export function makeWalk(entrances, { transport = 'HTTP/1.1', host = 'two hosts', format = 'png', body, head = '', pages = 3 } = {}) {
  const name = `walk${++names}.example`;
  const gateway = entrances.urls[transport];
  // nginx serves the pages as well. Beside the gateway they have a port of their own.
  const origin = host === 'two hosts' ? entrances.site.url('', 'localhost')
    : transport.startsWith('nginx') ? gateway : entrances.site.url('');
  const paths = Array.from({ length: pages }, (_, i) => `/${i + 1}`);
  const picture = (of, path) => `${gateway}${formats[of] ?? of}site=${name}&page=${path}`;
  const address = (path) => `/pages/${name}${path}`;
  body ??= (path) => image(picture(format, path));
  entrances.site.add('/elsewhere', '<!doctype html><title>No counter here</title>');
  paths.forEach((path) => entrances.site.add(address(path), `<!doctype html><meta charset="utf-8"><title>${path}</title>${head}<style>
    a { position: absolute; left: 600px; width: 100px; height: 30px }</style>
    ${paths.map((to, i) => `<a href="${address(to)}" style="top:${i * 40}px">${to}</a>`).join('')}${body(path, picture)}`));

  const status = (path) => entrances.status(name, path);
  const walk = {
    name,
    paths,
    status,
    url: (path) => origin + address(path),
    elsewhere: entrances.site.url('/elsewhere', host === 'two hosts' ? '127.0.0.1' : 'localhost'),

    /** Comes to the first page in a new tab of a browser, from the last one: Chromium seldom keeps the first page of a tab. */
    async begin(browser) {
      const { page } = await browser.open(walk.url(paths.at(-1)));
      await walk.counts({ [paths.at(-1)]: 1 });
      await walk.click(page, paths[0]);
      await walk.counts({ [paths[0]]: 1 });
      return page;
    },

    /** Clicks the link to a page, until the browser goes there: what is not painted yet takes no clicks. Returns when. */
    async click(page, path) {
      for (;;) {
        const began = performance.now();
        await page.mouse.click(650, paths.indexOf(path) * 40 + 15);
        if (await until('the page is another', () => page.url() === walk.url(path), { deadline: 1_500, every: 5 }).catch(() => false)) return began;
      }
    },

    /** Waits until each page has as many viewers as is said, all others none, and the site as many as all. Returns the milliseconds since. */
    async counts(expected, began = performance.now(), patience = deadline) {
      const wanted = Object.fromEntries(paths.filter((path) => expected[path]).map((path) => [path, expected[path]]));
      let seen;
      await until(`the viewers are ${JSON.stringify(expected)}`, async () => {
        const all = await Promise.all(paths.map(status));
        seen = Object.fromEntries(all.filter(({ viewers }) => viewers > 0).map(({ page, viewers }) => [page, viewers]));
        return JSON.stringify(seen) === JSON.stringify(wanted) && all[0].siteViewers === Object.values(expected).reduce((a, b) => a + b, 0);
      }, { every: 20, deadline: patience, seen: () => JSON.stringify(seen) });
      return Math.round(performance.now() - began);
    },

    /** Waits until a page has no stream any more. */
    async closes(path, began = performance.now()) {
      let explain;
      await until(`no stream of ${path} is open`, async () => ({ explain } = await status(path)).explain.streams === 0, {
        every: 20, deadline, seen: () => JSON.stringify(explain),
      });
      return Math.round(performance.now() - began);
    },

    /** Looks for a while whether the viewers stay what they are. */
    async stays(expected, milliseconds) {
      for (const end = performance.now() + milliseconds; performance.now() < end;) {
        await walk.counts(expected);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  };
  return walk;
}

/**
 * What a reader does, one step after another, in a browser of its own. Returns how many milliseconds each took to be counted right, and why
 * Chromium did not keep the pages that it went back to.
 */
export async function takeSteps(browser, walk) {
  const times = {};
  const reasons = new Set();
  const now = () => performance.now();
  const travel = async (page, way, expected) => {
    const began = now();
    // It does not resolve where the page comes out of the cache.
    page[way]({ waitUntil: 'domcontentloaded' }).catch(() => {});
    return walk.counts(expected, began);
  };

  const tab = await walk.begin(browser);
  await walk.closes('/3');
  if (browser.name === 'Chromium') {
    const session = await tab.createCDPSession();
    session.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) => notRestoredExplanations.forEach(({ reason }) => reasons.add(reason)));
    await session.send('Page.enable');
  }

  const clicked = await walk.click(tab, '/2');
  times.next = await walk.counts({ '/2': 1 }, clicked);
  times.closed = await walk.closes('/1', clicked);
  times.back = await travel(tab, 'goBack', { '/1': 1 });
  await walk.closes('/2');
  times.forward = await travel(tab, 'goForward', { '/2': 1 });
  await walk.closes('/1');

  let began = now();
  const second = (await browser.open(walk.url('/3'))).page;
  times['second tab'] = await walk.counts({ '/2': 1, '/3': 1 }, began);
  began = now();
  await second.close();
  times['second closed'] = await walk.counts({ '/2': 1 }, began);

  began = now();
  await tab.goto(walk.elsewhere, { waitUntil: 'domcontentloaded' });
  times['another site'] = await walk.counts({}, began);
  await travel(tab, 'goBack', { '/2': 1 });
  began = now();
  await tab.close();
  times['tab closed'] = await walk.counts({}, began);

  await browser.open(walk.url('/1'));
  await walk.counts({ '/1': 1 });
  began = now();
  process.kill(-browser.browser.process().pid, 'SIGKILL');
  times.killed = await walk.counts({}, began);
  return { times, reasons: [...reasons] };
}

/** A table of what `takeSteps` returned: the median and the most of each step, in milliseconds. */
export function table(rows) {
  const steps = [...new Set(rows.flatMap(({ times }) => Object.keys(times)))];
  const groups = new Map([['all', rows]]);
  for (const row of rows) for (const label of row.labels) groups.set(label, [...(groups.get(label) ?? []), row]);
  const cell = (group, step) => {
    const sorted = group.map(({ times }) => times[step]).filter((time) => time !== undefined).sort((a, b) => a - b);
    return sorted.length ? `${sorted[sorted.length >> 1]}, ${sorted.at(-1)}` : '';
  };
  const lines = [['', 'runs', ...steps], ['---', '---', ...steps.map(() => '---')]];
  for (const [label, group] of groups) lines.push([label, group.length, ...steps.map((step) => cell(group, step))]);
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}
