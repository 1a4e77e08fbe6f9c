import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../spec/index.ts';
import { computeCost, type PriceQuote, type PriceRate } from './index.ts';

/** A fraction of whole numbers: slow, exact, and without any scale of its own. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}
const add = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});
const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under });
const whole = (value: number): Fraction => ({ over: BigInt(value), under: 1n });

/** Digit by digit, as one learns it at school. */
function readDecimal(text: string): Fraction {
  let result = whole(0);
  let place: bigint | undefined;
  for (const character of text) {
    if (character === '.') {
      place = 1n;
      continue;
    }
    const digit = whole(Number(character));
    if (place === undefined) result = add(times(result, whole(10)), digit);
    else {
      place *= 10n;
      result = add(result, { over: digit.over, under: place });
    }
  }
  return result;
}

/** The rules of docs/pricing.md, one token class after the other. In nano-USD, rounded half up at the end. */
function slowCost(usage: Required<Omit<Usage, 'reasoningTokens'>>, { price }: PriceQuote): bigint {
  const rateOf = (...choices: readonly (PriceRate | undefined)[]): Fraction => {
    const rate = choices.find((choice) => choice !== undefined);
    let text = rate?.perMillionUsd ?? '0';
    for (const tier of rate?.tiers ?? []) if (usage.inputTokens > tier.aboveInputTokens) text = tier.perMillionUsd;
    return readDecimal(text);
  };
  const shortWrites = usage.cacheWriteTokens - usage.longCacheWriteTokens;
  const classes: readonly (readonly [number, Fraction])[] = [
    [usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens, rateOf(price.input)],
    [usage.cachedInputTokens, rateOf(price.cachedInput, price.input)],
    [shortWrites, rateOf(price.cacheWrite, price.input)],
    [usage.longCacheWriteTokens, rateOf(price.longCacheWrite, price.cacheWrite, price.input)],
    [usage.outputTokens, rateOf(price.output)],
  ];
  let perMillion = whole(0);
  for (const [tokens, rate] of classes) perMillion = add(perMillion, times(whole(tokens), rate));
  const nano = times(perMillion, { over: 1_000_000_000n, under: 1_000_000n });
  const floor = nano.over / nano.under;
  return 2n * (nano.over - floor * nano.under) >= nano.under ? floor + 1n : floor;
}

const decimal = fc
  .tuple(fc.nat(2_000), fc.option(fc.stringMatching(/^\d{1,12}$/), { nil: undefined }))
  .map(([before, after]) => (after === undefined ? `${before}` : `${before}.${after}`));
const threshold = fc.integer({ min: 1, max: 400_000 });
const rate: fc.Arbitrary<PriceRate> = fc
  .record({
    perMillionUsd: decimal,
    tiers: fc.uniqueArray(fc.tuple(threshold, decimal), { maxLength: 3, selector: ([t]) => t }),
  })
  .map(({ perMillionUsd, tiers }) => {
    const sorted = [...tiers].sort(([a], [b]) => a - b);
    return {
      perMillionUsd,
      ...(sorted.length > 0 && {
        tiers: sorted.map(([aboveInputTokens, dearer]) => ({ aboveInputTokens, perMillionUsd: dearer })),
      }),
    };
  });
const quote: fc.Arbitrary<PriceQuote> = fc
  .record(
    { input: rate, output: rate, cachedInput: rate, cacheWrite: rate, longCacheWrite: rate },
    { requiredKeys: ['input', 'output'] },
  )
  .map((price) => ({ price, source: 'test' }));
const usage = fc
  .record({
    plain: fc.nat(500_000),
    cached: fc.nat(500_000),
    short: fc.nat(100_000),
    long: fc.nat(100_000),
    output: fc.nat(200_000),
  })
  .map(({ plain, cached, short, long, output }) => ({
    inputTokens: plain + cached + short + long,
    cachedInputTokens: cached,
    cacheWriteTokens: short + long,
    longCacheWriteTokens: long,
    outputTokens: output,
  }));

describe('computeCost against an independent slow computation', () => {
  it('agrees to the nano-dollar over 12,000 random usages and price tables', () => {
    fc.assert(
      fc.property(usage, quote, (used, priced) => {
        const cost = computeCost(used, priced);
        expect(cost).toMatchObject({ kind: 'known', costNanoUsd: slowCost(used, priced) });
      }),
      { numRuns: 12_000 },
    );
  });

  it('agrees exactly at and one above every threshold of a tier', () => {
    fc.assert(
      fc.property(quote, fc.nat(1_000), (priced, output) => {
        const rates = Object.values(priced.price) as readonly PriceRate[];
        for (const { aboveInputTokens } of rates.flatMap(({ tiers }) => tiers ?? [])) {
          for (const inputTokens of [aboveInputTokens, aboveInputTokens + 1]) {
            const none = { cachedInputTokens: 0, cacheWriteTokens: 0, longCacheWriteTokens: 0 };
            const used = { ...none, inputTokens, outputTokens: output };
            expect(computeCost(used, priced)).toMatchObject({ costNanoUsd: slowCost(used, priced) });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
