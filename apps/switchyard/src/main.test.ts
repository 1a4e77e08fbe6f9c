import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-main-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The program as people call it, in a folder of its own. */
const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { status, stdout, stderr };
};

describe('switchyard', { timeout: 60_000 }, () => {
  it('helps, and refuses what it does not know', () => {
    expect(run('--help').stdout).toMatch(/validate \[FILE\].*\n.*doctor \[FILE\]/);
    expect(run('vaildate')).toMatchObject({ status: 2, stderr: expect.stringContaining('validate, doctor, schema') });
  });

  it('answers by its exit code', () => {
    writeFileSync(join(folder, 'switchyard.yaml'), 'version: 1\nalias: {}\n');
    expect(run('validate')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('switchyard.yaml:2:1 error'),
      stderr: '',
    });
  });

  it('prints the schema that an editor can read', () => {
    expect(JSON.parse(run('schema').stdout)).toMatchObject({ title: 'switchyard.yaml', type: 'object' });
  });
});
