import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HealthPeriod, knownShareOf, sumPeriods, uptimeOf } from './health-periods.ts';
import { healthStatuses } from './judge-health.ts';

describe('uptime', () => {
  const hour = 3_600_000;
  const periods: readonly HealthPeriod[] = [
    { fromMs: 0, toMs: 10 * hour, status: 'healthy' },
    { fromMs: 10 * hour, toMs: 12 * hour, status: 'down' },
    { fromMs: 20 * hour, toMs: 24 * hour, status: 'degraded' },
  ];

  test('is a share of the time that is known; unknown time is told apart', () => {
    const times = sumPeriods(periods, [], 0, 24 * hour);
    expect(times).toMatchObject({ downMs: 2 * hour, unknownMs: 8 * hour, maintenanceMs: 0 });
    expect(uptimeOf(times)).toBe(14 / 16);
    expect(knownShareOf(times)).toBe(16 / 24);
    expect(uptimeOf(sumPeriods([], [], 0, hour))).toBeUndefined();
  });

  test('maintenance is no loss, however often it was announced', () => {
    const announced = [
      { fromMs: 9 * hour, toMs: 11 * hour },
      { fromMs: 10 * hour, toMs: 12 * hour },
    ];
    const times = sumPeriods(periods, announced, 0, 24 * hour);
    expect(times).toMatchObject({ downMs: 0, maintenanceMs: 3 * hour });
    expect(uptimeOf(times)).toBe(1);
  });

  test('the parts of any range add up to its length', () => {
    const span = fc.record({ length: fc.integer({ min: 0, max: 50 }), status: fc.constantFrom(...healthStatuses) });
    const pause = fc.record({ fromMs: fc.integer({ min: -20, max: 300 }), length: fc.integer({ min: 0, max: 80 }) });
    fc.assert(
      fc.property(fc.array(span), fc.array(pause), fc.nat(200), fc.nat(200), (spans, pauses, fromMs, length) => {
        let atMs = 0;
        const all = spans.map((each) => {
          const period = { fromMs: atMs, toMs: atMs + each.length, status: each.status };
          atMs = period.toMs;
          return period;
        });
        const announced = pauses.map((each) => ({ fromMs: each.fromMs, toMs: each.fromMs + each.length }));
        const times = sumPeriods(all, announced, fromMs, fromMs + length);
        const parts = Object.values(times);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(length);
        expect(parts.every((part) => part >= 0)).toBe(true);
        const share = uptimeOf(times);
        if (share !== undefined) expect(share >= 0 && share <= 1).toBe(true);
      }),
    );
  });
});
