import { expect, test } from 'vitest';
import { preferenceForm, preferenceInput, scopeWords } from './preference-form.ts';

test('what is left empty is left to the next wider scope', () => {
  expect(preferenceInput('role:coder', 3, preferenceForm(undefined))).toEqual({ scope: 'role:coder', revision: 3 });
});

test('what only holds for the whole team is not sent for a narrower scope', () => {
  const values = {
    ...preferenceForm(undefined),
    algorithm: 'THOMPSON' as const,
    timeZone: 'Europe/Berlin',
    explorationPercent: 5,
    isStrict: false,
    maxCostUsd: ' 0.05 ',
  };
  expect(preferenceInput('role:coder', 1, values)).toEqual({
    scope: 'role:coder',
    revision: 1,
    isStrict: false,
    adaptive: { explorationShare: 0.05 },
    limits: { maxCostUsd: '0.05' },
  });
  expect(preferenceInput('team', 1, values)).toMatchObject({
    timeZone: 'Europe/Berlin',
    adaptive: { algorithm: 'THOMPSON', explorationShare: 0.05 },
  });
});

test('scopes are told in words', () => {
  expect(['team', 'role:coder', 'step:review/draft', 'team#legal', 'role:coder#legal'].map(scopeWords)).toEqual([
    'Whole team',
    'Role coder',
    'Step review / draft',
    'Whole team, task legal',
    'Role coder, task legal',
  ]);
});
