import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { factFields, factVariables } from './rules/rule-facts.ts';
import { defaultCriterionWeights, strategies } from './strategy.ts';

test('docs/routing.md names every strategy, variable and field of the rule language, and the default weights', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/routing.md'), 'utf8');
  const fields = Object.values(factFields).flatMap((entries) => Object.keys(entries));
  const names = [...strategies, ...fields].map((name) => `\`${name}\``);
  const variables = Object.keys(factVariables).filter((name) => !text.includes(`| \`${name}`));
  expect([...names.filter((name) => !text.includes(name)), ...variables]).toEqual([]);
  for (const [criterion, weight] of Object.entries(defaultCriterionWeights))
    expect(text).toMatch(new RegExp(`${criterion}\\s+${weight}`));
});
