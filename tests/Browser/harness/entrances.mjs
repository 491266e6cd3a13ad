import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { selfSignedCertificate } from './certificate.mjs';
import { startGateway } from './gateway.mjs';
import { until } from './patience.mjs';
import { freePort, installed, start, temporaryFolder } from './processes.mjs';
import { startSite } from './site.mjs';

const guide = fileURLToPath(new URL('../../../docs/proxy.md', import.meta.url));
const key = 'the-operators-key-of-these-tests-only';

/** Why there cannot be all ways to a gateway, or false. */
export const entrancesMissing = ['nginx', 'openssl'].filter((program) => !installed(program)).map((program) => `${program} not installed`)[0] ?? false;

/** The ways from a browser to a gateway. */
export const transports = ['HTTP/1.1', 'HTTP/2', 'nginx to HTTP/1.1', 'nginx to HTTP/2'];

/**
 * Starts a gateway, nginx in front of it as docs/proxy.md says, and a web site whose pages nginx serves too. `urls` has the address of each
 * transport.
 * @param {{settings?: object, location?: string}} [options] `location` is added to nginx's location.
 */
export async function startEntrances(scope, { settings = {}, location = '' } = {}) {
  const pem = selfSignedCertificate();
  const [port, securePort] = [await freePort(), await freePort()];
  const gateway = await startGateway(scope, {
    port,
    settings: {
      'Admin:Key': key,
      'Proxies:Trusted': '127.0.0.1',
      'Kestrel:Endpoints:Http:Url': `http://127.0.0.1:${port}`,
      'Kestrel:Endpoints:Https:Url': `https://127.0.0.1:${securePort}`,
      'Kestrel:Endpoints:Https:Protocols': 'Http2',
      'Kestrel:Endpoints:Https:Certificate:Path': pem.certificate,
      'Kestrel:Endpoints:Https:Certificate:KeyPath': pem.key,
      ...settings,
    },
  });
  const site = await startSite(scope);
  const proxy = await startNginx(scope, { gateway, site, pem, location });
  const urls = Object.fromEntries(transports.map((transport, i) => [transport, [gateway.url, `https://127.0.0.1:${securePort}`, proxy.url, proxy.secure][i]]));
  return {
    gateway,
    site,
    urls,
    /** What the gateway says of a page, and why. */
    async status(name, page) {
      const answer = await fetch(`${gateway.url}/online.json?site=${name}&page=${page}&explain=1`, { headers: { Authorization: `Bearer ${key}` } });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return answer.json();
    },
  };
}

/** nginx with what docs/proxy.md says that it needs, for all of the host or below a path such as `/counter/`. */
export async function startNginx(scope, { gateway, site, pem, location = '', below }) {
  const [, snippet] = /```nginx\n([\s\S]*?)```/.exec(readFileSync(guide, 'utf8'));
  const [inside, outside] = snippet.split('# outside of server { }');
  if (!inside.includes('proxy_pass http://127.0.0.1:9192;') || !outside) throw new Error('docs/proxy.md has another configuration of nginx.');
  const [port, securePort] = [await freePort(), await freePort()];
  const folder = temporaryFolder('nginx');
  mkdirSync(join(folder, 'temp'));
  writeFileSync(join(folder, 'nginx.conf'), `
    daemon off;
    ${process.getuid() === 0 ? 'user root;' : ''}
    worker_processes 1;
    pid nginx.pid;
    error_log stderr;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path temp/${name};`).join(' ')}
      ${outside}
      server {
        listen 127.0.0.1:${port};
        listen 127.0.0.1:${securePort} ssl http2;
        ssl_certificate ${pem.certificate};
        ssl_certificate_key ${pem.key};
        location /pages/ { proxy_pass http://127.0.0.1:${site.port}; }
        ${(below ? belowPath(inside, below) : inside).replace('proxy_pass http://127.0.0.1:9192;', (pass) => pass + location).replaceAll('http://127.0.0.1:9192', gateway.url)}
      }
    }`);
  const nginx = start(installed('nginx'), ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']);
  scope.after(() => nginx.stop());
  const url = `http://127.0.0.1:${port}${below?.slice(0, -1) ?? ''}`;
  await until('nginx is ready', async () => (await fetch(`${url}/health/ready`)).ok, { seen: nginx.log });
  return { url, secure: `https://127.0.0.1:${securePort}` };
}

/** docs/proxy.md's configuration with what it says to change for a path. */
function belowPath(inside, path) {
  return inside
    .replace('location / {', `location ${path} {`)
    .replace('location = /online/events {', `location = ${path}online/events {`)
    .replace('proxy_pass http://127.0.0.1:9192;', `proxy_pass http://127.0.0.1:9192/; proxy_set_header X-Forwarded-Prefix ${path.slice(0, -1)};`)
    .replace(/proxy_pass http:\/\/127\.0\.0\.1:9192;/, 'proxy_pass http://127.0.0.1:9192/online/events;');
}
