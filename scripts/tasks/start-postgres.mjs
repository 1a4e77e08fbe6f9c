import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.mjs';
import { runCommand } from './run-command.mjs';

const startWithinMs = 30_000;

/**
 * A temporary Postgres server on a free port, for tests: nothing it holds outlives it.
 * @typedef {{ url: string, stop: () => Promise<void> }} TemporaryPostgres
 */

/** Postgres refuses to run as root: the user to run it as, or undefined for the present one. */
function findUnprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const read = (/** @type {string} */ flag) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: read('-u'), gid: read('-g') };
    } catch {
      // This user does not exist here.
    }
  }
  return undefined;
}

/** Starts it. @param {string} programs the folder with `initdb` and `postgres` @returns {Promise<TemporaryPostgres>} */
export async function startPostgres(programs) {
  const user = findUnprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-postgres-'));
  if (user) chownSync(folder, user.uid, user.gid);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const data = join(folder, 'data');
  const created = await runCommand(
    join(programs, 'initdb'),
    [
      '--pgdata',
      data,
      '--username',
      'switchyard',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
    ],
    { cwd: folder, ...user },
  );
  if (created.exitCode !== 0) {
    remove();
    throw new Error(`initdb failed:\n${created.output}`);
  }
  const port = await findFreePort();
  const settings = [
    `listen_addresses=127.0.0.1`,
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user },
  );
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    remove();
  };
  let log = '';
  const ready = new Promise((resolve, reject) => {
    server.stderr.on('data', (/** @type {Buffer} */ chunk) => {
      log += chunk;
      if (log.includes('ready to accept connections')) resolve(undefined);
      if (log.length > 100_000) log = log.slice(-50_000);
    });
    server.once('exit', () => reject(new Error(`Postgres ended at once:\n${log}`)));
    setTimeout(() => reject(new Error(`Postgres was not ready in time:\n${log}`)), startWithinMs).unref();
  });
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgresql://switchyard@127.0.0.1:${port}/postgres`, stop };
}
