import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { quantileRank } from './quantile.ts';
import { QuantileSketch } from './quantile-sketch.ts';

const values = fc.array(
  fc.oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constant(0), fc.integer({ min: 1, max: 9 })),
  {
    maxLength: 60,
  },
);

function sketchOf(list: readonly number[], relativeError?: number): QuantileSketch {
  const sketch = new QuantileSketch(relativeError);
  for (const value of list) sketch.add(value);
  return sketch;
}

describe('quantile sketch', () => {
  test('every quantile is within the promised relative error of the sorted list, whatever was merged', () => {
    fc.assert(
      fc.property(
        values,
        values,
        fc.constantFrom(0.005, 0.01, 0.05),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, error, q) => {
          const merged = sketchOf(a, error).merge(sketchOf(b, error));
          const sorted = [...a, ...b].sort((x, y) => x - y);
          expect(merged.count).toBe(sorted.length);
          expect(merged.min).toBe(sorted[0]);
          expect(merged.max).toBe(sorted.at(-1));
          const exact = sorted[quantileRank(q, sorted.length) - 1];
          const estimate = merged.quantile(q);
          if (exact === undefined || estimate === undefined) expect(estimate).toBe(exact);
          else expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(error * exact * (1 + 1e-9) + 1e-9);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the share that a quantile names lies within it, and one value fewer is not enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 500 }), (percent, count) => {
        const rank = quantileRank(percent / 100, count);
        expect(rank * 100).toBeGreaterThanOrEqual(percent * count);
        expect((rank - 1) * 100).toBeLessThan(percent * count);
      }),
    );
    expect(sketchOf([1.25, 2.23, 4]).quantile(0.95)).toBeCloseTo(4, 1);
  });

  test('merging is associative and commutative to the byte', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const left = sketchOf(a).merge(sketchOf(b)).merge(sketchOf(c)).toBytes();
        const right = sketchOf(a)
          .merge(sketchOf(b).merge(sketchOf(c)))
          .toBytes();
        const turned = sketchOf(c).merge(sketchOf(a)).merge(sketchOf(b)).toBytes();
        expect(right).toEqual(left);
        expect(turned).toEqual(left);
      }),
    );
  });

  test('survives storage, and merging with itself doubles the counts and keeps the quantiles', () => {
    fc.assert(
      fc.property(values, (list) => {
        const sketch = sketchOf(list);
        const stored = QuantileSketch.fromBytes(sketch.toBytes());
        expect(stored.toBytes()).toEqual(sketch.toBytes());
        expect(stored.quantile(0.9)).toBe(sketch.quantile(0.9));
        stored.merge(stored);
        expect(stored.count).toBe(2 * sketch.count);
        expect(stored.quantile(0)).toBe(sketch.quantile(0));
        expect(stored.quantile(1)).toBe(sketch.quantile(1));
      }),
    );
  });

  test('a million latencies fit in two kilobytes', () => {
    const random = createSeededRandom(1);
    const sketch = new QuantileSketch();
    for (let i = 0; i < 1_000_000; i++) sketch.add(200 / (1 - random.next()) ** 0.4);
    expect(sketch.toBytes().length).toBeLessThan(2_000);
    // Pareto quantile: 200 · (1 − q)^−0.4
    expect(Math.abs(sketch.quantile(0.99)! / (200 * 0.01 ** -0.4) - 1)).toBeLessThan(0.02);
    expect(sketch.countUpTo(200 * 0.5 ** -0.4) / 1_000_000).toBeCloseTo(0.5, 1);
  });

  test('negative, NaN and infinite values are refused and leave the sketch as it was', () => {
    const sketch = sketchOf([5]);
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(sketch.add(bad)).toBe(false);
    expect(sketch.add(7, 0)).toBe(false);
    expect(sketch.count).toBe(1);
    expect(new QuantileSketch().quantile(0.5)).toBeUndefined();
    expect(() => sketch.merge(new QuantileSketch(0.02))).toThrow(RangeError);
    expect(() => sketch.quantile(95)).toThrow(RangeError);
    expect(() => new QuantileSketch(0)).toThrow(RangeError);
  });

  test('values beyond the range are bounded, so hostile input cannot grow it', () => {
    const sketch = sketchOf([1e-300, 1e300, Number.MAX_VALUE, Number.MIN_VALUE]);
    for (let exponent = -320; exponent < 308; exponent += 0.01) sketch.add(10 ** exponent);
    expect(sketch.toBytes().length).toBeLessThan(12_000);
    expect(sketch.max).toBe(Number.MAX_VALUE);
  });

  test('damaged bytes are refused, whichever byte is cut or changed, and never give a broken sketch', () => {
    const bytes = sketchOf([0, 1, 5, 5, 90, 1_000]).toBytes();
    for (let cut = 0; cut < bytes.length; cut++)
      expect(() => QuantileSketch.fromBytes(bytes.slice(0, cut))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        try {
          const read = QuantileSketch.fromBytes(changed);
          expect(Number.isFinite(read.quantile(0.5))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
