import { Sheet } from './sheet.mjs';
import { startSite } from './site.mjs';

/**
 * Opens a page of a new site that shows the given images or iframes, in one engine. Everything is closed when the
 * test ends. Returns the `page`, its `url` and `site`, and `shows(...numbers)`, which waits until the
 * screen shows them.
 * @param {{gateway: object, live: object[], path?: string, host?: string, site?: object, browser?: object}} options
 *   `live` as in Sheet; `browser` chooses the browser's settings.
 */
export async function visit(t, engine, { gateway, live, path = '/', host, site, browser }) {
  site ??= await startSite(t);
  const sheet = new Sheet(gateway, live);
  site.add(path, sheet.html);
  const url = site.url(path, host);
  const page = await (await engine.start(browser)).open(url);
  t.after(() => page.close());
  return {
    page,
    url,
    site,
    sheet,
    shows: (...numbers) => sheet.shows(page, ...numbers),
    until: (what, accept, patience) => sheet.until(page, what, accept, patience),
  };
}

/** The plain tag that people paste. */
export const image = (url) => `<img src="${url}" alt="">`;
