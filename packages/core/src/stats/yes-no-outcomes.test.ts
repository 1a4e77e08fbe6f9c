import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialProbability } from './distributions.ts';
import { mcnemarTest } from './mcnemar-test.ts';
import { type ProportionMethod, proportionInterval } from './proportion-interval.ts';

describe('exact McNemar', () => {
  test('agrees with statsmodels 0.13.5 and scipy 1.10.1', () => {
    // statsmodels.stats.contingency_tables.mcnemar([[30, 4], [13, 3]], exact=True).pvalue
    // mid-p: 2*scipy.stats.binom.cdf(4, 17, .5) - scipy.stats.binom.pmf(4, 17, .5)
    const result = mcnemarTest({
      bothSucceeded: 30,
      onlyBaselineSucceeded: 4,
      onlyVariantSucceeded: 13,
      bothFailed: 3,
    });
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(result.pValue).toBeCloseTo(0.049041748046875, 12);
    expect(result.midPValue).toBeCloseTo(0.0308837890625, 12);
    expect(result.estimate).toBeCloseTo(0.18, 12);
    expect(result.interval.low).toBeGreaterThan(0);
  });

  test('ties only: no sign of a difference, and an interval instead of a failure', () => {
    const ties = mcnemarTest({ bothSucceeded: 10, onlyBaselineSucceeded: 0, onlyVariantSucceeded: 0, bothFailed: 0 });
    expect(ties).toMatchObject({ kind: 'mcnemar', estimate: 0, pValue: 1, midPValue: 1 });
  });

  test('is symmetric, p is in (0, 1], and mid-p never exceeds the exact p', () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(count, count, count, (lost, won, both) => {
        const there = mcnemarTest({
          bothSucceeded: both,
          onlyBaselineSucceeded: lost,
          onlyVariantSucceeded: won,
          bothFailed: 1,
        });
        const back = mcnemarTest({
          bothSucceeded: both,
          onlyBaselineSucceeded: won,
          onlyVariantSucceeded: lost,
          bothFailed: 1,
        });
        if (there.kind === 'cannot-tell' || back.kind === 'cannot-tell') throw new Error('there are pairs');
        expect(back.pValue).toBeCloseTo(there.pValue, 12);
        expect(back.interval.low).toBeCloseTo(-there.interval.high, 12);
        expect(there.pValue).toBeGreaterThan(0);
        expect(there.pValue).toBeLessThanOrEqual(1);
        expect(there.midPValue).toBeLessThanOrEqual(there.pValue + 1e-12);
      }),
    );
  });

  test('impossible counts are refused', () => {
    const none = { bothSucceeded: 0, onlyBaselineSucceeded: 0, onlyVariantSucceeded: 0, bothFailed: 0 };
    expect(mcnemarTest(none)).toMatchObject({ reason: 'empty' });
    expect(mcnemarTest({ ...none, bothFailed: -1 })).toMatchObject({ reason: 'not-finite' });
    expect(mcnemarTest({ ...none, bothFailed: Number.NaN })).toMatchObject({ reason: 'not-finite' });
  });
});

describe('intervals of a success rate', () => {
  // statsmodels.stats.proportion.proportion_confint(k, n, .05, method), methods 'wilson', 'jeffreys', 'beta'
  test.each<[ProportionMethod, number, number, number, number]>([
    ['wilson', 3, 20, 0.052368745896216595, 0.36041886474075696],
    ['wilson', 0, 15, 0, 0.20388330103584867],
    ['wilson', 18, 18, 0.8241207763533424, 1],
    ['wilson', 47, 100, 0.3751081795934127, 0.5671114302990063],
    ['jeffreys', 3, 20, 0.04413134197515588, 0.348577710858454],
    ['jeffreys', 47, 100, 0.374200518664842, 0.5675082721200376],
    ['clopper-pearson', 3, 20, 0.0320709371854637, 0.37892682654531396],
    ['clopper-pearson', 0, 15, 0, 0.21801936091053406],
    ['clopper-pearson', 18, 18, 0.8146980318621477, 1],
  ])('%s of %i in %i agrees with statsmodels 0.13.5', (method, successes, trials, low, high) => {
    const result = proportionInterval(successes, trials, { method });
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(result.interval.low).toBeCloseTo(low, 6);
    expect(result.interval.high).toBeCloseTo(high, 6);
  });

  test('exact coverage over all outcomes: Clopper-Pearson never below 95 %, Wilson and Jeffreys 93 to 97 % on average', () => {
    for (const trials of [20, 50, 100]) {
      for (const method of ['wilson', 'jeffreys', 'clopper-pearson'] as const) {
        const intervals = Array.from({ length: trials + 1 }, (_, k) => proportionInterval(k, trials, { method }));
        const rates = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40);
        const coverage = rates.map((rate) =>
          intervals.reduce((sum, result, k) => {
            const holds = result.kind === 'proportion' && result.interval.low <= rate && rate <= result.interval.high;
            return sum + (holds ? binomialProbability(k, trials, rate) : 0);
          }, 0),
        );
        const mean = coverage.reduce((sum, value) => sum + value, 0) / rates.length;
        if (method === 'clopper-pearson') expect(Math.min(...coverage)).toBeGreaterThanOrEqual(0.95 - 1e-9);
        else expect(Math.abs(mean - 0.95)).toBeLessThan(0.02);
      }
    }
  });

  test('no trials and impossible counts', () => {
    expect(proportionInterval(0, 0)).toMatchObject({ reason: 'empty' });
    expect(proportionInterval(5, 4)).toMatchObject({ reason: 'not-finite' });
    expect(proportionInterval(Number.NaN, 4)).toMatchObject({ reason: 'not-finite' });
  });
});
