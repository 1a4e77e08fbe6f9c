import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import type { CannotTell } from './cannot-tell.ts';
import { drawNormal } from './draw-normal.ts';
import type { Estimate } from './estimate.ts';
import { lift, pairedLift, ratioOfSums } from './lift.ts';
import { pairedTTest } from './paired-t-test.ts';
import { welchTTest } from './welch-t-test.ts';

const baseline = [12.1, 9.8, 11.4, 10.2, 13.3, 9.1, 10.9, 12.7];
const variant = [13.9, 10.4, 12.2, 11.9, 14.8, 9.9, 12.1, 12.6];
const sample = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 30 });

function sure(result: Estimate | CannotTell): Estimate {
  if (result.kind === 'cannot-tell') throw new Error(result.message);
  return result;
}

describe('t-tests agree with scipy 1.10.1 and statsmodels 0.13.5', () => {
  test('Welch, equal and unequal sizes', () => {
    // scipy.stats.ttest_ind(variant, baseline, equal_var=False)
    // statsmodels CompareMeans(DescrStatsW(variant), DescrStatsW(baseline)).tconfint_diff(usevar='unequal'), .dof_satt()
    const even = sure(welchTTest(baseline, variant));
    expect(even.estimate).toBeCloseTo(1.0375, 10);
    expect(even.standardError).toBeCloseTo(0.7723312344546773, 10);
    expect(even.degreesOfFreedom).toBeCloseTo(13.850855951276747, 8);
    expect(even.pValue).toBeCloseTo(0.20076016477554953, 10);
    expect(even.interval.low).toBeCloseTo(-0.620660698597645, 8);
    expect(even.interval.high).toBeCloseTo(2.6956606985976443, 8);
    const uneven = sure(welchTTest(baseline, variant.slice(0, 6)));
    expect(uneven.degreesOfFreedom).toBeCloseTo(9.100462641904786, 8);
    expect(uneven.pValue).toBeCloseTo(0.3148157433538529, 10);
  });

  test('paired', () => {
    // scipy.stats.ttest_rel(variant, baseline) and .confidence_interval(.95)
    const paired = sure(pairedTTest(baseline, variant));
    expect(paired.pValue).toBeCloseTo(0.002508070852861188, 12);
    expect(paired.standardError).toBeCloseTo(0.2259404946946367, 12);
    expect(paired.interval.low).toBeCloseTo(0.5032356269597982, 9);
    expect(paired.interval.high).toBeCloseTo(1.571764373040202, 9);
  });

  test('lift and ratio of sums by the delta method', () => {
    // numpy: mean(v)/mean(b) - 1; sqrt(var(v,ddof=1)/8/mean(b)**2 + (mean(v)/mean(b))**2*var(b,ddof=1)/8/mean(b)**2)
    const independent = sure(lift(baseline, variant));
    expect(independent.estimate).toBeCloseTo(0.09273743016759783, 12);
    expect(independent.standardError).toBeCloseTo(0.07197454945654058, 12);
    // numpy: R = sum(n)/sum(d); std(n - R*d, ddof=1)/sqrt(8)/mean(d)
    const ratio = sure(ratioOfSums([3, 5, 2, 8, 4, 6, 1, 7], [1, 2, 1, 3, 1, 2, 1, 2]));
    expect(ratio.estimate).toBeCloseTo(2.769230769230769, 12);
    expect(ratio.standardError).toBeCloseTo(0.23293734099272811, 12);
    expect(sure(pairedLift(baseline, variant)).standardError).toBeLessThan(independent.standardError / 2);
  });
});

describe('what must hold for every sample', () => {
  test('swapping the sides flips the sign and nothing else; the unit of measure does not matter', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0.001, max: 1000, noNaN: true }), (left, right, unit) => {
        const there = welchTTest(left, right);
        const back = welchTTest(right, left);
        expect(back.kind).toBe(there.kind);
        if (there.kind === 'cannot-tell' || back.kind === 'cannot-tell') return;
        expect(back.estimate).toBeCloseTo(-there.estimate, 8);
        expect(back.pValue).toBeCloseTo(there.pValue, 8);
        const scaled = welchTTest(
          left.map((value) => value * unit),
          right.map((value) => value * unit),
        );
        if (scaled.kind === 'estimate') expect(scaled.pValue).toBeCloseTo(there.pValue, 6);
        expect(there.pValue <= 0.05).toBe(there.interval.low >= 0 || there.interval.high <= 0);
      }),
    );
  });
});

describe('bad input is "cannot tell", never NaN', () => {
  test.each([
    ['empty', [], [1, 2], 'empty'],
    ['one value', [1], [1, 2], 'too-few'],
    ['a NaN score', [1, Number.NaN, 2], [1, 2, 3], 'not-finite'],
    ['an infinite score', [1, 2], [1, Number.POSITIVE_INFINITY], 'not-finite'],
    ['no variance at all', [0.1, 0.1, 0.1], [0.3, 0.3, 0.3], 'zero-variance'],
  ])('%s', (_, left, right, reason) => {
    expect(welchTTest(left, right)).toMatchObject({ kind: 'cannot-tell', reason });
    if (left.length === right.length) expect(pairedTTest(left, right)).toMatchObject({ kind: 'cannot-tell', reason });
  });

  test('a percentage of a baseline around zero', () => {
    expect(lift([-1, 1, -1, 1.1], [1, 2, 1, 2])).toMatchObject({ reason: 'baseline-near-zero' });
    expect(ratioOfSums([1, 2], [0, 0])).toMatchObject({ reason: 'baseline-near-zero' });
  });

  test('three samples give an answer and the caution that they are few', () => {
    expect(welchTTest([1, 2, 3], [2, 3, 5])).toMatchObject({ kind: 'estimate', cautions: ['few-values'] });
    expect(() => pairedTTest([1, 2], [1])).toThrow(RangeError);
    expect(() => welchTTest(baseline, variant, { confidence: 95 })).toThrow(/between 0 and 1/);
  });
});

describe('simulated coverage of 95 % intervals, 2,000 runs each (band 93 to 97 %, 4 standard errors)', () => {
  test.each([20, 50, 100])('n = %i', (size) => {
    const random = createSeededRandom(size);
    const covered = { welch: 0, paired: 0, lift: 0 };
    for (let run = 0; run < 2_000; run++) {
      const item = Array.from({ length: size }, () => drawNormal(random));
      const before = item.map((value) => 10 + value + drawNormal(random));
      const after = item.map((value) => 10.5 + value + drawNormal(random));
      const apart = Array.from({ length: size }, () => 10.5 + 2 * drawNormal(random));
      const holds = (result: Estimate | CannotTell, truth: number) =>
        result.kind === 'estimate' && result.interval.low <= truth && truth <= result.interval.high ? 1 : 0;
      covered.paired += holds(pairedTTest(before, after), 0.5);
      covered.welch += holds(welchTTest(before, apart), 0.5);
      covered.lift += holds(pairedLift(before, after), 0.05);
    }
    for (const [name, count] of Object.entries(covered)) {
      expect(count / 2_000, name).toBeGreaterThan(0.93);
      expect(count / 2_000, name).toBeLessThan(0.97);
    }
  });
});
