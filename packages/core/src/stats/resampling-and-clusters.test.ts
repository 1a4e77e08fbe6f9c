import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { bootstrapInterval, bootstrapTwoSamples } from './bootstrap.ts';
import { clusterRobustDifference, clusterRobustMean, clusterRobustRegression } from './cluster-robust.ts';
import { drawNormal } from './draw-normal.ts';
import { meanOf } from './running-moments.ts';

const skewed = [0.2, 0.3, 0.3, 0.5, 0.6, 0.7, 1.1, 1.4, 2.2, 2.9, 4.8, 9.5];

describe('bootstrap', () => {
  test('agrees with scipy 1.10.1 up to resampling noise', () => {
    const random = createSeededRandom(1);
    // scipy.stats.bootstrap((skewed,), numpy.mean, n_resamples=200000, method='BCa', random_state=1): (1.0167, 4.375), 0.7486
    const bca = bootstrapInterval(skewed, meanOf, { random, resamples: 20_000 });
    if (bca.kind === 'cannot-tell') throw new Error(bca.message);
    expect(Math.abs(bca.interval.low - 1.0167)).toBeLessThan(0.03);
    expect(Math.abs(bca.interval.high - 4.375)).toBeLessThan(0.12);
    expect(Math.abs(bca.standardError - 0.7486)).toBeLessThan(0.015);
    // same with method='percentile': (0.8167, 3.6833)
    const percentile = bootstrapInterval(skewed, meanOf, { random, resamples: 20_000, method: 'percentile' });
    if (percentile.kind === 'cannot-tell') throw new Error(percentile.message);
    expect(Math.abs(percentile.interval.low - 0.8167)).toBeLessThan(0.03);
    expect(Math.abs(percentile.interval.high - 3.6833)).toBeLessThan(0.08);
  });

  test('two samples agree with scipy 1.10.1', () => {
    // scipy.stats.bootstrap((variant, baseline), lambda p, q, axis: p.mean(axis) - q.mean(axis), method='BCa'): (-0.35, 2.4625)
    const baseline = [12.1, 9.8, 11.4, 10.2, 13.3, 9.1, 10.9, 12.7];
    const variant = [13.9, 10.4, 12.2, 11.9, 14.8, 9.9, 12.1, 12.6];
    const result = bootstrapTwoSamples(baseline, variant, (before, after) => meanOf(after) - meanOf(before), {
      random: createSeededRandom(2),
      resamples: 20_000,
    });
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(Math.abs(result.interval.low + 0.35)).toBeLessThan(0.06);
    expect(Math.abs(result.interval.high - 2.4625)).toBeLessThan(0.06);
  });

  test('5,000 skewed values are done in a moment, with the interval that the normal theory gives at that size', () => {
    const random = createSeededRandom(30);
    const many = Array.from({ length: 5_000 }, () => -Math.log(1 - random.next()));
    const result = bootstrapInterval(many, meanOf, { random, resamples: 200 });
    if (result.kind === 'cannot-tell') throw new Error(result.message);
    expect(result.interval.high - result.interval.low).toBeCloseTo(2 * 1.96 * result.standardError, 2);
  });

  test('resampling whole clusters sees what resampling rows misses', () => {
    const random = createSeededRandom(8);
    const clusters = Array.from({ length: 14 }, () => {
      const level = drawNormal(random);
      return Array.from({ length: 12 }, () => level + 0.3 * drawNormal(random));
    });
    const rows = bootstrapInterval(clusters.flat(), meanOf, { random, resamples: 500 });
    const whole = bootstrapInterval(clusters, (sample) => meanOf(sample.flat()), { random, resamples: 500 });
    const robust = clusterRobustMean(
      clusters.flatMap((values, c) => values.map((value) => ({ value, cluster: `${c}` }))),
    );
    if (rows.kind === 'cannot-tell' || whole.kind === 'cannot-tell' || robust.kind === 'cannot-tell') {
      throw new Error('enough clusters');
    }
    expect(whole.standardError).toBeGreaterThan(2 * rows.standardError);
    expect(Math.abs(whole.standardError / robust.standardError - 1)).toBeLessThan(0.15);
  });

  test('the same seed gives the same interval; too few, NaN and constant samples give none', () => {
    const run = () => bootstrapInterval(skewed, meanOf, { random: createSeededRandom(9), resamples: 200 });
    expect(run()).toEqual(run());
    const random = createSeededRandom(1);
    expect(bootstrapInterval([], meanOf, { random })).toMatchObject({ reason: 'empty' });
    expect(bootstrapInterval([1, 2, 3], meanOf, { random })).toMatchObject({ reason: 'too-few' });
    expect(bootstrapInterval([1, 2, 3, 4, Number.NaN], meanOf, { random })).toMatchObject({ reason: 'not-finite' });
    expect(bootstrapInterval([1, 1, 1, 1, 1], meanOf, { random })).toMatchObject({ reason: 'zero-variance' });
  });
});

describe('cluster-robust errors', () => {
  const outcomes = [3.1, 2.9, 4.0, 5.2, 5.0, 2.2, 2.5, 6.1, 5.8, 6.4, 3.3, 3.9, 4.4, 4.1];
  const arms = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0];
  const clusters = [...'aaabbccdddeeff'];

  test('agree with statsmodels 0.13.5', () => {
    // statsmodels OLS(y, add_constant(x)).fit(cov_type='cluster', cov_kwds={'groups': g, 'df_correction': True}, use_t=True)
    const design = arms.map((arm) => [1, arm]);
    const fit = clusterRobustRegression(design, outcomes, clusters);
    if (fit.kind === 'cannot-tell') throw new Error(fit.message);
    const slope = fit.coefficients[1]!;
    expect(slope.estimate).toBeCloseTo(1.47142857, 8);
    expect(slope.standardError).toBeCloseTo(0.8641627, 7);
    expect(slope.pValue).toBeCloseTo(0.14935184, 7);
    expect(slope.interval.low).toBeCloseTo(-0.74997238, 6);
    expect(slope).toMatchObject({ degreesOfFreedom: 5, cautions: ['few-clusters'] });
    // OLS(y, ones).fit(... as above)
    const mean = clusterRobustMean(outcomes.map((value, i) => ({ value, cluster: clusters[i]! })));
    expect(mean).toMatchObject({ kind: 'estimate', degreesOfFreedom: 5 });
    if (mean.kind === 'estimate') expect(mean.standardError).toBeCloseTo(0.59376656, 7);
  });

  test('the jackknife (CR3) agrees with leaving out one cluster after the other in statsmodels 0.13.5', () => {
    // sqrt(5/6 * sum((OLS(y[g != c], X[g != c]).fit().params[1] - OLS(y, X).fit().params[1])**2 for c in 'abcdef'))
    const design = arms.map((arm) => [1, arm]);
    const fit = clusterRobustRegression(design, outcomes, clusters, { errors: 'cr3' });
    if (fit.kind === 'cannot-tell') throw new Error(fit.message);
    expect(fit.coefficients[1]!.standardError).toBeCloseTo(1.0642826293410772, 7);
    const lonely = clusterRobustDifference(
      [
        { value: 1, cluster: 'a' },
        { value: 2, cluster: 'a' },
        { value: 3, cluster: 'b' },
      ],
      [
        { value: 2, cluster: 'c' },
        { value: 4, cluster: 'c' },
      ],
      { errors: 'cr3' },
    );
    expect(lonely).toMatchObject({ reason: 'not-identified' });
  });

  test('one cluster, dependent columns, constant outcomes and an empty side cannot be judged', () => {
    const one = outcomes.map((value) => ({ value, cluster: 'a' }));
    expect(clusterRobustMean(one)).toMatchObject({ reason: 'too-few' });
    const doubled = arms.map((arm) => [1, arm, 2 * arm]);
    expect(clusterRobustRegression(doubled, outcomes, clusters)).toMatchObject({ reason: 'not-identified' });
    const flat = clusters.map((cluster) => ({ value: 0.3, cluster }));
    expect(clusterRobustMean(flat)).toMatchObject({ reason: 'zero-variance' });
    expect(clusterRobustDifference([], one)).toMatchObject({ reason: 'empty' });
  });

  test.each([
    ['arms within clusters', 0, 'cr1'],
    ['whole clusters assigned', 1, 'cr1'],
    ['whole clusters assigned, jackknife', 1, 'cr3'],
  ] as const)('14 clusters, %s: intervals cover in 93 to 97 of 100 runs (2,000 runs)', (_, byCluster, errors) => {
    const random = createSeededRandom(14 + byCluster);
    let covered = 0;
    for (let run = 0; run < 2_000; run++) {
      const sides: { value: number; cluster: string }[][] = [[], []];
      for (let c = 0; c < 14; c++) {
        const level = drawNormal(random);
        for (let i = 0; i < 12; i++) {
          const arm = (byCluster ? c : i) % 2;
          sides[arm]!.push({ value: level + drawNormal(random) + 0.3 * arm, cluster: `c${c}` });
        }
      }
      const result = clusterRobustDifference(sides[0]!, sides[1]!, { errors });
      if (result.kind === 'estimate' && result.interval.low <= 0.3 && 0.3 <= result.interval.high) covered++;
    }
    expect(covered / 2_000).toBeGreaterThan(0.93);
    expect(covered / 2_000).toBeLessThan(0.97);
  });
});
