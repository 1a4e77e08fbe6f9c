import { describe, expect, it } from 'vitest';
import {
  budgetIssues,
  budgetProblems,
  changeableInput,
  emptyBudgetForm,
  scopeInput,
  thresholdsOf,
} from './budget-form-values.ts';

const good = { ...emptyBudgetForm(), name: 'Research', limit: '0.01' };

describe('budgetProblems', () => {
  it('takes a budget of one cent and refuses what no limit can be', () => {
    expect(budgetProblems(good)).toEqual({});
    expect(budgetProblems({ ...good, limit: '' }).limit).toMatch(/Set a limit/);
    expect(budgetProblems({ ...good, limit: '-5' }).limit).toMatch(/negative/);
    expect(budgetProblems({ ...good, limit: '5 dollars' }).limit).toMatch(/plain number/);
    expect(budgetProblems({ ...good, unit: 'REQUESTS', limit: '1.5' }).limit).toMatch(/whole/);
    expect(budgetProblems({ ...good, name: ' ' }).name).toBeDefined();
  });

  it('asks for the value of a condition unless it is about each', () => {
    const scope = [{ kind: 'PROVIDER' as const, isEach: false, value: '' }];
    expect(budgetProblems({ ...good, scope })).toEqual({ 'scope.0.value': 'Choose the provider.' });
    expect(budgetProblems({ ...good, scope: [{ kind: 'MEMBER', isEach: true, value: '' }] })).toEqual({});
  });

  it('refuses thresholds and reserves that are nothing', () => {
    expect(budgetProblems({ ...good, alertThresholds: ['0'] }).alertThresholds).toBeDefined();
    expect(
      budgetProblems({ ...good, isUnpricedAllowed: true, unpricedReserveUsd: '0' }).unpricedReserveUsd,
    ).toBeDefined();
  });
});

it('sends thresholds as ascending shares, each once', () => {
  expect(thresholdsOf(['100', '80', '80', '12.5'])).toEqual([0.125, 0.8, 1]);
});

it('sends a flat reserve only when unpriced calls are allowed, and no value with an each condition', () => {
  expect(changeableInput(good).unpricedReserveUsd).toBeNull();
  expect(changeableInput({ ...good, isUnpricedAllowed: true }).unpricedReserveUsd).toBe('0.01');
  expect(scopeInput([{ kind: 'MEMBER', isEach: true, value: 'left over' }])).toEqual([
    { kind: 'MEMBER', isEach: true },
  ]);
});

it('puts issues of the server to their fields and keeps the rest', () => {
  expect(
    budgetIssues([
      { path: ['input', 'limit'], message: 'too high' },
      { path: ['input', 'scope', '1', 'value'], message: 'no such model' },
      { path: ['input', 'idempotencyKey'], message: 'odd' },
    ]),
  ).toEqual({ fields: { limit: 'too high', 'scope.1.value': 'no such model' }, rest: ['odd'] });
});
