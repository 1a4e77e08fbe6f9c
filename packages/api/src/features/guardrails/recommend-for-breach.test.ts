import { describe, expect, it } from 'vitest';
import { type BreachFacts, recommendForBreach } from './recommend-for-breach.ts';

const dollars = (amount: number) => BigInt(Math.round(amount * 1e9));
const facts: BreachFacts = {
  kind: 'refused',
  reason: 'budget-exceeded',
  budgetName: 'Research',
  isBudgetThere: true,
  unit: 'cost',
  modelId: 'openai/gpt-5',
  requested: dollars(0.5),
  spent: dollars(9.8),
  reserved: 0n,
  limit: dollars(10),
  limitNow: dollars(10),
  refusedInWindow: dollars(2.2),
  cheaperModel: undefined,
};
const recommend = (changes: Partial<BreachFacts> = {}) => recommendForBreach({ ...facts, ...changes });

describe('what is recommended after a breach', () => {
  it('is a limit that would have covered what was spent and refused, with a tenth of room', () => {
    // 12 spent and refused, 13.2 with room, rounded up to two digits.
    expect(recommend()).toBe('Raise the limit by $4 to $14 to cover what was spent and refused in this window.');
  });

  it('is a cheaper model that can do the same, where there is one', () => {
    const cheaperModel = { modelId: 'google/gemini-flash', priceShare: 0.126 };
    expect(recommend({ cheaperModel })).toContain('google/gemini-flash can do the same for 13 % of the price.');
  });

  it('is a shorter answer when a single call asks for a large part of the limit', () => {
    expect(recommend({ requested: dollars(4) })).toContain('One call of openai/gpt-5 may use $4: set maxOutputTokens');
    expect(recommend({ unit: 'requests', requested: 1n, limit: 1n, limitNow: 1n })).not.toContain('maxOutputTokens');
  });

  it('is nothing when the limit was raised since, or nothing but the database was in the way', () => {
    expect(recommend({ limitNow: dollars(20) })).toBe('Nothing to change: the limit has been raised since, to $20.');
    expect(recommend({ reason: 'ledger-unavailable' })).toContain('Nothing to change');
  });

  it('is a price for a model that has none', () => {
    expect(recommend({ reason: 'unpriced', requested: 0n })).toContain('Give openai/gpt-5 a price');
  });

  it('tells of a threshold what is left', () => {
    const crossed = { kind: 'threshold', reason: undefined, spent: dollars(8), requested: 0n } as const;
    expect(recommend(crossed)).toContain('$2 were left');
    expect(recommend({ ...crossed, spent: dollars(10) })).toContain('Nothing is left');
  });

  it('of a soft budget covers what was used', () => {
    const over = recommend({
      kind: 'over-limit',
      reason: undefined,
      spent: dollars(12),
      refusedInWindow: 0n,
      requested: 0n,
    });
    expect(over).toBe('Raise the limit by $4 to $14 to cover what was used in this window.');
  });

  it('never recommends a lower limit than there is', () => {
    const idle = recommend({
      spent: 0n,
      requested: dollars(11),
      refusedInWindow: 0n,
      limit: dollars(100),
      limitNow: dollars(100),
    });
    expect(idle).toMatch(/^Raise the limit by \$1 to \$101 /);
  });
});
