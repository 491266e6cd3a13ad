import { after, describe, test } from 'node:test';
import { chromium } from './harness/engines.mjs';
import { entrancesMissing, startEntrances, transports } from './harness/entrances.mjs';
import { launchChromium } from './harness/puppeteer.mjs';
import { formats, hosts, makeWalk, table, takeSteps } from './harness/walk.mjs';

const skip = chromium.skip || entrancesMissing;
const entrances = skip ? undefined : await startEntrances({ after }, { settings: { 'Streaming:ProbeSeconds': 2 } });
const rows = [];

/** A browser of the test's own, which the gateway takes for another than all others. */
async function launch(t, options) {
  const browser = await launchChromium({ agent: t.name.replace(/[^\w. ]/g, ''), ...options });
  t.after(() => browser.close().catch(() => {}));
  return browser;
}

// Most of the time is waiting, so some run at once.
describe('Chromium, an <img> alone, no script', { skip, concurrency: 4 }, () => {
  after(() => console.log(`Until the numbers are right, milliseconds (median, most), probes every 2 s:\n${table(rows)}`));

  // All pairs of a transport, a format and who serves the page.
  transports.forEach((transport, i) => Object.keys(formats).forEach((format, j) => {
    const host = hosts[(i + j) % hosts.length];
    test(`${format} over ${transport}, ${host}: where a reader goes is counted right`, async (t) => {
      const times = await takeSteps(await launch(t, { script: false }), makeWalk(entrances, { transport, host, format }));
      rows.push({ labels: [transport, host, format], times });
      t.diagnostic(JSON.stringify(times));
    });
  }));
});
