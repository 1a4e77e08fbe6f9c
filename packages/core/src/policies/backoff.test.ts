import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { computeBackoffMs, defaultBackoff, planWait } from './backoff.ts';

const settings = fc.record({ baseMs: fc.integer({ min: 1, max: 5_000 }), capMs: fc.integer({ min: 1, max: 60_000 }) });
const highest = { next: () => 1 - 2 ** -53 };
const lowest = { next: () => 0 };

describe('computeBackoffMs', () => {
  test('stays within [0, min(cap, base × 2^(failures − 1))), also for absurd counts', () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 5_000 }), fc.integer(), (given, failures, seed) => {
        const waitMs = computeBackoffMs(failures, given, createSeededRandom(seed));
        expect(Number.isInteger(waitMs) && waitMs >= 0).toBe(true);
        expect(waitMs).toBeLessThan(Math.max(1, Math.min(given.capMs, given.baseMs * 2 ** (failures - 1))));
      }),
    );
  });

  test('uses the whole range', () => {
    expect([1, 2, 3, 4, 5, 50].map((failures) => computeBackoffMs(failures, defaultBackoff, highest))).toEqual([
      999, 1_999, 3_999, 7_999, 7_999, 7_999,
    ]);
    expect(computeBackoffMs(3, defaultBackoff, lowest)).toBe(0);
  });
});

describe('planWait', () => {
  test('waits at least as long as the vendor asks, and longer when our own backoff is longer', () => {
    expect(planWait(1, 2_000, 30_000, defaultBackoff, highest)).toEqual({ kind: 'wait', waitMs: 2_000 });
    expect(planWait(4, 2_000, 30_000, defaultBackoff, highest)).toEqual({ kind: 'wait', waitMs: 7_999 });
  });

  test('a hint at or beyond the time that is left is too long', () => {
    expect(planWait(1, 5_000, 5_001, defaultBackoff, lowest).kind).toBe('wait');
    expect(planWait(1, 5_000, 5_000, defaultBackoff, lowest)).toEqual({ kind: 'too-long', waitMs: 5_000 });
  });

  test.each([undefined, -5, Number.NaN, 0])('a hint of %s is none', (hintMs) => {
    expect(planWait(1, hintMs, 1_000, defaultBackoff, lowest)).toEqual({ kind: 'wait', waitMs: 0 });
  });
});
