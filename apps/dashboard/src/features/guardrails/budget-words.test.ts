import { describe, expect, it } from 'vitest';
import { budgetSentence, coveredCalls, formatAmount, formatLeft, isAmount } from './budget-words.ts';

const plain = {
  scope: [],
  unit: 'COST',
  window: 'DAY',
  timeZone: 'UTC',
  limit: '5',
  mode: 'HARD',
  onBreach: 'FAIL_FAST',
  nameOf: ({ value }: { value: string | null }) => value ?? '',
} as const;

describe('budgetSentence', () => {
  it('says who is refused, when, and what then', () => {
    expect(budgetSentence({ ...plain, scope: [{ kind: 'PROVIDER', value: 'openai' }] })).toBe(
      'Refuses calls of openai once they cost more than $5.00 per day, by the calendar of UTC.',
    );
    expect(budgetSentence({ ...plain, mode: 'SOFT', window: 'LIFETIME' })).toBe(
      'Warns when all calls of the team cost more than $5.00 in all. Nothing is refused.',
    );
    expect(budgetSentence({ ...plain, limit: '0' })).toBe('Refuses all calls of the team, without exception.');
    expect(budgetSentence({ ...plain, unit: 'REQUESTS', limit: '3', window: 'HOUR', onBreach: 'SKIP_TO_NEXT' })).toBe(
      'Refuses all calls of the team after 3 calls per hour; then the next model is asked.',
    );
    expect(budgetSentence({ ...plain, limit: '-3' })).toMatch(/^Set a limit/);
  });
});

it('names each value of a scope', () => {
  expect(
    coveredCalls(
      [
        { kind: 'MODEL', value: 'openai/gpt-5' },
        { kind: 'MEMBER', value: null },
      ],
      ({ value }) => value ?? '',
    ),
  ).toBe('calls of openai/gpt-5 and each member');
});

it.each([
  ['COST', '0.0012', '$0.0012'],
  ['COST', '0.05', '$0.05'],
  ['COST', '5', '$5.00'],
  ['COST', '0.0403', '$0.0403'],
  ['TOKENS', '12000', '12,000 tokens'],
  ['REQUESTS', '1', '1 call'],
] as const)('%s %s → %s', (unit, amount, text) => expect(formatAmount(unit, amount)).toBe(text));

it.each([
  [45_000, '45 s'],
  [600_000, '10 min'],
  [15_120_000, '4 h 12 min'],
  [183_600_000, '2 d 3 h'],
])('%s ms → %s', (ms, text) => expect(formatLeft(ms)).toBe(text));

it('takes decimals that are not negative as limits', () => {
  for (const good of ['0', '5', '0.00001', ' 12.50 ']) expect(isAmount(good)).toBe(true);
  for (const bad of ['', '-1', '1e9', '$5', '1,000', '.5']) expect(isAmount(bad)).toBe(false);
});
