import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { anytimeMean } from './confidence-sequence.ts';
import { adjustWithCuped } from './cuped.ts';
import { designEffect, pairedDifferenceDeviation, repeatedDifferenceDeviation } from './design-effect.ts';
import { drawNormal } from './draw-normal.ts';
import { fixedDetectableEffect, fixedPower, fixedSampleSize } from './fixed-power.ts';
import { correlationOf, estimateIntraclassCorrelation } from './intraclass-correlation.ts';
import { pairedTTest } from './paired-t-test.ts';
import { addToMoments, momentsOf, noMoments, varianceOf } from './running-moments.ts';
import { planSequential } from './sequential-plan.ts';
import { sequentialDetectableEffect, sequentialPower, sequentialSampleSize } from './sequential-power.ts';

describe('fixed designs agree with statsmodels 0.13.5', () => {
  const paired = { kind: 'paired', deviation: 1 } as const;
  const arms = { kind: 'two-arm', deviation: 1 } as const;

  test('power', () => {
    // TTestPower().power(.3, 50, .05), (.8, 8, .05), (.3, 50, .05, alternative='larger')
    expect(fixedPower(paired, 0.3, 50)).toBeCloseTo(0.5476570399926962, 6);
    expect(fixedPower(paired, 0.8, 8)).toBeCloseTo(0.49638204643250544, 6);
    expect(fixedPower({ ...paired, sides: 1 }, 0.3, 50)).toBeCloseTo(0.6725739833758864, 6);
    // TTestIndPower().power(.4, 60, .05), with ratio=2
    expect(fixedPower(arms, 0.4, 60)).toBeCloseTo(0.5843823408956431, 6);
    expect(fixedPower({ ...arms, allocation: 2 }, 0.4, 60)).toBeCloseTo(0.7109627299678887, 6);
  });

  test('sample size and detectable effect', () => {
    // TTestPower().solve_power(.3, None, .05, .8) = 89.15; TTestIndPower().solve_power(.4, None, .05, .9) = 132.31
    expect(fixedSampleSize(paired, 0.3, 0.8)).toBe(90);
    expect(fixedSampleSize(arms, 0.4, 0.9)).toBe(133);
    // TTestPower().solve_power(.5, None, .05, .8, alternative='larger') = 26.14
    expect(fixedSampleSize({ ...paired, sides: 1 }, 0.5, 0.8)).toBe(27);
    // scipy.optimize.brentq(lambda d: nct.sf(c, 99, 10*d) + nct.cdf(-c, 99, 10*d) - .8, .1, .5), c = t.ppf(.975, 99)
    // TTestIndPower().solve_power(None, 64, .05, .8)
    expect(fixedDetectableEffect(paired, 100, 0.8)).toBeCloseTo(0.2829126327735678, 8);
    expect(fixedDetectableEffect(arms, 64, 0.8)).toBeCloseTo(0.4990691771904248, 6);
  });

  test('more answers, a larger effect or less noise never lower the power', () => {
    const number = fc.double({ min: 0.05, max: 2, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 3, max: 200 }), (effect, deviation, size) => {
        const power = fixedPower({ kind: 'paired', deviation }, effect, size);
        expect(fixedPower({ kind: 'paired', deviation }, effect, size + 5)).toBeGreaterThanOrEqual(power - 1e-7);
        expect(fixedPower({ kind: 'paired', deviation }, effect * 1.1, size)).toBeGreaterThanOrEqual(power - 1e-7);
        expect(fixedPower({ kind: 'paired', deviation: deviation * 1.1 }, effect, size)).toBeLessThanOrEqual(
          power + 1e-7,
        );
      }),
      { numRuns: 60 },
    );
  });

  test('what cannot be concluded is said', () => {
    expect(fixedSampleSize(paired, 0, 0.8)).toMatchObject({ reason: 'out-of-range' });
    expect(fixedSampleSize(paired, 1e-9, 0.8)).toMatchObject({ message: expect.stringContaining('cannot conclude') });
    expect(sequentialSampleSize({ deviation: 1 }, 1e-9, 0.8)).toMatchObject({ reason: 'out-of-range' });
    expect(sequentialSampleSize({ deviation: 1 }, 0, 0.8)).toMatchObject({ reason: 'out-of-range' });
    expect(fixedDetectableEffect(paired, 1, 0.8)).toMatchObject({ reason: 'too-few' });
  });
});

describe('a planned size keeps its promise (80 % asked)', () => {
  test('fixed paired test with correlation 0.6, 2,000 runs: 77 to 83 %', () => {
    const deviation = pairedDifferenceDeviation({ baselineDeviation: 1, variantDeviation: 1, correlation: 0.6 });
    const size = fixedSampleSize({ kind: 'paired', deviation }, 0.25, 0.8);
    if (typeof size !== 'number') throw new Error(size.message);
    const random = createSeededRandom(5);
    let found = 0;
    for (let run = 0; run < 2_000; run++) {
      const shared = Array.from({ length: size }, () => Math.sqrt(0.6) * drawNormal(random));
      const own = () => Math.sqrt(0.4) * drawNormal(random);
      const result = pairedTTest(
        shared.map((value) => value + own()),
        shared.map((value) => value + own() + 0.25),
      );
      if (result.kind === 'estimate' && result.pValue <= 0.05) found++;
    }
    expect(Math.abs(found / 2_000 - 0.8)).toBeLessThan(0.03);
  });

  test('sequential test watched after every pair, 1,000 runs: 77 to 86 %, and it stops early as promised', () => {
    const size = sequentialSampleSize({ deviation: 1 }, 0.25, 0.8);
    if (typeof size !== 'number') throw new Error(size.message);
    const plan = planSequential({ plannedObservations: size });
    const random = createSeededRandom(6);
    let found = 0;
    let used = 0;
    for (let run = 0; run < 1_000; run++) {
      let moments = noMoments;
      for (let n = 1; n <= size; n++) {
        moments = addToMoments(moments, drawNormal(random) + 0.25);
        if (n === size) used += n;
        // The boundary is never below 2.9 standard errors; asking for the look only beyond it saves most of the time.
        if (n < 2 || Math.abs(moments.mean) < 2.9 * Math.sqrt(varianceOf(moments) / n)) continue;
        const look = anytimeMean(moments, plan);
        if (look.kind !== 'anytime' || look.pValue > 0.05) continue;
        found++;
        if (n < size) used += n;
        break;
      }
    }
    expect(found / 1_000).toBeGreaterThan(0.77);
    expect(found / 1_000).toBeLessThan(0.86);
    const outlook = sequentialPower({ deviation: 1 }, 0.25, size);
    expect(outlook.power).toBeCloseTo(0.8, 2);
    expect(Math.abs(used / 1_000 / size - outlook.expectedShare)).toBeLessThan(0.06);
  });

  test('watching costs pairs compared with one look, less than twice as many', () => {
    for (const power of [0.8, 0.9]) {
      const once = fixedDetectableEffect({ kind: 'paired', deviation: 1 }, 1_000, power);
      const watched = sequentialDetectableEffect({ deviation: 1 }, 1_000, power);
      if (typeof once !== 'number') throw new Error(once.message);
      expect((watched / once) ** 2).toBeGreaterThan(1.3);
      expect((watched / once) ** 2).toBeLessThan(2);
    }
  });
});

describe('design', () => {
  test('clustering, correlation and repeats', () => {
    expect(designEffect({ clusterSize: 1, intraclassCorrelation: 0.4 })).toBe(1);
    expect(designEffect({ clusterSize: 11, intraclassCorrelation: 0.1 })).toBeCloseTo(2, 12);
    expect(designEffect({ clusterSize: 11, intraclassCorrelation: 0.1, clusterSizeVariation: 0.5 })).toBeGreaterThan(2);
    expect(pairedDifferenceDeviation({ baselineDeviation: 2, variantDeviation: 2, correlation: 1 })).toBe(0);
    expect(repeatedDifferenceDeviation({ betweenItemDeviation: 3, withinItemDeviation: 8, repeats: 4 })).toBe(5);
    expect(() => designEffect({ clusterSize: 5, intraclassCorrelation: 1.2 })).toThrow(RangeError);
  });

  test('likeness within clusters and correlation of pairs from past data agree with scipy 1.10.1', () => {
    const values = [3.1, 2.9, 4.0, 5.2, 5.0, 2.2, 2.5, 6.1, 5.8, 6.4, 3.3, 3.9, 4.4, 4.1];
    const past = values.map((value, i) => ({ value, cluster: 'aaabbccdddeeff'[i]! }));
    // F = scipy.stats.f_oneway(*groups).statistic; m0 = (14 - 34/14) / 5; (F - 1) / (F + m0 - 1)
    const result = estimateIntraclassCorrelation(past);
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(result.estimate).toBeCloseTo(0.9279570002716963, 9);
    expect(result.clusterSize).toBeCloseTo(14 / 6, 12);
    expect(designEffect({ ...result, intraclassCorrelation: result.estimate })).toBeGreaterThan(2);
    // scipy.stats.pearsonr([1, 2, 4, 3], [2, 1, 5, 3])
    expect(correlationOf([1, 2, 4, 3], [2, 1, 5, 3])).toBeCloseTo(0.8315218406202999, 10);
    expect(correlationOf([1, 1, 1], [1, 2, 3])).toBeUndefined();
    expect(estimateIntraclassCorrelation(past.slice(0, 3))).toMatchObject({ reason: 'too-few' });
    expect(estimateIntraclassCorrelation(past.map((entry) => ({ ...entry, value: 1 })))).toMatchObject({
      reason: 'zero-variance',
    });
  });

  test('CUPED agrees with numpy 1.24.2 and keeps the difference while it removes noise', () => {
    const outcomes = [13.9, 10.4, 12.2, 11.9, 14.8, 9.9, 12.1, 12.6];
    const covariates = [12.1, 9.8, 11.4, 10.2, 13.3, 9.1, 10.9, 12.7];
    const one = adjustWithCuped([{ outcomes, covariates }]);
    if (one.kind === 'cannot-tell') throw new Error(one.message);
    // numpy.cov(y, x)[0, 1] / numpy.var(x, ddof=1); numpy.corrcoef(y, x)[0, 1]**2
    expect(one.theta).toBeCloseTo(1.0202922755741126, 10);
    expect(one.varianceReduction).toBeCloseTo(0.8452624778250954, 10);
    const before = varianceOf(momentsOf(outcomes));
    expect(varianceOf(momentsOf(one.adjusted[0]!))).toBeCloseTo(before * (1 - one.varianceReduction), 10);
    expect(momentsOf(one.adjusted[0]!).mean).toBeCloseTo(momentsOf(outcomes).mean, 10);
    expect(adjustWithCuped([{ outcomes, covariates: outcomes.map(() => 1) }])).toMatchObject({
      reason: 'zero-variance',
    });
    expect(adjustWithCuped([{ outcomes: [1, 2], covariates: [1, 2] }])).toMatchObject({ reason: 'too-few' });
  });
});
