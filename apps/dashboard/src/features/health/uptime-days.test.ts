import { expect, it } from 'vitest';
import { dayInWords, daysInWords, type HealthDay, layOutDay } from './uptime-days.ts';

const dayMs = 86_400_000;
const day = (times: Partial<HealthDay>): HealthDay => ({
  __typename: 'HealthDay',
  at: '2026-11-21T00:00:00.000Z',
  uptime: null,
  ...{ healthyMs: 0, degradedMs: 0, downMs: 0, maintenanceMs: 0, unknownMs: 0 },
  ...times,
});

it('shows half a minute of outage in a day, and tells what is unknown apart', () => {
  const parts = layOutDay(day({ uptime: 0.999, healthyMs: dayMs / 2, downMs: 30_000, unknownMs: dayMs / 2 - 30_000 }));
  expect(parts.map(({ part }) => part)).toEqual(['down', 'healthy', 'unknown']);
  expect(parts[0]?.share).toBeGreaterThan(0.1);
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(parts.every(({ from, share }) => from >= 0 && from + share <= 1 + 1e-9)).toBe(true);
});

it('is unknown from top to bottom when nothing is known, also at the first moment of a day', () => {
  for (const each of [day({ unknownMs: dayMs }), day({})])
    expect(layOutDay(each)).toEqual([{ part: 'unknown', from: 0, share: 1 }]);
});

it('says a day in words and never rounds an outage away', () => {
  expect(dayInWords(day({ uptime: 0.999_999, healthyMs: dayMs - 1000, downMs: 1000 }))).toBe('99.99 % up, down 1 s');
  expect(dayInWords(day({ uptime: 1, healthyMs: 3_600_000, unknownMs: 23 * 3_600_000 }))).toBe(
    '100 % up; 23 h unknown',
  );
  expect(dayInWords(day({ unknownMs: dayMs }))).toBe('nothing known');
  expect(dayInWords(day({ maintenanceMs: 7_200_000 }))).toBe('maintenance for 2 h');
  expect(daysInWords([day({}), day({ uptime: 0.5, downMs: 1 }), day({ uptime: 1, degradedMs: 5 })])).toBe(
    'Of 3 days 2 known: 1 day with time down, 1 day degraded.',
  );
});
