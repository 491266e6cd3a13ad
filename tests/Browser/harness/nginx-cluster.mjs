import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { selfSignedCertificate } from './certificate.mjs';
import { startGateway } from './gateway.mjs';
import { until } from './patience.mjs';
import { postgresMissing, startPostgres } from './postgres.mjs';
import { freePort, installed, start, temporaryFolder } from './processes.mjs';
import { startSilo } from './silo.mjs';
import { startSite } from './site.mjs';

// The configuration that deploy/compose gives to nginx, in front of two gateways that count in a silo. Only addresses, the
// folder of temporary files and the commented lines for HTTPS differ, and answers say which gateway they are from.
const compose = fileURLToPath(new URL('../../../deploy/compose', import.meta.url));
const missing = ['nginx', 'openssl'].find((program) => !installed(program));

/** Why there can be no cluster behind nginx, or false. */
export const skip = postgresMissing || (missing ? `${missing} not installed` : false);

/** The operator's key. */
export const key = 'the-key-of-the-operator-in-these-tests';

// What was started last is stopped first: gateways say goodbye to the silo, which stores what changed.
const stops = [];
const scope = { after: (stop) => stops.unshift(stop) };

/** Two gateways, their silo and database, and nginx, for all tests of a file. */
export const cluster = { gateways: [] };
after(async () => {
  for (const stop of stops) await stop();
});
before(async () => {
  if (skip) return;
  cluster.postgres = await startPostgres(scope);
  const store = { 'Cluster:Store': 'Postgres', 'Cluster:ConnectionString': cluster.postgres.connection };
  await startSilo(scope, { settings: store });
  cluster.settings = { ...store, 'Admin:Key': key, 'Proxies:Trusted': '127.0.0.1', 'Streaming:DrainSeconds': 1 };
  const { gateways } = cluster;
  for (let i = 0; i < 2; i++) gateways.push(await startGateway(scope, { settings: cluster.settings }));
  cluster.proxy = await startProxy(gateways);
  cluster.everywhere = [...gateways.map(({ url }) => url), cluster.proxy.url];
  const health = () => Promise.all(gateways.map(async ({ url }) => (await fetch(`${url}/health/ready`)).text()));
  await until('the gateways reach the silo', async () => (await health()).every((text) => text === 'Healthy'), { seen: () => gateways.map(({ log }) => log()) });
});

/** Starts a gateway in the place of one that was stopped. */
export async function restart(gateway) {
  const { gateways, settings } = cluster;
  return (gateways[gateways.indexOf(gateway)] = await startGateway(scope, { port: gateway.port, settings }));
}

/** Starts another gateway, and has nginx send each request to the next of them, whatever it belongs to. Returns what a walk needs. */
export async function spread() {
  const another = await startGateway(scope, { settings: cluster.settings });
  cluster.gateways.push(another);
  cluster.everywhere.push(another.url);
  cluster.proxy.reload((text) => {
    const server = new RegExp(`server 127.0.0.1:${cluster.gateways[0].port} (.*);`).exec(text);
    assert.ok(server && text.includes('least_conn;'), 'nginx.conf balances by connections');
    return text.replace('least_conn;', '').replace(server[0], `${server[0]} server 127.0.0.1:${another.port} ${server[1]};`);
  });
  await until('nginx sends requests to all three', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(`${cluster.proxy.url}/health/live`)));
    return new Set(answers.map(({ headers }) => headers.get('served-by').split(':').at(-1))).size === 3;
  });
  return {
    site: await startSite(scope),
    urls: { 'nginx to three gateways': cluster.proxy.url, 'nginx with HTTP/2 to three gateways': cluster.proxy.secure },
    /** Asked past nginx, so that only the browser's own requests are spread. */
    async status(name, page) {
      const answer = await fetch(`${cluster.gateways[0].url}/online.json?site=${name}&page=${page}&explain=1`, { headers: { Authorization: `Bearer ${key}` } });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return answer.json();
    },
  };
}

async function startProxy(gateways) {
  const [port, securePort] = [await freePort(), await freePort()];
  const [temporary, folder] = [temporaryFolder('nginx'), temporaryFolder('nginx-conf')];
  const { certificate, key: certificateKey } = selfSignedCertificate();
  // What compose.yaml puts in the place of the container's configuration must be a folder, or a changed file is not seen.
  const mounted = /- \.\/(\S+):\/etc\/nginx:ro/.exec(readFileSync(join(compose, 'compose.yaml'), 'utf8'))?.[1];
  assert.ok(mounted, 'compose.yaml mounts a folder at /etc/nginx');
  let text = readFileSync(join(compose, mounted, 'nginx.conf'), 'utf8');
  const replace = (what, by) => {
    assert.ok(text.includes(what), `nginx.conf has ${what}`);
    text = text.replaceAll(what, by);
  };
  replace('/tmp/', `${temporary}/`);
  replace('listen 80 ', `listen 127.0.0.1:${port} `);
  replace('# listen 443 ', `listen 127.0.0.1:${securePort} `);
  replace('# ssl_certificate /etc/nginx/certificates/counter.pem', `ssl_certificate ${certificate}`);
  replace('# ssl_certificate_key /etc/nginx/certificates/counter.key', `ssl_certificate_key ${certificateKey}`);
  replace('postpone_output 0;', 'postpone_output 0; add_header Served-By $upstream_addr;');
  replace('172.30.92.11:9192', `127.0.0.1:${gateways[0].port}`);
  replace('172.30.92.12:9192', `127.0.0.1:${gateways[1].port}`);
  // As an editor does: a new file takes the place of the old one.
  const write = (configuration) => {
    writeFileSync(join(folder, 'nginx.conf~'), configuration);
    renameSync(join(folder, 'nginx.conf~'), join(folder, 'nginx.conf'));
  };
  write(text);
  const user = process.getuid() === 0 ? 'user root;' : '';
  const nginx = start(installed('nginx'), ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', `daemon off; ${user}`]);
  scope.after(() => nginx.stop());
  const url = `http://127.0.0.1:${port}`;
  await until('nginx is ready', async () => (await fetch(`${url}/health/ready`)).ok, { seen: nginx.log });
  const reload = (change) => {
    write(change(text));
    process.kill(nginx.child.pid, 'SIGHUP');
  };
  return { ...nginx, reload, url, secure: `https://127.0.0.1:${securePort}` };
}

/** The parameters that name a page. */
export const of = (page) => `site=nginx.example&page=/${page}`;

/** The number of a page, as whoever is asked at an address says. */
export const number = async (url, page) => Number(await (await fetch(`${url}/online.txt?${of(page)}`)).text());

/** Waits until both gateways and nginx say so many. */
export async function all(page, wanted) {
  const numbers = () => Promise.all(cluster.everywhere.map((url) => number(url, page)));
  await until(`${wanted} are counted everywhere`, async () => (await numbers()).every((n) => n === wanted), { seen: numbers });
}

/** Asks as a player does, and keeps what comes, as text in which each byte is a character. */
export async function read(t, address, options = {}) {
  const asked = get(address.replace('/online.svg?', '/online.svg?length=1&'), { agent: false, ...options });
  t.after(() => asked.destroy());
  const answer = await new Promise((resolve, reject) => asked.on('response', resolve).on('error', reject));
  const got = { answer, text: '', leave: () => void asked.destroy(), ended: new Promise((resolve) => answer.on('end', resolve)) };
  answer.setEncoding('latin1').on('data', (data) => (got.text += data)).on('error', () => {});
  return got;
}

/** The numbers in the frames of an SVG stream, each as often as it was sent. */
export const shown = (text) => [...text.matchAll(/>(\d+)<\/text>/g)].map(([, n]) => Number(n));

/** The gateway that answered, the last that nginx tried. */
export const servedBy = ({ headers }) => cluster.gateways.find(({ port }) => headers['served-by'].endsWith(`:${port}`));
