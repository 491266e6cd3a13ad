import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { after, test } from 'node:test';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { freePort, installed } from './harness/processes.mjs';
import { view } from './harness/viewer.mjs';

const key = 'the-operators-key-of-this-browser-test';
const missing = installed('openssl') ? false : 'openssl not installed';
const { plain, secure, site } = missing ? {} : await start();

for (const engine of engines) {
  test(`${engine.name} is not counted on a site after its ignore link was opened, with Counter on the same domain`, { skip: engine.skip || missing }, async (t) => {
    const name = `${engine.name.toLowerCase()}.example`;
    const counter = `/online.png?site=${name}&page=/`;
    const made = await fetch(`${plain.url}/api/v1/sites/${name}/ignore-link`, { method: 'POST', headers: { Authorization: `Bearer ${key}` } });
    const link = new URL((await made.json()).url);
    const browser = await engine.start();
    const open = async (url) => {
      const page = await browser.open(url);
      t.after(() => page.close());
      return page;
    };
    const shown = await open(secure + link.pathname + link.search);
    await until('the page says so', async () => (await shown.evaluate('document.body.textContent')).includes(`This browser is not counted on ${name}.`));

    // Somebody else makes the number one that shows when the own picture is there.
    const reader = await view(t, plain.url + counter);
    const page = await open(`${site}${encodeURIComponent(secure + counter)}`);
    await until('the picture is there', () => page.evaluate('document.images[0].naturalWidth > 0'));
    assert.equal(await number(name), '1');
    reader.leave();
    await until('nobody is counted', async () => await number(name) === '0');

    const back = await open(`${secure}/?site=${name}&ignore=off`);
    await until('the page says so', async () => (await back.evaluate('document.body.textContent')).includes('again'));
    await open(`${site}${encodeURIComponent(secure + counter + '&visit=2')}`);
    await until('the browser is counted', async () => await number(name) === '1');
  });
}

const number = async (name) => (await (await fetch(`${plain.url}/online.txt?site=${name}&page=/`)).text()).trim();

/** A gateway over TLS, and pages of the same host that show the picture that their address names. */
async function start() {
  const { certificate, key: pem } = selfSignedCertificate();
  const [port, securePort] = [await freePort(), await freePort()];
  const gateway = await startGateway({ after }, {
    port,
    settings: {
      'Admin:Key': key,
      'Kestrel:Endpoints:Http:Url': `http://127.0.0.1:${port}`,
      'Kestrel:Endpoints:Https:Url': `https://127.0.0.1:${securePort}`,
      'Kestrel:Endpoints:Https:Certificate:Path': certificate,
      'Kestrel:Endpoints:Https:Certificate:KeyPath': pem,
    },
  });
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(pem) }, ({ url }, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><title>A page</title><img src="${decodeURIComponent(url.slice(2))}" alt="">`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close() && server.closeAllConnections());
  return { plain: gateway, secure: `https://127.0.0.1:${securePort}`, site: `https://127.0.0.1:${server.address().port}/?` };
}
