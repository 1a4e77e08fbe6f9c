import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketStartMs, type GrainHorizons, grainLengthMs } from './metric-grains.ts';
import { planSegments } from './plan-segments.ts';
import { stepBoundaries } from './zone-steps.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const everything: GrainHorizons = {
  minutesFromMs: 0,
  hoursFromMs: 0,
  recordsFromMs: 0,
  partsFromMs: 0,
  weeksUntilMs: Date.UTC(2026, 2, 16),
};
const at = (text: string) => Date.parse(`2026-${text}Z`);

test('a range is put together from weeks, then days, shorter buckets and records at its ends', () => {
  const { segments } = planSegments([at('02-28T10:28:30.5'), at('03-24T08:31')], everything, false);
  expect(segments.map(({ grain, toMs }) => [grain, new Date(toMs).toISOString().slice(5, 16)])).toEqual([
    ['records', '02-28T10:29'],
    [0, '02-28T10:30'],
    [4, '02-28T11:00'],
    [1, '02-28T12:00'],
    [5, '03-01T00:00'],
    [2, '03-02T00:00'],
    [3, '03-16T00:00'],
    [2, '03-24T00:00'],
    [5, '03-24T06:00'],
    [1, '03-24T08:00'],
    [4, '03-24T08:30'],
    [0, '03-24T08:31'],
  ]);
});

test('whatever the steps and what was pruned: nothing is left out, read twice, or read from what is gone', () => {
  const nowMs = 100 * dayMs;
  const horizons = fc
    .tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: -2, max: 100 }),
      fc.integer({ min: 0, max: 110 * dayMs }),
    )
    .map(([minutes, records, hours, parts, weeks]) => ({
      partsFromMs: nowMs - parts * dayMs,
      weeksUntilMs: bucketStartMs(3, weeks),
      minutesFromMs: nowMs - minutes * dayMs,
      recordsFromMs: nowMs - records * dayMs,
      hoursFromMs: nowMs - Math.max(records, hours) * dayMs,
    }));
  const times = fc.oneof(
    fc.integer({ min: 0, max: nowMs }),
    fc.integer({ min: 0, max: 100 * 24 * 60 }).map((minutes) => minutes * minuteMs),
  );
  fc.assert(
    fc.property(
      horizons,
      fc.uniqueArray(times, { minLength: 2, maxLength: 8 }),
      fc.boolean(),
      (kept, drawn, isPair) => {
        const plan = planSegments(
          [...drawn].sort((a, b) => a - b),
          kept,
          isPair,
        );
        let atMs = plan.boundaries[0]!;
        for (const { grain, fromMs, toMs } of plan.segments) {
          expect(fromMs).toBe(atMs);
          expect(toMs).toBeGreaterThan(fromMs);
          atMs = toMs;
          expect(plan.boundaries.some((boundary) => boundary > fromMs && boundary < toMs)).toBe(false);
          if (grain === 'records') expect(fromMs).toBeGreaterThanOrEqual(kept.recordsFromMs);
          else expect([bucketStartMs(grain, fromMs), (toMs - fromMs) % grainLengthMs(grain)]).toEqual([fromMs, 0]);
          if (grain === 3) expect(toMs).toBeLessThanOrEqual(kept.weeksUntilMs);
          if (grain === 4) expect(isPair || fromMs < kept.partsFromMs || fromMs < kept.recordsFromMs).toBe(false);
          if (grain === 5) expect(fromMs < kept.partsFromMs || fromMs < kept.hoursFromMs).toBe(false);
          if (grain === 0) expect(isPair || fromMs < kept.minutesFromMs).toBe(false);
          if (grain === 1)
            expect(fromMs).toBeGreaterThanOrEqual(
              isPair ? Math.max(kept.hoursFromMs, kept.recordsFromMs) : kept.hoursFromMs,
            );
        }
        expect(atMs).toBe(plan.boundaries.at(-1));
      },
    ),
  );
});

test('days of a zone begin at its midnight, also when the clock changes', () => {
  const range = { fromMs: at('03-27T23:00'), toMs: at('03-30T22:00') };
  const days = stepBoundaries(range, 'day', 'Europe/Berlin', 100);
  expect(days.map((ms) => new Date(ms).toISOString().slice(5, 16))).toEqual([
    '03-27T23:00',
    '03-28T23:00',
    '03-29T22:00',
    '03-30T22:00',
  ]);
  expect(stepBoundaries({ fromMs: at('03-02T00:00'), toMs: at('03-10T00:00') }, 'week', 'Asia/Kolkata', 9)).toEqual([
    at('03-02T00:00'),
    at('03-08T18:30'),
    at('03-10T00:00'),
  ]);
  expect(() => stepBoundaries(range, 'minute', 'UTC', 100)).toThrow(RangeError);
  expect(() => stepBoundaries(range, 'day', 'Europe/Atlantis', 100)).toThrow(RangeError);
});
