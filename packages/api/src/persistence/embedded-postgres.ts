import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const finalName = 'postgres';
const initialisingPrefix = 'postgres.initialising-';

/**
 * Opens the embedded Postgres that lives in `<dataDir>/postgres`, creating it if it is missing.
 *
 * PGlite killed during its very first start leaves a broken folder, so a new database is created in a temporary folder
 * beside the final one, closed, and renamed: at every instant the final folder is either absent or whole. Leftovers of
 * a killed start are removed. The caller must hold the lock of `dataDir`: two processes on one folder destroy it.
 */
export async function openEmbeddedPostgres(dataDir: string): Promise<PGlite> {
  await mkdir(dataDir, { recursive: true });
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(initialisingPrefix)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  const finalDir = join(dataDir, finalName);
  if (!existsSync(finalDir)) {
    const temporaryDir = join(dataDir, `${initialisingPrefix}${process.pid}`);
    const fresh = await PGlite.create(temporaryDir);
    await fresh.close();
    await rename(temporaryDir, finalDir);
  }
  return PGlite.create(finalDir);
}

/** A database in memory, for tests. */
export function openMemoryPostgres(): Promise<PGlite> {
  return PGlite.create();
}
