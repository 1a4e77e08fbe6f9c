import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataFolder } from './data-folder.ts';
import { lockDataFolder } from './data-folder-lock.ts';

let folder: string;
const holders: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-lock-'));
});
afterEach(() => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Another process that takes the lock and keeps it. */
async function startHolder(): Promise<ChildProcess> {
  const module = pathToFileURL(join(import.meta.dirname, 'data-folder-lock.ts')).href;
  const program = `import { lockDataFolder } from ${JSON.stringify(module)};
    lockDataFolder(${JSON.stringify(folder)}).announce('http://localhost:4400');
    process.stdout.write('locked');
    setInterval(() => globalThis.gc(), 10);`;
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(holder);
  await once(holder.stdout as NodeJS.ReadableStream, 'data');
  return holder;
}

describe('lockDataFolder', () => {
  it('refuses a second instance and names the first', async () => {
    const holder = await startHolder();
    expect(() => lockDataFolder(folder)).toThrow(
      `Switchyard is already running on ${folder} as process ${holder.pid} at http://localhost:4400: use that one, stop it first, or set SWITCHYARD_DATA_DIR to another folder.`,
    );
  });

  it('takes over at once after kill -9', async () => {
    const holder = await startHolder();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDataFolder(folder).release();
  });

  it('can be taken again after release, and release twice does no harm', () => {
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(`process ${process.pid}`);
    lock.release();
    lock.release();
    lockDataFolder(folder).release();
  });

  it('refuses without a name when the note about the holder is unreadable', () => {
    const lock = lockDataFolder(folder);
    writeFileSync(join(folder, 'instance.json'), '{"pid":');
    expect(() => lockDataFolder(folder)).toThrow(`already running on ${folder}: use`);
    lock.release();
  });
});

describe('prepareDataFolder', () => {
  it('makes the folder', () => {
    prepareDataFolder(join(folder, 'a/b'));
    lockDataFolder(join(folder, 'a/b')).release();
  });

  it('says in one sentence why a folder cannot be used', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => prepareDataFolder(join(folder, 'file'))).toThrow(
      /file cannot be used: there is a file of that name\. Set SWITCHYARD_DATA_DIR/,
    );
    expect(() => prepareDataFolder(join(folder, 'file/below'))).toThrow(/a part of the path is a file/);
  });
});
