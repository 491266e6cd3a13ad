import { after } from 'node:test';
import { chromiumMissing, firefoxMissing, launchChromium, launchFirefox } from './puppeteer.mjs';
import { launchWebKit, webkitMissing } from './webkit.mjs';

const makers = [
  { name: 'Chromium', missing: chromiumMissing, launch: launchChromium },
  { name: 'Firefox', missing: firefoxMissing, launch: launchFirefox },
  { name: 'WebKitGTK', missing: webkitMissing, launch: launchWebKit },
];

/**
 * The three browser engines. `skip` goes into a test's options and says why an engine cannot be tested here.
 * `start()` launches the browser once for each test file and kind; it is closed when the file's tests are done.
 */
export const engines = makers.map(({ name, missing, launch }) => {
  const started = new Map();
  return {
    name,
    skip: missing() ?? false,
    start(options = {}) {
      const kind = JSON.stringify(options);
      if (!started.has(kind)) started.set(kind, launch(options));
      return started.get(kind);
    },
    close: async () => {
      const browsers = await Promise.allSettled(started.values());
      await Promise.allSettled(browsers.map(({ value }) => value?.close()));
    },
  };
});

export const [chromium, firefox, webkit] = engines;

/** Whether all combinations of browsers, transports and formats are tested, and not each of them once: that takes minutes of both processors more. */
export const everything = process.env.COUNTER_BROWSERS === 'all';

after(async () => {
  for (const engine of engines) await engine.close();
});
