import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAxis } from './time-axis.ts';

describe('timeAxis', () => {
  it('is to scale while somebody works all the time', () => {
    const axis = timeAxis(10_000, [{ startMs: 0, endMs: 10_000 }]);
    expect(axis.breaks).toEqual([]);
    expect(axis.shareOf(2_500)).toBeCloseTo(0.25);
    expect(axis.ticks).toContain(2_000);
  });

  it('draws the days that a person took short, so that the seconds before and after can be seen', () => {
    const days = 2 * 86_400_000;
    const axis = timeAxis(days + 4_000, [
      { startMs: 0, endMs: 2_000 },
      { startMs: days + 2_000, endMs: days + 4_000 },
    ]);
    expect(axis.breaks).toEqual([{ startMs: 2_000, endMs: days + 2_000 }]);
    expect(axis.shareOf(2_000)).toBeGreaterThan(0.4);
    expect(axis.shareOf(days + 2_000)).toBeLessThan(0.6);
  });

  it('never turns time around, and stays within the picture', () => {
    const spans = fc.array(
      fc.tuple(fc.nat({ max: 1_000_000 }), fc.nat({ max: 50_000 })).map(([startMs, length]) => ({
        startMs,
        endMs: startMs + length,
      })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_200_000 }), spans, fc.nat(), fc.nat(), (total, work, a, b) => {
        const axis = timeAxis(total, work);
        const [early, late] = [a % total, b % total].sort((left, right) => left - right) as [number, number];
        expect(axis.shareOf(early)).toBeLessThanOrEqual(axis.shareOf(late) + 1e-9);
        expect(axis.shareOf(0)).toBeCloseTo(0);
        expect(axis.shareOf(total)).toBeCloseTo(1);
      }),
    );
  });
});
