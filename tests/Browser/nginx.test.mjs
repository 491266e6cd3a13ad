import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { engines } from './harness/engines.mjs';
import { startGateway } from './harness/gateway.mjs';
import { until } from './harness/patience.mjs';
import { freePort, installed, start, temporaryFolder } from './harness/processes.mjs';
import { Sheet } from './harness/sheet.mjs';
import { view } from './harness/viewer.mjs';
import { image } from './harness/visit.mjs';

const program = installed('nginx');
const missing = program ? false : 'nginx not installed';
const proxy = missing ? undefined : await startProxy();
const online = `${proxy?.url}/online.png`;

// nginx serves the pages too, so the image has the origin of the page and browsers tell the whole address.
for (const engine of engines) {
  const name = `${engine.name} shows every change at once through nginx, and sends its page as referer`;
  test(name, { skip: engine.skip || missing }, async (t) => {
    const sheet = new Sheet(proxy, [{ html: image('/online.png') }]);
    const path = `/pages/${engine.name}.html`;
    proxy.add(path, sheet.html);
    const page = await (await engine.start()).open(proxy.url + path);
    t.after(() => page.close());

    await sheet.shows(page, '1');
    await view(t, online, `${proxy.url}/pages/another.html`);
    const second = await view(t, online, proxy.url + path);
    await sheet.shows(page, '2');
    second.leave();
    await sheet.shows(page, '1');
  });
}

async function startProxy() {
  const gateway = await startGateway({ after });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = temporaryFolder('nginx');
  mkdirSync(join(folder, 'www/pages'), { recursive: true });
  writeFileSync(join(folder, 'nginx.conf'), `
    daemon off;
    ${process.getuid() === 0 ? 'user root;' : ''}
    worker_processes 1;
    pid nginx.pid;
    error_log stderr;
    events { worker_connections 256; }
    http {
      access_log off;
      types { text/html html; }
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      server {
        listen 127.0.0.1:${port};
        location /pages/ { root www; }
        location / {
          proxy_pass ${gateway.url};
          proxy_http_version 1.1;
          proxy_buffering off;
          postpone_output 0;
        }
      }
    }`);
  const nginx = start(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']);
  after(() => nginx.stop());
  await until('nginx is ready', async () => (await fetch(`${url}/health/ready`)).ok, { seen: nginx.log });
  return { url, add: (path, html) => writeFileSync(join(folder, 'www', path), html) };
}
