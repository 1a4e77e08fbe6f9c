import { describe, expect, test } from 'vitest';
import { type PlanQuestion, planTest } from './plan-test.ts';

const question: PlanQuestion = {
  smallestEffect: 0.1,
  alpha: 0.05,
  baselineDeviation: 0.4,
  variantDeviation: 0.4,
  correlation: 0.5,
  repeats: 1,
  variants: 2,
  availableItems: 1_000,
  costPerAnswerNanoUsd: [1_000_000n, 2_000_000n],
  capNanoUsd: 10_000_000_000n,
  latencyMs: 2_000,
  concurrency: 4,
};

describe('the plan of a test', () => {
  test('goes from the effect to items, calls, money and time, and keeps its promise of power', () => {
    const plan = planTest(question);
    expect(plan).toMatchObject({ canConclude: true, remedies: [], deviation: 0.4 });
    expect(plan.plannedItems).toBe(plan.neededItems);
    expect(plan.plannedItems).toBeGreaterThan(150);
    expect(plan.plannedItems).toBeLessThan(400);
    expect(plan.calls).toBe(plan.plannedItems * 2);
    expect(plan.costNanoUsd).toBe(3_000_000n * BigInt(plan.plannedItems));
    expect(plan.durationMs).toBe(Math.ceil(plan.calls / 4) * 2_000);
    expect(plan.expectedItems).toBeLessThan(plan.plannedItems);
    expect(plan.power).toBeGreaterThan(0.79);
  });

  test('a closer correlation, a larger effect and more repeats need fewer items; more variants need more', () => {
    const items = (change: Partial<PlanQuestion>) =>
      planTest({ ...question, availableItems: 1e6, ...change }).plannedItems;
    const usual = items({ capNanoUsd: 10n ** 15n });
    expect(items({ correlation: 0.9 })).toBeLessThan(usual);
    expect(items({ smallestEffect: 0.2 })).toBeLessThan(usual);
    const noisy = { withinItemDeviation: 0.5, capNanoUsd: 10n ** 15n };
    expect(items({ ...noisy, repeats: 4 })).toBeLessThan(items(noisy));
    expect(items({ variants: 3, costPerAnswerNanoUsd: [1n, 1n, 1n] })).toBeGreaterThan(usual);
  });

  test('says beforehand that a test cannot conclude, and what would', () => {
    const small = planTest({ ...question, availableItems: 50 });
    expect(small).toMatchObject({ canConclude: false, plannedItems: 50 });
    expect(small.detectableEffect).toBeGreaterThan(0.1);
    expect(small.remedies.join(' ')).toMatch(
      /The dataset has 50 items; it takes \d+ .* With 50 items it finds effects from 0\.\d+ on/,
    );
    const poor = planTest({ ...question, capNanoUsd: 100_000_000n });
    expect(poor).toMatchObject({ canConclude: false, possibleItems: 33 });
    expect(poor.remedies.join(' ')).toContain('The cap pays for 33 items');
    const tiny = planTest({ ...question, availableItems: 3 });
    expect(tiny).toMatchObject({ canConclude: false, power: 0, detectableEffect: undefined });
    expect(planTest({ ...question, smallestEffect: 1e-6 }).remedies[0]).toContain('cannot conclude');
  });

  test('goes back from money and from time to the effect that they can find', () => {
    const wide = { ...question, availableItems: 10_000 };
    const forMoney = (capNanoUsd: bigint) => planTest({ ...wide, capNanoUsd }).withAllItems;
    const [little, much] = [forMoney(300_000_000n), forMoney(3_000_000_000n)];
    expect(little).toMatchObject({ items: 100, calls: 200, costNanoUsd: 300_000_000n });
    expect(much).toMatchObject({ items: 1_000, costNanoUsd: 3_000_000_000n });
    expect(much.detectableEffect!).toBeLessThan(little.detectableEffect! / 2.5);
    // There and back: the effect that the money finds needs about the items that the money pays for.
    const back = planTest({ ...wide, capNanoUsd: 10n ** 15n, smallestEffect: little.detectableEffect! });
    expect(back.plannedItems).toBeGreaterThan(95);
    expect(back.plannedItems).toBeLessThan(105);
    const hurried = planTest({ ...wide, mostDurationMs: 50_000 });
    expect(hurried).toMatchObject({ canConclude: false, possibleItems: 50 });
    expect(hurried.withAllItems.durationMs).toBeLessThanOrEqual(50_000);
    expect(hurried.remedies.join(' ')).toContain('The time is enough for 50 items');
  });

  test('unknown prices give no sum, no variance gives no division by zero', () => {
    expect(planTest({ ...question, costPerAnswerNanoUsd: [undefined, 5n] }).costNanoUsd).toBeUndefined();
    const still = planTest({ ...question, correlation: 1 });
    expect(still).toMatchObject({ canConclude: true, plannedItems: 20, power: 1 });
    expect(planTest({ ...question, availableItems: 0 })).toMatchObject({ canConclude: false, calls: 0 });
  });
});
