import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';

const key = 'a-key-that-is-long-enough-for-an-operator';
const gateway = await startGateway({ after }, { settings: { 'Admin:Key': key, 'Proxies:PathBase': '/counter' } });

// A path that is not taken away on the way is as good a path as any.
for (const below of ['', '/counter']) {
  for (const engine of [chromium, firefox]) {
    test(`${engine.name} shows and tries the API${below && ' below a path'}, and connects to this server only`, { skip: engine.skip }, async (t) => {
      const page = await (await engine.start()).open(`${gateway.url}${below}/docs/api`);
      t.after(() => page.close());
      const words = () => page.evaluate('document.body.innerText');
      const press = (label) => page.evaluate(`(() => {
        const button = [...document.querySelectorAll("button")].find((one) => one.innerText.trim().startsWith("${label}"));
        button?.click();
        return button !== undefined;
      })()`);
      await until('the calls are there', async () => (await words()).includes('/api/v1/totals'), { seen: words });

      await until('the key is typed', () => page.evaluate(`(() => {
        const field = [...document.querySelectorAll("input")].find((one) => /token/i.test(one.placeholder));
        if (!field) return false;
        field.focus();
        return document.execCommand("insertText", false, "${key}");
      })()`));
      await until('a call can be tried', () => press('Test Request'));
      await until('the call can be sent', () => press('Send'));
      const answer = () => page.evaluate('document.querySelector("[role=dialog]")?.innerText ?? ""');
      await until('the call is answered', async () => /"sites": \d/.test(await answer()), { seen: answer });
      assert.equal(await page.evaluate(`JSON.stringify([localStorage, sessionStorage, document.cookie]).includes("${key}")`), false);

      const asked = await page.evaluate('performance.getEntriesByType("resource").map((one) => one.name)');
      assert.ok(asked.includes(`${gateway.url}${below}/openapi/v1.json`), asked.join(' '));
      assert.deepEqual(asked.filter((address) => !address.startsWith(`${gateway.url}/`) && !address.startsWith('data:')), []);
      assert.ok((await words()).includes(`${gateway.url}${below}`), 'the address of the server');
    });
  }
}
