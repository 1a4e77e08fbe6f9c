import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The installation's secret: generated on the first start into `<dataDir>/secret` (readable by its owner only) and read
 * from there afterwards. Written beside and renamed, so that a killed start never leaves half a secret.
 */
export async function loadOrCreateSecret(dataDir: string): Promise<string> {
  return (await readSecret(dataDir, 'secret')) ?? (await createSecret(dataDir, 'secret'));
}

/** The secret that a rotation is on its way to, in `<dataDir>/secret.next`; undefined when none is under way. */
export function loadNextSecret(dataDir: string): Promise<string | undefined> {
  return readSecret(dataDir, 'secret.next');
}

/** Begins a rotation, or takes up the one that is under way. */
export async function loadOrCreateNextSecret(dataDir: string): Promise<string> {
  return (await loadNextSecret(dataDir)) ?? (await createSecret(dataDir, 'secret.next'));
}

/** Ends a rotation: from now on there is the next secret only. */
export async function adoptNextSecret(dataDir: string): Promise<void> {
  await rename(join(dataDir, 'secret.next'), join(dataDir, 'secret'));
}

async function readSecret(dataDir: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(dataDir, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text !== undefined && text.trim().length >= 32 ? text.trim() : undefined;
}

async function createSecret(dataDir: string, name: string): Promise<string> {
  const path = join(dataDir, name);
  await mkdir(dataDir, { recursive: true });
  const secret = randomBytes(48).toString('base64url');
  const temporaryPath = `${path}.${process.pid}`;
  await rm(temporaryPath, { force: true });
  const file = await open(temporaryPath, 'wx', 0o600);
  try {
    await file.writeFile(secret);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporaryPath, path);
  return secret;
}
