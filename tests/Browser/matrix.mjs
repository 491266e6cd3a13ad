#!/usr/bin/env node
// Every transport, with image and page on one host and on two, in every format: where a reader goes, in real browsers, and how long it takes until
// the numbers are right. Prints a table of milliseconds (median, most). Not part of the tests: it takes several minutes.
//
//   node tests/Browser/matrix.mjs                      Chromium, probes every 15 s
//   node tests/Browser/matrix.mjs --probes 2           probes every 2 s
//   node tests/Browser/matrix.mjs --engine Firefox     another browser
//   node tests/Browser/matrix.mjs --runs 3 --at-once 4
import { parseArgs } from 'node:util';
import { entrancesMissing, startEntrances, transports } from './harness/entrances.mjs';
import { chromiumMissing, firefoxMissing, launchChromium, launchFirefox } from './harness/puppeteer.mjs';
import { formats, hosts, makeWalk, table, takeSteps } from './harness/walk.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'Chromium' },
    probes: { type: 'string', default: '15' },
    runs: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '3' },
  },
});
const engines = { Chromium: [chromiumMissing, launchChromium], Firefox: [firefoxMissing, launchFirefox] };
if (!engines[values.engine]) throw new Error(`There is no engine ${values.engine}; there are ${Object.keys(engines)}.`);
const [missing, launch] = engines[values.engine];
if (missing() ?? entrancesMissing) throw new Error(missing() ?? entrancesMissing);

const stops = [];
const entrances = await startEntrances({ after: (stop) => stops.unshift(stop) }, { settings: { 'Streaming:ProbeSeconds': values.probes } });
const combinations = [];
for (let run = 0; run < Number(values.runs); run++) {
  for (const format of Object.keys(formats)) for (const host of hosts) for (const transport of transports) combinations.push([transport, host, format]);
}

const rows = [];
let [started, failed, version] = [0, 0, ''];
async function work() {
  for (let labels; (labels = combinations.shift());) {
    const [transport, host, format] = labels;
    const browser = await launch({ script: false, agent: `Matrix${started++}` });
    version = browser.version;
    try {
      const { times } = await takeSteps(browser, makeWalk(entrances, { transport, host, format }));
      rows.push({ labels, times });
      console.log(labels.join(', '), JSON.stringify(times));
    } catch (error) {
      failed++;
      console.log(labels.join(', '), error.message);
    } finally {
      await browser.close().catch(() => {});
    }
  }
}

await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
console.log(`\n${version}, probes every ${values.probes} s: milliseconds until the numbers are right (median, most)\n\n${table(rows)}`);
for (const stop of stops) await stop();
process.exit(failed > 0 ? 1 : 0);
