import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of this clone, absolute. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** An absolute path from parts relative to the root of the clone. @param {string[]} parts */
export const inRepository = (...parts) => join(repositoryRoot, ...parts);

/** The Node that the npm package `node` brought; exists after the install. */
export const pinnedNode = () =>
  process.platform === 'win32'
    ? inRepository('node_modules', 'node', 'bin', 'node.exe')
    : inRepository('node_modules', '.bin', 'node');

/** Name and version of the pinned package manager, for example `pnpm@12.21.0`. */
/** @returns {string} */
export function packageManager() {
  const manifest = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  return String(manifest.packageManager).replace(/\+.*/, '');
}

/**
 * The environment for programs of this repository: its own binaries (and with them the pinned Node) come first in PATH,
 * and no tool asks questions or calls home.
 * @param {Record<string, string | undefined>} [extra]
 */
export function toolEnvironment(extra = {}) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [inRepository('node_modules', '.bin'), process.env[pathName] ?? ''];
  return {
    ...process.env,
    [pathName]: folders.join(delimiter),
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    ...extra,
  };
}

/** The JavaScript entry of a program inside an installed package, to be run by the pinned Node. @param {string[]} parts */
export function packageProgram(...parts) {
  const path = inRepository(...parts);
  return existsSync(path) ? path : undefined;
}
