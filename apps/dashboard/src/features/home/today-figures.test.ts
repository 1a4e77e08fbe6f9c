import { expect, it } from 'vitest';
import { todayFigures } from './today-figures.ts';

const times = (p95Ms: number) => ({ __typename: 'MetricPercentiles' as const, p50Ms: p95Ms / 2, p95Ms });
const total = (calls: number, failed: number, p95Ms: number | null) => ({
  __typename: 'MetricFigures' as const,
  ...{ calls, failed, succeeded: calls - failed },
  timeToFirstToken: p95Ms === null ? null : times(p95Ms),
  latency: p95Ms === null ? null : times(2 * p95Ms),
});

it('compares calls, errors and speed of today with yesterday', () => {
  const [calls, errors, speed] = todayFigures(total(200, 10, 800), total(100, 10, 1000));
  expect(calls).toMatchObject({ value: '200', change: '+100 % against yesterday', isBetter: undefined });
  expect(errors).toMatchObject({ value: '5 %', change: '−5 points against yesterday', isBetter: true });
  expect(speed).toMatchObject({ value: '800 ms', change: '−20 % against yesterday', isBetter: true });
});

it('says so when there is nothing to show or to compare with', () => {
  const figures = todayFigures(total(0, 0, null), total(0, 0, null));
  expect(figures.map(({ value }) => value)).toEqual(['0', '—', '—']);
  expect(figures.every(({ change }) => !change.includes('%'))).toBe(true);
  expect(figures.every(({ isBetter }) => isBetter === undefined)).toBe(true);
});
