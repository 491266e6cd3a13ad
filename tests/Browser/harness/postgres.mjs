import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './patience.mjs';
import { freePort, start, temporaryFolder } from './processes.mjs';

const versions = '/usr/lib/postgresql';
const programs = (existsSync(versions) ? readdirSync(versions) : [])
  .sort((a, b) => b - a).map((version) => join(versions, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));

/** Why there can be no database, or false. */
export const postgresMissing = programs ? false : 'postgresql not installed';

/**
 * A PostgreSQL server of the test's own, in its own directory and on a free port of loopback. It refuses to run as root, and is
 * nobody's then. Returns how Npgsql connects to its one database.
 */
export async function startPostgres(scope) {
  const folder = temporaryFolder('postgres');
  chmodSync(folder, 0o777);
  const port = await freePort();
  const data = join(folder, 'data');
  const user = process.getuid() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : ['env'];
  const command = (name, ...args) => [user[0], [...user.slice(1), join(programs, name), ...args]];
  const made = spawnSync(...command(
    'initdb', `--pgdata=${data}`, '--username=counter', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'), { cwd: '/', encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`PostgreSQL could not be set up: ${made.stderr}`);

  const server = start(...command(
    'postgres', '-D', data, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'shared_buffers=64MB'), { cwd: '/' });
  // Without waiting for those who are connected.
  scope.after(() => server.stop('SIGINT'));
  const ready = command('psql', '-h', '127.0.0.1', '-p', `${port}`, '-U', 'counter', '-d', 'postgres', '-qc', 'SELECT 1');
  await until('PostgreSQL is ready', () => spawnSync(...ready, { cwd: '/' }).status === 0, { deadline: 60_000, seen: server.log });
  return { connection: `Host=127.0.0.1;Port=${port};Username=counter;Database=postgres`, alive: () => server.alive };
}
