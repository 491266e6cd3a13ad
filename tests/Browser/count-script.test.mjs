import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chromium, firefox } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { view } from './harness/viewer.mjs';
import { visit } from './harness/visit.mjs';

const gateway = await startGateway({ after });

// To a browser `localhost` is another site than the gateway's 127.0.0.1, as a customer's site would be.
const host = 'localhost';
const path = '/article';
const hash = `sha256-${Buffer.from(await crypto.subtle.digest('SHA-256', await (await fetch(`${gateway.url}/count.js`)).arrayBuffer())).toString('base64')}`;

// What a page with a strict policy says, and how its tag begins.
const policies = {
  'no policy': ['', ''],
  'a nonce': [`script-src 'nonce-abc'`, 'nonce="abc"'],
  'a hash': [`script-src '${hash}'`, `integrity="${hash}" crossorigin="anonymous"`],
};

for (const engine of [chromium, firefox]) {
  for (const [name, [allowed, attributes]] of Object.entries(policies)) {
    test(`${engine.name} on another site shows the picture that the script adds, with ${name}`, { skip: engine.skip }, async (t) => {
      const meta = allowed && `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src ${gateway.url}; ${allowed}">`;
      const html = `${meta}<script ${attributes} src="${gateway.url}/count.js" data-style="pill" data-alt="Readers" async></script>`;
      const { page, shows, site } = await visit(t, engine, { gateway, live: [{ html, look: '&style=pill' }], host, path });

      await shows('1');
      assert.equal(await page.evaluate('document.querySelector("script + img").alt'), 'Readers');
      assert.equal(await page.evaluate('document.cookie'), '');
      const reader = await view(t, `${gateway.url}/online.png?site=${host}:${site.port}&page=${path}`);
      await shows('2');
      reader.leave();
      await shows('1');
      const arrivals = async () => (await (await fetch(`${gateway.url}/online.json?site=${host}:${site.port}&page=${path}`)).json()).arrivals;
      await until('both have arrived', async () => await arrivals() === 2);
    });
  }

  test(`${engine.name} reopens the picture of the script when the reader returns`, { skip: engine.skip }, async (t) => {
    const html = `<script src="${gateway.url}/count.js" async></script><script>addEventListener("pageshow", event => document.title = event.persisted)</script>`;
    const { page, sheet, shows, site, url } = await visit(t, engine, { gateway, live: [{ html }], host, path });
    site.add(path, sheet.html, 'no-cache');
    await page.go(url);
    const viewers = async () => (await (await fetch(`${gateway.url}/online.json?site=${host}:${site.port}&page=${path}`)).json()).viewers;

    await shows('1');
    site.add('/elsewhere', '<!doctype html><title>No counter here</title>');
    await page.go(site.url('/elsewhere', host));
    await until('the page that was left does not count', async () => await viewers() === 0);
    page.page.goBack({ waitUntil: 'domcontentloaded' }).catch(() => {});
    await shows('1');
    // Firefox loads a page anew whose picture was still coming when it was left (measured in Firefox 153).
    assert.equal(await page.evaluate('document.title'), `${engine === chromium}`);
    await view(t, `${gateway.url}/online.png?site=${host}:${site.port}&page=${path}`);
    await shows('2');
    page.page.goForward({ waitUntil: 'domcontentloaded' }).catch(() => {});
    await until('only the other reader counts', async () => await viewers() === 1);
  });
}
