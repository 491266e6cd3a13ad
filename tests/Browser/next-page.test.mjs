import { after, test } from 'node:test';
import { chromium, engines, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { image, visit } from './harness/visit.mjs';

const gateway = await startGateway({ after });
const live = [{ html: image(`${gateway.url}/online.png`) }];
const aNumber = ([shown]) => /^\d$/.test(shown);

// Firefox lets a second request for one address wait until the first one's answer is complete, which here is never.
// Every page of a site shows the same address, so readers would see nothing whenever they open another page.

for (const engine of engines) {
  test(`${engine.name} shows the number at once on the next page and after a reload`, { skip: engine.skip }, async (t) => {
    const { page, site, sheet, shows, until } = await visit(t, engine, { gateway, live });
    await shows('1');

    site.add('/next', sheet.html);
    await page.go(site.url('/next'));
    await until('the next page shows a number', aNumber);
    await page.go(site.url('/next'));
    await until('the page shows a number after a reload', aNumber);
  });
}

for (const engine of [chromium, firefox]) {
  test(`${engine.name} shows the number at once in a second tab`, { skip: engine.skip }, async (t) => {
    const first = await visit(t, engine, { gateway, live });
    await first.shows('1');

    const second = await visit(t, engine, { gateway, live, site: first.site });
    await second.shows('2');
    await first.shows('2');
  });
}
