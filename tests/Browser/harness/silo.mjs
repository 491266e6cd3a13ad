import { dirname } from 'node:path';
import { built } from './gateway.mjs';
import { until } from './patience.mjs';
import { freePort, start } from './processes.mjs';

/** Starts the real silo as a process of its own, on free ports of loopback, and waits until it takes part. */
export async function startSilo(scope, { settings }) {
  const program = built('Silo');
  const url = `http://127.0.0.1:${await freePort()}`;
  const all = {
    urls: url, 'Cluster:SiloAddress': '127.0.0.1', 'Cluster:SiloPort': await freePort(), 'Cluster:GatewayPort': await freePort(), ...settings,
  };
  const silo = start('dotnet', [program, ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)], { cwd: dirname(program) });
  scope.after(() => silo.stop());
  await until('the silo is ready', async () => !silo.alive || (await fetch(`${url}/health/ready`)).ok, { deadline: 60_000, seen: silo.log });
  if (!silo.alive) throw new Error(`The silo ended at once:\n${silo.log()}`);
  return silo;
}
