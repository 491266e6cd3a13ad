import { after, test } from 'node:test';
import { selfSignedCertificate } from './harness/certificate.mjs';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { freePort, installed } from './harness/processes.mjs';
import { view } from './harness/viewer.mjs';
import { image, visit } from './harness/visit.mjs';

const missing = installed('openssl') ? false : 'openssl not installed';
const { plain, secure } = missing ? {} : await startSecureGateway();

for (const engine of engines) {
  test(`${engine.name} shows every change over HTTP/2 and TLS`, { skip: engine.skip || missing }, async (t) => {
    const live = [{ html: image(`${secure.url}/online.png`) }];
    const { shows, url } = await visit(t, engine, { gateway: secure, live });

    await shows('1');
    const second = await view(t, `${plain.url}/online.png`, url);
    await shows('2');
    second.leave();
    await shows('1');
  });
}

/** The secure endpoint speaks nothing but HTTP/2, so what a browser shows from there came over it. */
async function startSecureGateway() {
  const { certificate, key } = selfSignedCertificate();
  const [port, securePort] = [await freePort(), await freePort()];
  const secureUrl = `https://127.0.0.1:${securePort}`;
  const gateway = await startGateway({ after }, {
    port,
    settings: {
      'Kestrel:Endpoints:Http:Url': `http://127.0.0.1:${port}`,
      'Kestrel:Endpoints:Https:Url': secureUrl,
      'Kestrel:Endpoints:Https:Protocols': 'Http2',
      'Kestrel:Endpoints:Https:Certificate:Path': certificate,
      'Kestrel:Endpoints:Https:Certificate:KeyPath': key,
    },
  });
  return { plain: gateway, secure: { url: secureUrl } };
}
