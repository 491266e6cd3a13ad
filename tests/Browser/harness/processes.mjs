import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set();
const folders = new Set();

// A test file that ends early, however it ends, leaves no process and no folder behind.
process.on('exit', () => {
  for (const child of running) kill(child, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** The path of the first of these programs that is installed, or undefined. */
export function installed(...programs) {
  for (const program of programs) {
    const found = spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin:/sbin command -v "$0"', program], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
}

/** Looks after a process that something else started, in a process group of its own. */
export function adopt(child) {
  running.add(child);
  child.on('close', () => running.delete(child));
}

/**
 * Starts a program in a process group of its own, so that stopping it stops what it started.
 * `log()` is everything it has printed; `ended` resolves to `{ code, signal }`.
 */
export function start(program, args, { cwd, env, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio, detached: true });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => printed.push(data));
  running.add(child);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ error }));
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    child,
    ended,
    log: () => Buffer.concat(printed).toString(),
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    /** Asks politely, and insists when that takes too long. */
    async stop(signal = 'SIGTERM', patience = 15_000) {
      kill(child, signal);
      const insist = setTimeout(() => kill(child, 'SIGKILL'), patience);
      try {
        return await ended;
      } finally {
        clearTimeout(insist);
      }
    },
  };
}

function kill(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}

/** A new empty folder that is gone when the test file ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `counter-${name}-`));
  folders.add(folder);
  return folder;
}

/** A TCP port of 127.0.0.1 that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
