import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Architecture } from './architecture.ts';
import { checkSources } from './check-sources.ts';

const path = join(import.meta.dirname, '../../architecture.json');
const architecture: Architecture = JSON.parse(readFileSync(path, 'utf8'));

/** Checks sources given by path; answers the rules that were broken, as `path:line rule`. */
const check = (files: Record<string, string>) =>
  checkSources(
    architecture,
    Object.entries(files).map(([file, text]) => ({ path: file, text })),
  ).map(({ path: file, line, rule }) => `${file}:${line} ${rule}`);

const core = 'packages/core/src';
const kernel = { [`${core}/kernel/index.ts`]: '', [`${core}/kernel/clock.ts`]: '', [`${core}/kernel/system.ts`]: '' };

describe('package edges', () => {
  it.each([
    ['packages/core/src/spec/a.ts', '@switchyard/api'],
    ['packages/core/src/spec/a.ts', '@switchyard/simulator'],
    ['packages/simulator/src/a.ts', '@switchyard/core/spec'],
    ['packages/simulator/src/a.test.ts', '@switchyard/core/spec'],
    ['packages/api/src/a.ts', '@switchyard/simulator'],
    ['apps/dashboard/src/a.tsx', '@switchyard/core/spec'],
    ['apps/dashboard/src/a.tsx', '@switchyard/api'],
    ['packages/api/src/a.ts', '@switchyard/core/testing'],
  ])('%s must not import %s', (file, specifier) => {
    expect(check({ [file]: `import { a } from '${specifier}';` })).toContain(`${file}:1 package-edges`);
  });

  it.each([
    ['packages/api/src/a.ts', '@switchyard/core/spec'],
    ['packages/api/src/a.test.ts', '@switchyard/simulator'],
    ['packages/api/src/a.test.ts', '@switchyard/core/testing'],
    ['packages/core/src/providers/a.test.ts', '@switchyard/simulator'],
    ['apps/switchyard/src/a.ts', '@switchyard/api'],
  ])('%s may import %s', (file, specifier) => {
    expect(check({ [file]: `import { a } from '${specifier}';` })).toEqual([]);
  });

  it('refuses a relative path into another package', () => {
    const files = {
      'packages/api/src/a.ts': "import '../../simulator/src/index.ts';",
      'packages/simulator/src/index.ts': '',
    };
    expect(check(files)).toEqual(['packages/api/src/a.ts:1 package-edges']);
  });
});

describe('externals', () => {
  it.each([
    ['apps/switchyard/src/a.ts', '@prisma/client'],
    ['packages/core/src/metrics/a.ts', 'pg'],
    ['packages/core/src/spec/a.ts', 'openai/resources'],
    ['packages/api/src/a.ts', '@anthropic-ai/sdk'],
    ['packages/core/src/spec/a.ts', 'graphql'],
    ['packages/core/src/spec/a.ts', '@pothos/core'],
  ])('%s must not import %s', (file, specifier) => {
    expect(check({ [file]: `import a from '${specifier}';` })).toEqual([`${file}:1 externals`]);
  });

  it('lets packages use what is theirs', () => {
    expect(check({ 'packages/api/src/a.ts': "import { PrismaPg } from '@prisma/adapter-pg';" })).toEqual([]);
    expect(check({ [`${core}/providers/a.ts`]: "import OpenAI from 'openai';" })).toEqual([]);
  });
});

describe('rows of core', () => {
  const spec = { [`${core}/spec/index.ts`]: '', [`${core}/spec/usage.ts`]: '' };
  const importing = (from: string, specifier: string) =>
    check({ ...kernel, ...spec, [from]: `import '${specifier}';` });

  it('lets a module import lower rows through their index', () => {
    expect(importing(`${core}/dispatch/a.ts`, '../spec/index.ts')).toEqual([]);
    expect(importing(`${core}/spec/a.ts`, '../kernel/index.ts')).toEqual([]);
  });

  it('refuses a higher row, the same row, and a way around the door', () => {
    expect(importing(`${core}/kernel/a.ts`, '../spec/index.ts')).toEqual([`${core}/kernel/a.ts:1 core-rows`]);
    expect(importing(`${core}/stats/a.ts`, '../spec/index.ts')).toEqual([`${core}/stats/a.ts:1 core-rows`]);
    expect(importing(`${core}/dispatch/a.ts`, '../spec/usage.ts')).toEqual([`${core}/dispatch/a.ts:1 core-rows`]);
  });

  it('refuses the testing module, the system clock, an unknown module and a root barrel outside tests', () => {
    const testing = { [`${core}/testing/index.ts`]: '' };
    const file = `${core}/dispatch/a.ts`;
    expect(check({ ...testing, [file]: "import '../testing/index.ts';" })).toEqual([`${file}:1 core-rows`]);
    expect(check({ ...testing, [`${core}/dispatch/a.test.ts`]: "import '../testing/index.ts';" })).toEqual([]);
    expect(importing(file, '../kernel/system.ts')).toEqual([`${file}:1 core-rows`]);
    expect(check({ [`${core}/novelty/a.ts`]: '' })).toEqual([`${core}/novelty/a.ts:1 core-rows`]);
    expect(check({ [`${core}/index.ts`]: '' })).toEqual([`${core}/index.ts:1 core-rows`]);
  });
});

describe('time, chance and surroundings', () => {
  const file = `${core}/spec/a.ts`;
  it.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = new Date;',
    'const a = performance.now();',
    'const a = Math.random();',
    'setTimeout(() => {}, 1);',
    'const a = AbortSignal.timeout(5);',
    'const a = randomUUID();',
    'const a = process.pid;',
    "import { setTimeout } from 'node:timers/promises';",
  ])('core must not write: %s', (line) => {
    expect(check({ [file]: `\n${line}` })).toEqual([`${file}:2 ambient`]);
  });

  it('lets system.ts and tests do so, and everybody use pure dates', () => {
    const text = 'const a = Date.now();';
    expect(check({ [`${core}/kernel/system.ts`]: text, [`${core}/spec/a.test.ts`]: text })).toEqual([]);
    expect(check({ [file]: 'const a = new Date(ms); const b = Date.parse(text); clock.setTimeout(1);' })).toEqual([]);
    expect(check({ [file]: '// Date.now() and process.env\nconst a = "Math.random()";' })).toEqual([]);
  });

  it('refuses process.env outside the places that may read it', () => {
    const read = 'const a = process.env.A;';
    expect(check({ 'packages/api/src/a.ts': read })).toEqual(['packages/api/src/a.ts:1 environment']);
    expect(check({ 'packages/api/src/env.ts': read, 'apps/switchyard/src/a.ts': read, 'e2e/a.ts': read })).toEqual([]);
  });
});

describe('shape of files', () => {
  it('refuses names that say nothing', () => {
    for (const name of ['utils.ts', 'common/a.ts', 'helpers.test.ts', 'misc.ts']) {
      expect(check({ [`packages/api/src/${name}`]: '' })).toEqual([`packages/api/src/${name}:1 file-names`]);
    }
  });

  it('refuses more than 400 lines', () => {
    expect(check({ 'packages/api/src/a.ts': 'a;\n'.repeat(400) })).toEqual([]);
    expect(check({ 'packages/api/src/a.ts': 'a;\n'.repeat(401) })).toEqual(['packages/api/src/a.ts:401 file-length']);
  });

  it('refuses relative imports without extension', () => {
    const files = { 'packages/api/src/a.ts': "import './b';", 'packages/api/src/b.ts': '' };
    expect(check(files)).toEqual(['packages/api/src/a.ts:1 import-extensions']);
  });

  it('refuses cycles, but not those of types', () => {
    const cycle = { 'packages/api/src/a.ts': "import './b.ts';", 'packages/api/src/b.ts': "export * from './a.ts';" };
    expect(check(cycle)).toEqual(['packages/api/src/a.ts:1 cycles']);
    const ofTypes = { ...cycle, 'packages/api/src/b.ts': "import type { A } from './a.ts';" };
    expect(check(ofTypes)).toEqual([]);
  });
});
