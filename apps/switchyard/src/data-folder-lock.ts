import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from './start-error.ts';

/** Exclusive use of a data folder by this process. */
export interface DataFolderLock {
  /** Notes where this instance can be reached, for the message that a second one shows. */
  announce(url: string): void;
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly url?: string;
}

/** Keeps locks alive that nobody refers to any more: a collected database would unlock its file. */
const heldFiles = new Set<DatabaseSync>();

const busyCodes = new Set([5, 6]); // SQLITE_BUSY, SQLITE_LOCKED

/**
 * Takes the folder for this process, or throws a {@link StartError} that names who has it.
 *
 * The lock is the exclusive lock of an empty SQLite file: one of the operating system, gone in the instant in which its
 * holder dies, however it dies. So there is nothing stale to judge and no moment in which two can take it. The file
 * beside it only says who holds the lock.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  const holderPath = join(folder, 'instance.json');
  const lockFile = new DatabaseSync(join(folder, 'instance.lock'), { timeout: 0 });
  try {
    lockFile.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lockFile.close();
    if (!busyCodes.has((error as { errcode?: number }).errcode ?? 0)) throw error;
    throw new StartError(alreadyRunning(folder, readHolder(holderPath)));
  }
  heldFiles.add(lockFile);
  const write = (holder: Holder) => writeFileSync(holderPath, `${JSON.stringify(holder)}\n`);
  write({ pid: process.pid });
  return {
    announce: (url) => write({ pid: process.pid, url }),
    release: () => {
      if (!lockFile.isOpen) return;
      rmSync(holderPath, { force: true });
      lockFile.close();
      heldFiles.delete(lockFile);
    },
  };
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return holder !== null && typeof holder === 'object' && 'pid' in holder ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function alreadyRunning(folder: string, holder: Holder | undefined): string {
  const who = holder ? ` as process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}` : '';
  return `Switchyard is already running on ${folder}${who}: use that one, stop it first, or set SWITCHYARD_DATA_DIR to another folder.`;
}
