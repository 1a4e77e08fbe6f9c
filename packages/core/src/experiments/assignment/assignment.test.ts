import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignVariant } from './assign-variant.ts';
import { findContamination } from './contamination.ts';
import { orderItems, orderVariants } from './order-variants.ts';

const units = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
const sharesOf = (variants: readonly { key: string; weight: number }[], experimentId = 'exp_1') => {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const key = assignVariant(experimentId, unit, variants);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return variants.map(({ key }) => (counts.get(key) ?? 0) / units.length);
};

describe('a sticky assignment', () => {
  test('shares 20,000 units out by the weights, within four standard errors', () => {
    const variants = [
      { key: 'a', weight: 5 },
      { key: 'b', weight: 3 },
      { key: 'c', weight: 2 },
    ];
    sharesOf(variants).forEach((share, i) => {
      const wanted = variants[i]!.weight / 10;
      expect(Math.abs(share - wanted)).toBeLessThan(4 * Math.sqrt((wanted * (1 - wanted)) / units.length));
    });
  });

  test('is independent from test to test', () => {
    const variants = [
      { key: 'a', weight: 1 },
      { key: 'b', weight: 1 },
    ];
    const both = units.filter(
      (unit) => assignVariant('exp_1', unit, variants) === assignVariant('exp_2', unit, variants),
    );
    expect(Math.abs(both.length / units.length - 0.5)).toBeLessThan(0.015);
  });

  test('never depends on the order of the variants, and does not change from release to release', () => {
    const variants = [
      { key: 'a', weight: 1 },
      { key: 'b', weight: 2 },
    ];
    for (const unit of units.slice(0, 200)) {
      expect(assignVariant('exp_1', unit, variants)).toBe(assignVariant('exp_1', unit, variants.toReversed()));
    }
    expect(
      units
        .slice(0, 12)
        .map((unit) => assignVariant('exp_1', unit, variants))
        .join(''),
    ).toMatchInlineSnapshot(`"aabbabbbbbba"`);
  });

  test('moves only what a change of weights must move', () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 })
      .filter((all) => all.some((each) => each > 0));
    fc.assert(
      fc.property(weights, weights, (before, after) => {
        const of = (all: number[]) => all.map((weight, i) => ({ key: `v${i}`, weight }));
        const total = (all: number[]) => all.reduce((sum, each) => sum + each, 0);
        for (const unit of units.slice(0, 300)) {
          const [from, to] = [assignVariant('e', unit, of(before)), assignVariant('e', unit, of(after))];
          if (from === to) continue;
          const ratio = (key: string) =>
            after[Number(key[1])]! / total(after) / (before[Number(key[1])]! / total(before) || 1e-9);
          // Whoever moves goes to a variant that grew in comparison with the one that is left.
          expect(ratio(to)).toBeGreaterThan(ratio(from));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('orders', () => {
  test('are the same after a restart, and each variant is first about as often', () => {
    const keys = ['a', 'b', 'c'];
    const first = units.slice(0, 6_000).map((unit) => orderVariants(7, unit, 0, keys)[0]);
    for (const key of keys)
      expect(Math.abs(first.filter((each) => each === key).length / 6_000 - 1 / 3)).toBeLessThan(0.03);
    expect(orderVariants(7, 'x', 0, keys)).toEqual(orderVariants(7, 'x', 0, keys.toReversed()));
    const items = units.slice(0, 50).map((id) => ({ id }));
    expect(orderItems(7, items)).toEqual(orderItems(7, items.toReversed()));
    expect(orderItems(7, items)).not.toEqual(orderItems(8, items));
    expect(orderItems(7, items).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      items.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });
});

describe('contamination', () => {
  const clean = { allowedModels: new Set(['sim/a']), answeredBy: 'sim/a', hadFailover: false, variant: 'v' };
  test.each([
    [{}, undefined],
    [{ answeredBy: 'sim/b', hadFailover: true }, 'failover'],
    [{ answeredBy: 'sim/b' }, 'fallback'],
    [{ isCached: true, answeredBy: 'sim/b' }, 'cache'],
    [{ earlierVariants: ['w'], isCached: true }, 'moved-unit'],
    [{ earlierVariants: ['v', 'v'] }, undefined],
    [{ answeredBy: undefined, hadFailover: true }, undefined],
    [{ allowedModels: new Set(['sim/a', 'sim/b']), answeredBy: 'sim/b', hadFailover: true }, undefined],
  ])('%j is %s', (change, reason) => {
    expect(findContamination({ ...clean, ...change })).toBe(reason);
  });
});
