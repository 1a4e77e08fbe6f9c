import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { drawNormal } from './draw-normal.ts';
import { quantileInterval, sortedQuantile } from './quantile.ts';
import { pairedQuantileDifference, quantileDifference } from './quantile-difference.ts';

describe('quantiles', () => {
  test('agree with numpy 1.24.2', () => {
    // numpy.quantile(sample, [.1, .5, .9])
    const sample = [0.2, 0.3, 0.3, 0.5, 0.6, 0.7, 1.1, 1.4, 2.2, 2.9, 4.8, 9.5];
    expect(sortedQuantile(sample, 0.1)).toBeCloseTo(0.3, 12);
    expect(sortedQuantile(sample, 0.5)).toBeCloseTo(0.9, 12);
    expect(sortedQuantile(sample, 0.9)).toBeCloseTo(4.61, 12);
  });

  test('a tail that the sample does not reach yet is "cannot tell" with the number it takes', () => {
    const values = Array.from({ length: 71 }, (_, i) => i);
    expect(quantileInterval(values, 0.95)).toMatchObject({
      reason: 'too-few',
      message: expect.stringContaining('72 values'),
    });
    expect(quantileInterval([...values, 71], 0.95)).toMatchObject({ kind: 'quantile', interval: { high: 71 } });
    expect(quantileInterval([1, Number.NaN, 3], 0.5)).toMatchObject({ reason: 'not-finite' });
    expect(quantileInterval([], 0.5)).toMatchObject({ reason: 'empty' });
  });

  test('the interval encloses the estimate and follows a monotone change of unit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 60 }), (values) => {
        const plain = quantileInterval(values, 0.5);
        if (plain.kind === 'cannot-tell') throw new Error(plain.message);
        expect(plain.interval.low).toBeLessThanOrEqual(plain.estimate);
        expect(plain.interval.high).toBeGreaterThanOrEqual(plain.estimate);
        const log = quantileInterval(values.map(Math.log1p), 0.5);
        if (log.kind === 'quantile') expect(Math.expm1(log.interval.low)).toBeCloseTo(plain.interval.low, 4);
      }),
    );
  });
});

describe('difference of the 90th percentile of skewed latencies', () => {
  test('simulated coverage is at least 93 % at n = 50, 100 and 200 (600 runs each, 2 standard errors below 95 %)', () => {
    // Both sides lognormal(6, 0.5), so the truth is 0.
    for (const size of [50, 100, 200]) {
      const random = createSeededRandom(size);
      const draw = () => Array.from({ length: size }, () => Math.exp(6 + 0.5 * drawNormal(random)));
      let covered = 0;
      for (let run = 0; run < 600; run++) {
        const result = quantileDifference(draw(), draw(), 0.9);
        if (result.kind === 'quantile' && result.interval.low <= 0 && 0 <= result.interval.high) covered++;
      }
      expect(covered / 600).toBeGreaterThan(0.93);
    }
  });

  test('swapping the sides mirrors the interval, skewed as it is', () => {
    const random = createSeededRandom(12);
    const draw = (scale: number) => Array.from({ length: 80 }, () => scale * Math.exp(0.8 * drawNormal(random)));
    const [left, right] = [draw(100), draw(300)];
    const there = quantileDifference(left, right, 0.9);
    const back = quantileDifference(right, left, 0.9);
    if (there.kind === 'cannot-tell' || back.kind === 'cannot-tell') throw new Error('enough values');
    expect(back.interval.low).toBeCloseTo(-there.interval.high, 8);
    expect(back.interval.high).toBeCloseTo(-there.interval.low, 8);
  });

  test('pairs share their item, so the paired interval is narrower', () => {
    const random = createSeededRandom(4);
    const baseline = Array.from({ length: 150 }, () => Math.exp(6 + 0.5 * drawNormal(random)));
    const variant = baseline.map((value) => value * 0.8 + 5 * drawNormal(random));
    const paired = pairedQuantileDifference(baseline, variant, 0.9, { random, resamples: 500 });
    const apart = quantileDifference(baseline, variant, 0.9);
    if (paired.kind === 'cannot-tell' || apart.kind === 'cannot-tell') throw new Error('enough values');
    expect(paired.estimate).toBeCloseTo(apart.estimate, 8);
    expect(paired.interval.high).toBeLessThan(0);
    expect(paired.interval.high - paired.interval.low).toBeLessThan(apart.interval.high - apart.interval.low);
  });
});
