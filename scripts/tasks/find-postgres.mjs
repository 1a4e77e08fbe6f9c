import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installInTurn, installPackages } from './debian-packages.mjs';

/** Folders that may hold `initdb` and `postgres`, newest version first. */
function candidateFolders() {
  const versions = '/usr/lib/postgresql';
  const debian = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : [];
  return [
    ...debian,
    ...(process.env.PATH ?? '').split(delimiter),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/local/pgsql/bin',
    '/usr/pgsql/bin',
  ];
}

const isComplete = (/** @type {string} */ folder) =>
  ['initdb', 'postgres'].every((program) => existsSync(join(folder, program)));

/** The folder of a Postgres server's programs; installs Debian's package when that is possible and none is there. */
export async function findPostgres() {
  const found = candidateFolders().find(isComplete);
  if (found !== undefined) return found;
  await installInTurn(() => installPackages(['postgresql']));
  return candidateFolders().find(isComplete);
}
