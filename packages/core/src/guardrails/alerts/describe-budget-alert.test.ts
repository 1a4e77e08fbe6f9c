import { describe, expect, it } from 'vitest';
import { clipAlert, describeBudgetForecast, describeBudgetRefusal, describeBudgetWarning } from './index.ts';

const figures = {
  budgetId: 'bud_1',
  budgetName: 'Research',
  unit: 'cost',
  windowId: 'win_1',
  spent: 1_234_567_890_123n,
  reserved: 5_000n,
  limit: 1_500_000_000_000n,
  resetsAtMs: Date.UTC(2026, 11, 1),
} as const;
const context = { teamId: 'team_1', origin: 'simulated', atMs: Date.UTC(2026, 10, 21) } as const;

describe('alerts of budgets explain themselves', () => {
  it('when a threshold is crossed', () => {
    const alert = describeBudgetWarning({ ...figures, type: 'threshold', threshold: 0.8 }, context);
    expect(alert).toMatchObject({
      kind: 'budget.threshold',
      severity: 'warning',
      origin: 'simulated',
      title: '80 % of the budget "Research" is used',
      message:
        '$1,234.56 of $1,500.00 spent, $0.000005 reserved for running calls until 2026-12-01 00:00 UTC. Nothing is blocked by this yet: raise the limit, or slow down what uses it.',
    });
    expect(Object.fromEntries(alert.facts.map(({ name, value }) => [name, value]))).toEqual({
      budgetName: 'Research',
      spentUsd: '1234.567890123',
      reservedUsd: '0.000005',
      limitUsd: '1500',
      resetsAt: '2026-12-01T00:00:00.000Z',
      threshold: '80 %',
    });
  });

  it('when calls are refused, and says nothing of a budget whose books cannot be read', () => {
    const refusal = {
      ...figures,
      unit: 'tokens',
      reserved: 0n,
      resetsAtMs: undefined,
      requested: 12_000n,
      onBreach: 'skip-to-next',
      whenAllBreach: 'fail',
    } as const;
    expect(describeBudgetRefusal({ ...refusal, reason: 'budget-exceeded' }, context)).toMatchObject({
      severity: 'critical',
      message:
        '1,234,567,890,123 tokens of 1,500,000,000,000 tokens spent. A call that may use 12,000 tokens was refused. Raise the limit, or wait until the window ends.',
    });
    expect(describeBudgetRefusal({ ...refusal, reason: 'unpriced' }, context)?.message).toContain('price');
    expect(describeBudgetRefusal({ ...refusal, reason: 'ledger-unavailable' }, context)).toBeUndefined();
  });

  it('when the forecast is above the limit, each of them under a key of its own', () => {
    const forecast = { ...figures, forecast: 2_000_000_000_000n, exhaustedAtMs: Date.UTC(2026, 10, 25, 13, 30) };
    const alert = describeBudgetForecast(forecast, context);
    expect(alert.message).toContain('used up at 2026-11-25 13:30 UTC, and would reach $2,000.00');
    const keys = [
      alert,
      describeBudgetWarning({ ...figures, type: 'threshold', threshold: 0.8 }, context),
      describeBudgetWarning({ ...figures, type: 'threshold', threshold: 0.9 }, context),
      describeBudgetWarning({ ...figures, type: 'over-limit', threshold: 1 }, context),
      describeBudgetWarning({ ...figures, windowId: 'win_2', type: 'threshold', threshold: 0.8 }, context),
    ].map(({ dedupeKey }) => dedupeKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(clipAlert({ ...alert, id: 'alr_1' })).toEqual({ ...alert, id: 'alr_1' });
  });
});
