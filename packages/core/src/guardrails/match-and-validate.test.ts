import { describe, expect, it } from 'vitest';
import { type Budget, type CallAttributes, matchBudgets, validateBudget, windowIdOf } from './index.ts';

const budget = (settings: Partial<Budget> = {}): Budget => ({
  id: 'bud_1',
  teamId: 'team_1',
  name: 'Budget',
  scope: [],
  unit: 'cost',
  window: 'day',
  timeZone: 'UTC',
  limit: 100n,
  mode: 'hard',
  alertThresholds: [],
  onBreach: 'fail-fast',
  whenAllBreach: 'fail',
  unpriced: { kind: 'refuse' },
  raises: [],
  isEnabled: true,
  version: 1,
  ...settings,
});
const call = (attributes: Partial<CallAttributes> = {}): CallAttributes => ({
  teamId: 'team_1',
  origin: 'live',
  providerId: 'openai',
  modelId: 'openai/gpt-5',
  ...attributes,
});
const subjects = (attributes: CallAttributes, settings: Partial<Budget>) =>
  matchBudgets(attributes, [budget(settings)]).map(({ subject }) => subject);

describe('which budgets a call counts in', () => {
  it('those of its team that are enabled and whose conditions all hold', () => {
    expect(subjects(call(), {})).toEqual(['']);
    expect(subjects(call(), { teamId: 'team_2' })).toEqual([]);
    expect(subjects(call(), { isEnabled: false })).toEqual([]);
    const both = {
      scope: [
        { kind: 'step', value: 'draft' },
        { kind: 'model', value: 'openai/gpt-5' },
      ],
    } as const;
    expect(subjects(call({ stepId: 'draft' }), both)).toEqual(['']);
    expect(subjects(call({ stepId: 'draft', modelId: 'openai/gpt-4o' }), both)).toEqual([]);
    expect(subjects(call(), both)).toEqual([]);
  });

  it('one account for each value of an each-condition, none for a call without a value, one for each tag', () => {
    expect(subjects(call({ memberId: 'u1' }), { scope: [{ kind: 'member', each: true }] })).toEqual(['u1']);
    expect(subjects(call(), { scope: [{ kind: 'member', each: true }] })).toEqual([]);
    expect(subjects(call({ tags: ['a', 'b', 'a'] }), { scope: [{ kind: 'tag', each: true }] })).toEqual(['a', 'b']);
    expect(subjects(call({ tags: ['a', 'b'] }), { scope: [{ kind: 'tag', value: 'b' }] })).toEqual(['']);
  });

  it('no more accounts when a kind is said to be each several times', () => {
    const scope = Array.from({ length: 10 }, () => ({ kind: 'tag', each: true }) as const);
    const tags = Array.from({ length: 20 }, (_, index) => `t${index}`);
    expect(subjects(call({ tags }), { scope })).toEqual(tags);
    expect(validateBudget(budget({ scope: scope.slice(0, 2) }))).toMatchObject([
      { severity: 'error', path: ['scope', '1', 'kind'] },
    ]);
  });

  it('one account for each run, and none for a call outside a run', () => {
    expect(subjects(call({ runId: 'run_1' }), { window: 'run' })).toEqual(['run_1']);
    expect(subjects(call(), { window: 'run' })).toEqual([]);
  });

  it('never the same account for different values, whatever the values hold', () => {
    const each = {
      scope: [
        { kind: 'member', each: true },
        { kind: 'role', each: true },
      ],
    } as const;
    const ids = [call({ memberId: 'a,b', role: 'c' }), call({ memberId: 'a', role: 'b,c' })].map((attributes) =>
      windowIdOf(matchBudgets(attributes, [budget(each)])[0]!, 'live', 0),
    );
    expect(new Set(ids).size).toBe(2);
    expect(subjects(call({ memberId: '\ud800\u0000' }), { scope: [{ kind: 'member', each: true }] })).toEqual([
      '%EF%BF%BD%00',
    ]);
  });
});

describe('a budget is checked', () => {
  const problems = (settings: Partial<Budget>, others: readonly Budget[] = []) =>
    validateBudget(budget(settings), others, { provider: ['openai'] }).map(
      ({ severity, path, message }) => `${severity} ${path.join('.')}: ${message}`,
    );

  it('has nothing to say about an ordinary one', () => {
    expect(problems({ alertThresholds: [0.5, 0.8], scope: [{ kind: 'provider', value: 'openai' }] })).toEqual([]);
  });

  it.each([
    [{ limit: -1n }, /^error limit: .*negative/],
    [{ limit: 10n ** 19n }, /^error limit: .*absurd/],
    [{ limit: 0n }, /^warning limit: .*every call/],
    [{ window: 'minute', alertThresholds: [0.8] }, /^warning alertThresholds: Nobody is told/],
    [{ name: ' ' }, /^error name/],
    [{ timeZone: 'Mars/Olympus' }, /^error timeZone/],
    [{ alertThresholds: [0] }, /^error alertThresholds.0/],
    [{ alertThresholds: [Number.NaN] }, /^error alertThresholds.0/],
    [{ alertThresholds: [0.9, 0.8] }, /^error alertThresholds.1/],
    [{ raises: [{ amount: 1n, fromMs: 5, untilMs: 5 }] }, /^error raises.0.untilMs/],
    [{ raises: [{ amount: -1n, fromMs: 5, untilMs: 6 }] }, /^error raises.0.amount/],
    [{ unpriced: { kind: 'flat-reserve', amountNanoUsd: 0n } }, /^error unpriced/],
    [{ unpriced: { kind: 'flat-reserve', amountNanoUsd: 101n } }, /^warning unpriced/],
    [{ scope: [{ kind: 'provider', value: 'nobody' }] }, /^warning scope.0.value: No traffic/],
    [
      {
        scope: [
          { kind: 'model', value: 'google/x' },
          { kind: 'provider', value: 'openai' },
        ],
      },
      /^error scope: No traffic/,
    ],
    [
      {
        scope: [
          { kind: 'role', value: 'a' },
          { kind: 'role', value: 'b' },
        ],
      },
      /^error scope.1.value: No traffic/,
    ],
  ] as const)('problem %#: %o', (settings, expected) => {
    expect(problems(settings as Partial<Budget>)).toContainEqual(expect.stringMatching(expected));
  });

  it('beside the others: a pair that contradicts itself is flagged', () => {
    const other = (settings: Partial<Budget>) => [budget({ id: 'bud_2', name: 'Other', ...settings })];
    expect(problems({}, other({}))).toEqual([expect.stringMatching(/the lower limit decides/)]);
    expect(problems({ limit: 100n }, other({ window: 'month', limit: 50n }))).toEqual([
      expect.stringMatching(/^warning limit: Contradicts "Other"/),
    ]);
    expect(problems({ window: 'month', limit: 50n }, other({ limit: 100n }))).toHaveLength(1);
    expect(problems({ limit: 50n }, other({ mode: 'soft', limit: 80n }))).toEqual([
      expect.stringMatching(/never warn first/),
    ]);
    expect(problems({}, other({ window: 'month', limit: 5_000n }))).toEqual([]);
    expect(problems({}, other({ scope: [{ kind: 'tag', value: 'x' }] }))).toEqual([]);
  });
});
