import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashInputs, isFresh, writeStamp } from './stamp.mjs';

let root: string;
const stage = {
  name: 'stage',
  inputs: ['source', 'lock.yaml'],
  outputs: ['made'],
  ignore: (path: string) => path.endsWith('.made.ts'),
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'switchyard-stamp-'));
  mkdirSync(join(root, 'source/deep'), { recursive: true });
  mkdirSync(join(root, 'made'));
  writeFileSync(join(root, 'source/deep/a.ts'), 'a');
  writeFileSync(join(root, 'lock.yaml'), '1');
  writeStamp(stage, hashInputs(stage, root), root);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('stamps', () => {
  it('are fresh as long as nothing changed', () => expect(isFresh(stage, root)).toBe(true));

  it.each([
    ['content changed', () => writeFileSync(join(root, 'source/deep/a.ts'), 'b')],
    ['a file was added', () => writeFileSync(join(root, 'source/b.ts'), '')],
    ['a file was removed', () => rmSync(join(root, 'lock.yaml'))],
    ['an output was removed', () => rmSync(join(root, 'made'), { recursive: true })],
    ['the stamp was removed', () => rmSync(join(root, 'node_modules'), { recursive: true })],
  ])('are not fresh after %s', (_what, change) => {
    change();
    expect(isFresh(stage, root)).toBe(false);
  });

  it('do not look at ignored files and folders', () => {
    writeFileSync(join(root, 'source/a.made.ts'), '');
    mkdirSync(join(root, 'source/node_modules'));
    writeFileSync(join(root, 'source/node_modules/a.ts'), '');
    expect(isFresh(stage, root)).toBe(true);
  });

  it('do not cover a change made while the stage ran', () => {
    const hash = hashInputs(stage, root);
    writeFileSync(join(root, 'source/deep/a.ts'), 'changed meanwhile');
    writeStamp(stage, hash, root);
    expect(isFresh(stage, root)).toBe(false);
  });
});
