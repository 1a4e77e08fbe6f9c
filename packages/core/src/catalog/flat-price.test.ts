import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composePrice, computeCost, explainBadRate, type FlatPrice, listTiers, rateKeys } from './index.ts';

const rate = fc.integer({ min: 0, max: 5_000 }).map(String);
const rates = fc.record(
  { input: rate, output: rate, cachedInput: rate, cacheWrite: rate, longCacheWrite: rate },
  { requiredKeys: [] },
);
const flatPrice: fc.Arbitrary<FlatPrice> = fc
  .record({
    base: fc.record(
      { input: rate, output: rate, cachedInput: rate, cacheWrite: rate, longCacheWrite: rate },
      { requiredKeys: ['input', 'output'] },
    ),
    tiers: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1_000 }), rates), {
      maxLength: 4,
      selector: ([aboveInputTokens]) => aboveInputTokens,
    }),
  })
  .map(({ base, tiers }) => ({
    ...base,
    tiers: tiers.sort(([a], [b]) => a - b).map(([aboveInputTokens, each]) => ({ aboveInputTokens, ...each })),
  }));

/** What docs/pricing.md says of a rate, looked up from scratch: the last tier below that names it, else its general one. */
function slowRate(flat: FlatPrice, key: (typeof rateKeys)[number], inputTokens: number): string {
  const general = { cachedInput: 'input', cacheWrite: 'input', longCacheWrite: 'cacheWrite' } as const;
  let found = flat[key];
  for (const tier of flat.tiers) if (inputTokens > tier.aboveInputTokens && tier[key] !== undefined) found = tier[key];
  if (found !== undefined) return found;
  return key === 'input' || key === 'output' ? flat[key] : slowRate(flat, general[key], inputTokens);
}

describe('a price as people write it', () => {
  it('charges every class of tokens at the rate that the rules of docs/pricing.md name', () => {
    fc.assert(
      fc.property(flatPrice, fc.integer({ min: 1, max: 1_200 }), fc.constantFrom(...rateKeys), (flat, size, key) => {
        const usage = {
          input: { inputTokens: size, outputTokens: 0 },
          output: { inputTokens: size, outputTokens: 1 },
          cachedInput: { inputTokens: size, outputTokens: 0, cachedInputTokens: size },
          cacheWrite: { inputTokens: size, outputTokens: 0, cacheWriteTokens: size },
          longCacheWrite: { inputTokens: size, outputTokens: 0, cacheWriteTokens: size, longCacheWriteTokens: size },
        }[key];
        const cost = computeCost(usage, { price: composePrice(flat), source: 'test' });
        // USD per million tokens is 1,000 nano-dollars per token.
        const perToken = (each: typeof key) => BigInt(slowRate(flat, each, size)) * 1_000n;
        const expected =
          key === 'output' ? perToken('input') * BigInt(size) + perToken('output') : perToken(key) * BigInt(size);
        expect(cost).toMatchObject({ kind: 'known', costNanoUsd: expected });
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes out of its own list of tiers again', () => {
    fc.assert(
      fc.property(flatPrice, fc.integer({ min: 1, max: 1_200 }), (flat, size) => {
        const price = composePrice(flat);
        const tier = listTiers(price).findLast(({ aboveInputTokens }) => size > aboveInputTokens);
        for (const key of rateKeys) {
          if (price[key]) expect((tier ?? flat)[key] ?? price[key].perMillionUsd).toBe(slowRate(flat, key, size));
        }
      }),
    );
  });

  it.each([
    ['0', undefined],
    ['1.25', undefined],
    ['1000000', undefined],
    ['1000001', expect.stringContaining('another unit')],
    ['-1', expect.stringContaining('decimal from 0')],
    ['1e3', expect.stringContaining('decimal from 0')],
    ['', expect.stringContaining('decimal from 0')],
    ['NaN', expect.stringContaining('decimal from 0')],
  ])('takes the rate "%s" for what it is', (text, problem) => expect(explainBadRate(text)).toEqual(problem));
});
