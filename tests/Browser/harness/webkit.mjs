import { existsSync, readdirSync } from 'node:fs';
import { until } from './patience.mjs';
import { freePort, installed, start } from './processes.mjs';

/** What is missing for WebKitGTK's tests, or undefined. */
export function webkitMissing() {
  const missing = ['WebKitWebDriver', 'Xvfb'].filter((program) => !installed(program));
  return missing.length ? `${missing.join(' and ')} not installed (webkit2gtk-driver, xvfb)` : undefined;
}

/**
 * WebKitGTK's MiniBrowser in an X server of its own, spoken to in plain WebDriver. It shows one page at a time: in a
 * second window its driver no longer answers.
 */
export async function launchWebKit({ script = true } = {}) {
  // The server picks a free display and says which on file descriptor 3.
  const screen = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let display = '';
  screen.child.stdio[3].on('data', (data) => (display += data));
  await until('Xvfb has a display', () => display.includes('\n'), { seen: screen.log });

  const port = await freePort();
  const driver = start('WebKitWebDriver', [`--port=${port}`], {
    env: { DISPLAY: `:${display.trim()}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' },
  });
  const say = (method, path, body) => command(`http://127.0.0.1:${port}${path}`, method, body);
  await until('WebKitWebDriver is ready', async () => (await say('GET', '/status')).ready, { seen: driver.log });

  const browserOptions = { args: ['--automation', ...(script ? [] : ['--enable-javascript=false'])] };
  const { sessionId, capabilities } = await say('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        // The load event never comes while an image streams, so nothing may wait for it.
        pageLoadStrategy: 'none',
        acceptInsecureCerts: true,
        'webkitgtk:browserOptions': { binary: miniBrowser(), ...browserOptions },
      },
    },
  });
  const session = `/session/${sessionId}`;
  await say('POST', `${session}/window/rect`, { x: 0, y: 0, width: 1100, height: 1000 });

  return {
    name: 'WebKitGTK',
    version: capabilities.browserVersion,
    async open(url) {
      const go = (to) => say('POST', `${session}/url`, { url: to });
      await go(url);
      return {
        go,
        screenshot: async () => Buffer.from(await say('GET', `${session}/screenshot`), 'base64'),
        evaluate: (expression) => say('POST', `${session}/execute/sync`, { script: `return ${expression}`, args: [] }),
        /** Presses the mouse at a point of the page, in CSS pixels. */
        click: (x, y, count = 1) => say('POST', `${session}/actions`, { actions: [pointer(x, y, count)] }),
        /** Moves the mouse to a point of the page. */
        move: (x, y) => say('POST', `${session}/actions`, { actions: [pointer(x, y, 0)] }),
        close: () => go('about:blank'),
      };
    },
    async close() {
      await say('DELETE', session).catch(() => {});
      await driver.stop();
      await screen.stop();
    },
  };
}

function pointer(x, y, count) {
  const press = [{ type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }];
  return {
    type: 'pointer',
    id: 'mouse',
    parameters: { pointerType: 'mouse' },
    actions: [{ type: 'pointerMove', duration: 0, x, y, origin: 'viewport' }, ...Array(count).fill(press).flat()],
  };
}

async function command(url, method, body) {
  const response = await fetch(url, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver ${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}

/** Debian keeps the browser out of the PATH, in a folder named after the machine's architecture. The environment can name another. */
function miniBrowser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER;
  for (const folder of readdirSync('/usr/lib')) {
    for (const version of ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0']) {
      const program = `/usr/lib/${folder}/${version}/MiniBrowser`;
      if (existsSync(program)) return program;
    }
  }
  throw new Error('MiniBrowser is not installed (webkit2gtk-driver brings it).');
}
