import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAllowed, renderLicences } from './write-licences.mjs';

describe('licences', () => {
  const { text, refused } = renderLicences();

  it('of everything that is installed to run are allowed', () => {
    expect(refused).toEqual([]);
  });

  it('are listed in docs/licences.md; run node scripts/write-licences.mjs', () => {
    expect(readFileSync(join(import.meta.dirname, '../docs/licences.md'), 'utf8')).toBe(text);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0', false],
    ['none stated', false],
  ])('%s: allowed %s', (expression, isIt) => {
    expect(isAllowed(expression)).toBe(isIt);
  });
});
