import { expect, it } from 'vitest';
import { dayBounds, formatChange, splitDays } from './day-hours.ts';

const hourMs = 3_600_000;

it('splits an hourly series into today and yesterday, with running sums', () => {
  const noonish = dayBounds(Date.parse('2026-06-10T12:00:00Z')).todayMs + 2.5 * hourMs;
  const { todayMs, yesterdayMs } = dayBounds(noonish);
  const startsAt = [yesterdayMs, yesterdayMs + 2 * hourMs, yesterdayMs + 20 * hourMs, todayMs, todayMs + 2 * hourMs];
  const days = splitDays(
    startsAt.map((ms) => new Date(ms).toISOString()),
    ['1', '2', '4', '0.5', '0.25'],
    noonish,
  );
  expect(days.hours).toEqual([0.5, 0, 0.25]);
  expect(days.today).toEqual([0.5, 0.5, 0.75]);
  expect(days.elapsedHours).toBe(2.5);
  expect(days.yesterday.at(-1)).toBe(7);
  // The whole first hour and half of the third.
  expect(days.yesterdayUntilNow).toBe(2);
});

it('compares with the day before only when there was one', () => {
  expect(formatChange(3, 0)).toBeUndefined();
  expect(formatChange(3, 2)).toBe('+50 %');
  expect(formatChange(1, 2)).toBe('−50 %');
  expect(formatChange(2, 2)).toBe('same');
});
