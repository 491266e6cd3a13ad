import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './patience.mjs';
import { freePort, start, temporaryFolder } from './processes.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const configuration = process.env.CONFIGURATION ?? 'Release';

/** The path of a program of ours. Throws where it was not built. */
export function built(name) {
  const program = join(root, 'src', name, 'bin', configuration, `net10.0/Counter.${name}.dll`);
  if (!existsSync(program)) throw new Error(`${program} is missing: build it first (dotnet build -c ${configuration}).`);
  return program;
}

/**
 * Starts the real gateway as a process of its own and waits until it is ready.
 * @param {{after: (stop: () => any) => void}} scope the test, or the test file, at whose end it is stopped.
 * @param {{port?: number, data?: string, settings?: Record<string, string|number>, ready?: string}} [options]
 *   `settings` are passed on the command line; `ready` is where readiness is asked, by default over plain HTTP.
 */
export async function startGateway(scope, { port, data, settings = {}, ready } = {}) {
  const program = built('Gateway');
  port ??= await freePort();
  data ??= temporaryFolder('data');
  const url = `http://127.0.0.1:${port}`;
  const all = { 'Data:Directory': data, ...(settings['Kestrel:Endpoints:Https:Url'] ? {} : { urls: url }), ...settings };
  const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
  const gateway = start('dotnet', [program, ...args], { cwd: dirname(program) });

  scope.after(() => gateway.stop());

  ready ??= `${url}/health/ready`;
  await until('the gateway is ready', async () => {
    if (!gateway.alive) return true;
    return (await fetch(ready)).ok;
  }, { deadline: 60_000, seen: gateway.log });
  if (!gateway.alive) throw new Error(`The gateway ended at once:\n${gateway.log()}`);

  return { ...gateway, url, port, data };
}
