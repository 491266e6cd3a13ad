import { execFileSync } from 'node:child_process';
import puppeteer from 'puppeteer-core';
import { until } from './patience.mjs';
import { adopt, installed, temporaryFolder } from './processes.mjs';

// The environment can name others than the installed ones.
const chromium = process.env.CHROMIUM || installed('chromium', 'chromium-browser', 'google-chrome');
const firefox = process.env.FIREFOX || installed('firefox-esr', 'firefox');

export const chromiumMissing = () => (chromium ? undefined : 'chromium not installed');
export const firefoxMissing = () => (firefox ? undefined : 'firefox-esr not installed');

/**
 * Chromium over its DevTools protocol.
 * @param {{script?: boolean, args?: string[], agent?: string, major?: number}} [options] `agent` is added to the User-Agent, so that the gateway takes the
 *   browser for another one at the same address; `major` is put in the place of its version there.
 */
export async function launchChromium({ script = true, args = [], agent, major } = {}) {
  const browser = await puppeteer.launch({
    browser: 'chrome',
    executablePath: chromium,
    headless: true,
    acceptInsecureCerts: true,
    userDataDir: temporaryFolder('chromium'),
    args: [
      // Chromium refuses its sandbox to root.
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
      ...(script ? [] : ['--blink-settings=scriptEnabled=false']),
      // A machine without a way out answers each of the browser's own look-ups with a refusal, at every start.
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      ...(agent ? [`--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major ?? majorVersion()}.0.0.0 Safari/537.36 ${agent}`] : []),
      ...args,
    ],
  });
  return drive('Chromium', browser);
}

const majorVersion = () => /(\d+)\./.exec(execFileSync(chromium, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))[1];

/**
 * Firefox over WebDriver BiDi. It goes on reading the stream of a closed tab until the next frame or two (measured:
 * 31 s with a frame every 15 s), so the tabs of earlier tests would soon use up its 6 connections to the gateway;
 * therefore it gets more here, unless a test asks for Firefox's own number.
 */
export async function launchFirefox({ script = true, connections = 64 } = {}) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefox,
    headless: true,
    acceptInsecureCerts: true,
    userDataDir: temporaryFolder('firefox'),
    extraPrefsFirefox: {
      'javascript.enabled': script,
      'network.http.max-persistent-connections-per-server': connections,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  });
  return drive('Firefox', browser);
}

async function drive(name, browser) {
  adopt(browser.process());
  return {
    name,
    version: await browser.version(),
    /** The tool's own browser, for the few tests that need more than pages. */
    browser,
    async open(url) {
      const page = await browser.newPage();
      await page.setViewport({ width: 1100, height: 900 });
      const go = (to) => page.goto(to, { waitUntil: 'domcontentloaded' });
      await go(url);
      return {
        page,
        go,
        /** Presses the mouse at a point of the page, in CSS pixels. */
        click: (x, y) => page.mouse.click(x, y),
        /** Moves the mouse to a point of the page. */
        move: (x, y) => page.mouse.move(x, y),
        // Chromium refuses while a renderer takes over the page that was just opened ("Not attached to an active page").
        screenshot: () => until(`${name} takes a screenshot`, async () => Buffer.from(await page.screenshot()), { deadline: 2000 }),
        evaluate: (expression) => page.evaluate(expression),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}
