import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QuantileSketch } from './quantile-sketch.ts';
import { SketchMerger } from './sketch-merger.ts';

const values = fc.array(fc.oneof(fc.double({ min: 0, max: 1e16, noNaN: true }), fc.nat(9), fc.constant(-1)), {
  maxLength: 40,
});
const sketchOf = (list: readonly number[]) => {
  const sketch = new QuantileSketch();
  for (const value of list) sketch.add(value);
  return sketch;
};

test('merges stored sketches and single values to the bytes and quantiles of the plain sketch', () => {
  const merger = new SketchMerger();
  fc.assert(
    fc.property(
      fc.array(values, { maxLength: 4 }),
      values,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lists, more, q) => {
        merger.reset();
        merger.addAll(Buffer.concat(lists.map((list) => sketchOf(list).toBytes())));
        for (const value of more) merger.add(value);
        const plain = sketchOf([...lists.flat(), ...more]);
        expect(merger.toBytes()).toEqual(plain.toBytes());
        expect([merger.count, merger.quantile(q)]).toEqual([plain.count, plain.quantile(q)]);
      },
    ),
  );
});

test('damaged bytes and sketches of another error are refused', () => {
  const bytes = sketchOf([0, 1, 5, 90]).toBytes();
  for (let cut = 1; cut < bytes.length; cut++)
    expect(() => new SketchMerger().addAll(bytes.slice(0, cut))).toThrow(RangeError);
  expect(() => new SketchMerger().addAll(new QuantileSketch(0.02).toBytes())).toThrow(RangeError);
});
