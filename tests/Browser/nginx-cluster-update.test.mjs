import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, cluster, number, of, read, restart, servedBy, shown, skip } from './harness/nginx-cluster.mjs';
import { until } from './harness/patience.mjs';
import { view } from './harness/viewer.mjs';

// Gateways come and go behind nginx, and nobody is lost who need not be.
test('A gateway marked down in nginx keeps its streams and gets no new ones', { skip }, async (t) => {
  const [leaving, staying] = cluster.gateways;
  const open = () => read(t, `${cluster.proxy.url}/online.svg?${of('down')}&label={n}&watch=1`);
  const before = [await open(), await open(), await open(), await open()];
  assert.ok(before.some(({ answer }) => servedBy(answer) === leaving));

  cluster.proxy.reload((text) => text.replace(`127.0.0.1:${leaving.port} `, `127.0.0.1:${leaving.port} down `));
  const fourMore = async () => (await Promise.all([open(), open(), open(), open()])).map(({ answer }) => servedBy(answer));
  await until('new streams go to the other gateway only', async () => (await fourMore()).every((gateway) => gateway === staying), { every: 200 });
  await view(t, `${cluster.proxy.url}/online.png?${of('down')}`);
  await until('all who were there before see one', () => before.every(({ text }) => shown(text).at(-1) === 1), { seen: () => before.map(({ text }) => shown(text)) });
  cluster.proxy.reload((text) => text);
  await until('it gets streams again', async () => (await fourMore()).includes(leaving), { every: 200 });
});

test('While one gateway behind nginx restarts the other serves, and the number is right', { skip }, async (t) => {
  const open = () => read(t, `${cluster.proxy.url}/online.svg?${of('update')}&label={n}`, { headers: { 'User-Agent': `a player ${Math.random()}` } });
  const streams = [];
  for (let i = 0; i < 6; i++) streams.push(await open());
  await all('update', 6);
  const left = [];
  streams.forEach((stream) => stream.ended.then(() => left.push(stream)));

  const [stopping, staying] = cluster.gateways;
  const { code } = await stopping.stop('SIGTERM');
  assert.equal(code, 0, stopping.log());
  const began = performance.now();
  const stayed = () => number(staying.url, 'update');
  await until('the other counts those that are left', async () => left.length > 0 && (await stayed()) === 6 - left.length, { seen: stayed });
  t.diagnostic(`${left.length} of 6 streams ended; the number was right ${Math.round(performance.now() - began)} ms after the gateway had`);
  assert.ok(left.length < 6, 'streams of the other gateway go on');
  assert.ok(left.every(({ answer }) => answer.complete), 'nginx passed a proper end on');

  const again = await Promise.all(left.map(open));
  assert.ok(again.every(({ answer }) => answer.statusCode === 200));
  await until('all are there again', async () => (await number(cluster.proxy.url, 'update')) === 6 && (await stayed()) === 6, { seen: stayed });
  const survivor = streams.find((stream) => !left.includes(stream));
  await until('a stream that stayed shows it', () => shown(survivor.text).at(-1) === 6, { seen: () => shown(survivor.text) });

  const returned = await restart(stopping);
  await all('update', 6);
  await until('nginx sends it viewers again', async () => servedBy((await open()).answer) === returned, { every: 500 });
});

test('Both gateways stop with code 0', { skip }, async () => {
  await cluster.proxy.stop();
  for (const gateway of cluster.gateways) assert.equal((await gateway.stop()).code, 0, gateway.log());
  assert.ok(cluster.postgres.alive());
});
