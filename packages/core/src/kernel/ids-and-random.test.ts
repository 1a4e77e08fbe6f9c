import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase32 } from './ids.ts';
import { createSeededRandom } from './random.ts';
import { systemIds } from './system.ts';

describe('ids', () => {
  test('are unique, of one form, and carry their prefix', () => {
    const ids = Array.from({ length: 5_000 }, () => systemIds.next('cmp'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^cmp_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  test('sort by the time of their creation', async () => {
    const first = systemIds.next('a');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(first < systemIds.next('a')).toBe(true);
  });

  test('the encoding keeps the order of numbers', () => {
    const number = fc.integer({ min: 0, max: 2 ** 50 - 1 });
    fc.assert(fc.property(number, number, (a, b) => a < b === encodeBase32(a, 10) < encodeBase32(b, 10)));
  });
});

describe('createSeededRandom', () => {
  test('gives the same sequence for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const random = createSeededRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('stays in [0, 1) and spreads evenly', () => {
    const random = createSeededRandom(1);
    const buckets = new Array<number>(10).fill(0);
    for (let count = 0; count < 10_000; count += 1) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
