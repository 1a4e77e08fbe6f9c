import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BudgetWindowKind, effectiveLimit, isTimeZone, windowOf } from './index.ts';

const spanAt = (window: BudgetWindowKind, timeZone: string, at: string) => {
  const { startMs, endMs } = windowOf({ window, timeZone }, Date.parse(at));
  return [new Date(startMs).toISOString(), endMs === undefined ? undefined : new Date(endMs).toISOString()];
};

describe('the window of a budget', () => {
  it.each([
    ['day', 'UTC', '2026-03-01T23:59:59.999Z', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['day', 'Asia/Kolkata', '2026-03-01T18:30:00Z', '2026-03-01T18:30:00.000Z', '2026-03-02T18:30:00.000Z'],
    // The clock goes forward on 29 March 2026 in Berlin: a day of 23 hours; and back on 25 October: one of 25.
    ['day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // Cairo skips midnight: 24 April 2026 begins at one o'clock.
    ['day', 'Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
    // Sunday belongs to the week that began on Monday before it.
    ['week', 'UTC', '2026-03-01T12:00:00Z', '2026-02-23T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['week', 'America/New_York', '2026-03-09T03:59:00Z', '2026-03-02T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['month', 'UTC', '2028-02-29T12:00:00Z', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    ['month', 'Pacific/Auckland', '2026-12-31T10:59:59Z', '2026-11-30T11:00:00.000Z', '2026-12-31T11:00:00.000Z'],
    ['hour', 'Asia/Kolkata', '2026-03-01T18:45:00Z', '2026-03-01T18:00:00.000Z', '2026-03-01T19:00:00.000Z'],
  ] as const)('%s in %s at %s', (window, timeZone, at, start, end) => {
    expect(spanAt(window, timeZone, at)).toEqual([start, end]);
  });

  it('holds its instant and ends where the next begins, in every zone at every time', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const instant = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2037, 0, 1) });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('hour', 'day', 'week', 'month'),
        instant,
        (timeZone, window: BudgetWindowKind, atMs) => {
          const { startMs, endMs } = windowOf({ window, timeZone }, atMs);
          expect(startMs).toBeLessThanOrEqual(atMs);
          expect(endMs).toBeGreaterThan(atMs);
          expect(windowOf({ window, timeZone }, startMs).startMs).toBe(startMs);
          expect(windowOf({ window, timeZone }, endMs ?? 0).startMs).toBe(endMs);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('never ends for a lifetime and for a run', () => {
    expect(spanAt('lifetime', 'UTC', '2026-01-01')).toEqual(spanAt('run', 'UTC', '2030-01-01'));
  });

  it('knows time zones by their names', () => {
    expect(['UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});

describe('the limit in force', () => {
  it('has the raises that hold now, from their first instant to before their end', () => {
    const budget = {
      limit: 100n,
      raises: [
        { amount: 10n, fromMs: 5, untilMs: 7 },
        { amount: 1n, fromMs: 6, untilMs: 9 },
      ],
    };
    expect([4, 5, 6, 7, 9].map((atMs) => effectiveLimit(budget, atMs))).toEqual([100n, 110n, 111n, 101n, 100n]);
  });
});
