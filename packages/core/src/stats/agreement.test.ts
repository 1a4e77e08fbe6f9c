import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { cohenKappa } from './cohen-kappa.ts';
import { krippendorffAlpha } from './krippendorff-alpha.ts';

describe('Cohen’s kappa', () => {
  const table = [
    [20, 5, 1],
    [3, 15, 6],
    [2, 4, 14],
  ];
  const categories = ['poor', 'fair', 'good'];
  const pairs = table.flatMap((row, i) =>
    row.flatMap((count, j) => Array.from({ length: count }, () => ({ left: categories[i]!, right: categories[j]! }))),
  );

  // statsmodels.stats.inter_rater.cohens_kappa(table, wt=None | 'linear' | 'quadratic'): kappa, std_kappa
  test.each([
    ['none', 0.5482483097725875, 0.0822424086708249],
    ['linear', 0.6093023255813954, 0.07764301605321525],
    ['quadratic', 0.6714643304130163, 0.0818562945688751],
  ] as const)('with weights %s agrees with statsmodels 0.13.5', (weights, kappa, standardError) => {
    const result = cohenKappa(pairs, categories, { weights });
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(result.estimate).toBeCloseTo(kappa, 10);
    expect(result.standardError).toBeCloseTo(standardError, 8);
  });

  test('does not depend on who is left and who is right', () => {
    const turned = pairs.map(({ left, right }) => ({ left: right, right: left }));
    const there = cohenKappa(pairs, categories);
    const back = cohenKappa(turned, categories);
    if (there.kind === 'estimate' && back.kind === 'estimate') expect(back.estimate).toBeCloseTo(there.estimate, 12);
  });

  test('one category only, unknown categories and too few items cannot be judged', () => {
    expect(cohenKappa([], categories)).toMatchObject({ reason: 'empty' });
    expect(cohenKappa(pairs.slice(0, 3), categories)).toMatchObject({ reason: 'too-few' });
    expect(cohenKappa(pairs.slice(0, 20), categories)).toMatchObject({ reason: 'zero-variance' });
    expect(cohenKappa([{ left: 'poor', right: 'awful' }], categories)).toMatchObject({ reason: 'out-of-range' });
  });
});

describe('Krippendorff’s alpha', () => {
  const raters = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, undefined, undefined, undefined],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, undefined, 3],
    [undefined, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, undefined],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, undefined],
  ];
  const units = raters[0]!.map((_, unit) => raters.map((rater) => rater[unit]));

  // Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example with missing data: .743, .815, .849
  test.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
  ] as const)('%s scale, with gaps, agrees with the published example', (scale, alpha) => {
    expect(krippendorffAlpha(units, scale)).toMatchObject({ estimate: expect.closeTo(alpha, 3), units: 11 });
  });

  test('perfect agreement is 1, and the order of raters and units does not matter', () => {
    expect(
      krippendorffAlpha(
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        'ordinal',
      ),
    ).toMatchObject({ estimate: 1 });
    const rating = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.array(rating, { minLength: 2, maxLength: 4 }), { minLength: 3, maxLength: 12 }),
        (data) => {
          const there = krippendorffAlpha(data, 'interval');
          const back = krippendorffAlpha(
            data.toReversed().map((unit) => unit.toReversed()),
            'interval',
          );
          expect(back.kind).toBe(there.kind);
          if (there.kind === 'alpha' && back.kind === 'alpha') {
            expect(back.estimate).toBeCloseTo(there.estimate, 9);
            expect(there.estimate).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  test('an interval by resampling units; nothing to compare is "cannot tell"', () => {
    const result = krippendorffAlpha(units, 'ordinal', { random: createSeededRandom(1), resamples: 300 });
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(result.interval!.low).toBeLessThan(result.estimate);
    expect(result.interval!.high).toBeGreaterThan(result.estimate);
    expect(krippendorffAlpha([[1], [2], [undefined, 3]], 'nominal')).toMatchObject({ reason: 'empty' });
    expect(
      krippendorffAlpha(
        [
          [2, 2],
          [2, 2],
        ],
        'nominal',
      ),
    ).toMatchObject({ reason: 'zero-variance' });
    expect(
      krippendorffAlpha(
        [
          [2, Number.NaN],
          [2, 2],
        ],
        'nominal',
      ),
    ).toMatchObject({ reason: 'not-finite' });
  });
});
