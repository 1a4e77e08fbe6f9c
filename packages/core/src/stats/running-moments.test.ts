import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeMoments, momentsOf, skewnessOf, varianceOf } from './running-moments.ts';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 40 });

test('moments of parts merge to the moments of the whole, in any grouping', () => {
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      const whole = momentsOf([...a, ...b, ...c]);
      const left = mergeMoments(mergeMoments(momentsOf(a), momentsOf(b)), momentsOf(c));
      const right = mergeMoments(momentsOf(a), mergeMoments(momentsOf(b), momentsOf(c)));
      for (const merged of [left, right]) {
        expect(merged.count).toBe(whole.count);
        expect(merged.mean).toBeCloseTo(whole.mean, 8);
        expect(Math.abs(merged.squaredDeviations - whole.squaredDeviations)).toBeLessThan(1e-3);
        expect(Math.abs(merged.cubedDeviations - whole.cubedDeviations)).toBeLessThan(1);
      }
    }),
  );
});

test('variance and skewness agree with scipy 1.10.1, also far from zero', () => {
  const sample = [0.2, 0.3, 0.3, 0.5, 0.6, 0.7, 1.1, 1.4, 2.2, 2.9, 4.8, 9.5];
  // numpy.var(sample, ddof=1); scipy.stats.skew(sample)
  expect(varianceOf(momentsOf(sample))).toBeCloseTo(7.364469696969698, 10);
  expect(skewnessOf(momentsOf(sample))).toBeCloseTo(1.9456394203365333, 10);
  expect(varianceOf(momentsOf(sample.map((value) => value + 1e8)))).toBeCloseTo(7.364469696969698, 5);
});

test('a constant stream has variance 0, not rounding dust', () => {
  expect(varianceOf(momentsOf(Array.from({ length: 1_000 }, () => 0.1 + 0.2)))).toBe(0);
});
