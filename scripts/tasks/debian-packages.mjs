import { existsSync } from 'node:fs';
import { runCommand } from './run-command.mjs';

const isRoot = () => process.getuid?.() === 0;

/** Whether missing programs can be installed here: Debian or a relative, as root. */
export const canInstallPackages = () => isRoot() && existsSync('/usr/bin/apt-get');

/** @type {Promise<unknown>} */
let installing = Promise.resolve();

/**
 * Runs `work` once all earlier ones have ended: a system installs for one at a time.
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export function installInTurn(work) {
  const result = installing.then(work);
  installing = result.catch(() => {});
  return result;
}

let areListsFresh = false;

/** Installs Debian packages without questions. True when that went well. @param {readonly string[]} names */
export async function installPackages(names) {
  if (!canInstallPackages()) return false;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (!areListsFresh) {
    areListsFresh = (await runCommand('apt-get', ['update', '-q'], { env, timeoutMs: 180_000 })).exitCode === 0;
  }
  const args = ['install', '-y', '-q', '--no-install-recommends', ...names];
  return (await runCommand('apt-get', args, { env, timeoutMs: 400_000 })).exitCode === 0;
}
