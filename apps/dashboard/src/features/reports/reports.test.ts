import { describe, expect, test } from 'vitest';
import { toCsv } from './export-table.ts';
import { frontierOf } from './frontier-points.ts';
import { filtersOf, fitsBeside, groupingOf, toFilterInput } from './report-filters.ts';
import { rangeOf } from './report-range.ts';

const address = (text: string) => new URLSearchParams(text);
const now = new Date(2026, 10, 21, 13, 5, 30).getTime();

describe('the range of an address', () => {
  test.each([
    ['', new Date(2026, 10, 15), 'DAY', 'the last 7 days'],
    ['days=1', new Date(2026, 10, 21), 'HOUR', 'today'],
    ['days=90', new Date(2026, 7, 24), 'DAY', 'the last 90 days'],
    ['days=-5', new Date(2026, 10, 15), 'DAY', 'the last 7 days'],
    ['days=custom&from=2026-02-31&to=2026-03-02', new Date(2026, 10, 15), 'DAY', 'the last 7 days'],
    ['days=custom&from=2026-03-05&to=2026-03-02', new Date(2026, 10, 15), 'DAY', 'the last 7 days'],
  ])('%s begins at midnight', (text, from, interval, words) => {
    const range = rangeOf(address(text), now);
    expect(range).toMatchObject({ from: from.toISOString(), interval, words });
    expect(Date.parse(range.to)).toBe(new Date(2026, 10, 21, 13, 6).getTime());
  });

  test('holds both of its days', () => {
    const range = rangeOf(address('days=custom&from=2026-10-24&to=2026-10-25'), now);
    expect(range.from).toBe(new Date(2026, 9, 24).toISOString());
    expect(range.to).toBe(new Date(2026, 9, 26).toISOString());
    expect(range.words).toBe('24 Oct 2026 to 25 Oct 2026');
  });
});

describe('filters and groups of an address', () => {
  test('are two axes at most, and what does not fit is left out', () => {
    const by = groupingOf(address('by=provider,role,step'));
    expect(by).toEqual(['PROVIDER', 'ROLE']);
    expect(filtersOf(address('by=provider,role&model=openai/a&role=coder&tag=x'), by)).toEqual([
      { dimension: 'MODEL', value: 'openai/a' },
      { dimension: 'ROLE', value: 'coder' },
    ]);
    expect(groupingOf(address('by=nonsense'))).toEqual(['MODEL']);
    expect(fitsBeside('TAG', ['MODEL', 'ROLE'])).toBe(false);
    expect(fitsBeside('PROVIDER', ['MODEL', 'ROLE'])).toBe(true);
  });

  test('are asked as the API takes them', () => {
    expect(toFilterInput([])).toBeUndefined();
    expect(
      toFilterInput([
        { dimension: 'TAG', value: 'x' },
        { dimension: 'API_KEY', value: 'key_1' },
      ]),
    ).toEqual({ tag: 'x', apiKeys: ['key_1'] });
  });
});

test('the frontier holds what none beats', () => {
  const point = (key: string, cost: number, quality: number) => ({
    key,
    label: key,
    cost,
    quality,
    low: null,
    high: null,
    judged: 9,
  });
  const points = [point('dear', 3, 0.8), point('cheap', 1, 0.6), point('beaten', 2, 0.5), point('twin', 1, 0.6)];
  expect(frontierOf(points).map(({ key }) => key)).toEqual(['cheap', 'dear']);
});

test('files for spreadsheets run nothing', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['=1+1', -2.5],
        ['x,"y"', null],
      ],
    ),
  ).toBe('a,b\r\n\'=1+1,-2.5\r\n"x,""y""",\r\n');
});
