import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { drawNormal } from '../stats/index.ts';
import { judgeWeek } from './build-weekly-report.ts';
import { compareSubjects } from './compare-subjects.ts';
import { estimateTrend } from './estimate-trend.ts';
import { findRecommendations } from './find-recommendations.ts';
import { formatCsv } from './format-report-csv.ts';
import { measureCriterion } from './measure-criteria.ts';
import type { ReportSubject } from './report-subject.ts';
import { lastWeeks } from './report-week.ts';

const hourMs = 3_600_000;

/** A model with calls drawn at random: `rate` of them succeed, at about `usd` each. */
function subject(
  key: string,
  seed: number,
  drawn: Partial<{
    calls: number;
    rate: number;
    usd: number;
    quality: number;
    judged: number;
    medianMs: number;
    inputTokens: number;
  }> = {},
): ReportSubject {
  const {
    calls = 2_000,
    rate = 0.98,
    usd = 0.01,
    quality = 0.8,
    judged = 400,
    medianMs = 1_000,
    inputTokens = 100,
  } = drawn;
  const random = createSeededRandom(seed);
  const buckets = Array.from({ length: calls < 400 ? 5 : 40 }, (_, place, count = calls < 400 ? 5 : 40) => {
    const own = Math.floor(calls / count) + (place < calls % count ? 1 : 0);
    const succeeded = Array.from({ length: own }, () => random.next() < rate).filter(Boolean).length;
    const cost = Math.max(0, own * usd * (1 + 0.1 * drawNormal(random)));
    return { calls: own, succeeded, cancelled: 0, costNanoUsd: BigInt(Math.round(cost * 1e9)) };
  });
  const sum = (read: (bucket: (typeof buckets)[number]) => number) =>
    buckets.reduce((total, one) => total + read(one), 0);
  const scores = Array.from({ length: judged }, () => Math.min(1, Math.max(0, quality + 0.15 * drawNormal(random))));
  const latency = medianMs * (1 + 0.01 * drawNormal(random));
  return {
    ...{
      key,
      label: key,
      calls: sum((one) => one.calls),
      succeeded: sum((one) => one.succeeded),
      cancelled: 0,
      unknownCost: 0,
    },
    costNanoUsd: buckets.reduce((total, one) => total + one.costNanoUsd, 0n),
    inputTokens: inputTokens * calls,
    latencyP50: { valueMs: latency, interval: { low: latency * 0.97, high: latency * 1.03 } },
    latencyP95: undefined,
    quality: { judged, sum: scores.reduce((a, b) => a + b, 0), sumOfSquares: scores.reduce((a, b) => a + b * b, 0) },
    buckets,
  };
}

describe('a ranking', () => {
  test('gives one place to what cannot be told apart, and says who is surely better', () => {
    const { subjects, differences } = compareSubjects([
      subject('a', 1),
      subject('b', 2),
      subject('dear', 3, { usd: 0.02 }),
      subject('poor', 4, { quality: 0.5, rate: 0.8 }),
    ]);
    const rank = (key: string) => subjects.find((one) => one.subject.key === key)!;
    const cost = (key: string) => rank(key).criteria.find(({ criterion }) => criterion === 'cost')!.rank;
    expect(rank('a').overall).toEqual({ best: 1, worst: 2 });
    expect(rank('b').overall).toEqual({ best: 1, worst: 2 });
    expect(cost('dear')).toEqual({ best: 4, worst: 4 });
    expect(subjects.at(-1)!.overall!.worst).toBe(4);
    expect(differences.some(({ better, worse }) => better === 'a' && worse === 'b')).toBe(false);
  });

  test('of equals seldom claims a difference: at most one ranking in twenty per criterion', () => {
    let claimed = 0;
    const rounds = 200;
    for (let round = 0; round < rounds; round++) {
      const equals = [0, 1, 2].map((place) => subject(`m${place}`, round * 10 + place + 1, { judged: 60 }));
      if (compareSubjects(equals).differences.some(({ criterion }) => criterion !== 'latency')) claimed += 1;
    }
    // Three criteria at 5 % each.
    expect(claimed / rounds).toBeLessThan(0.15);
  });

  test('leaves out what has too few calls or unknown costs, and says why', () => {
    const few = subject('few', 1, { calls: 20, judged: 3 });
    expect(measureCriterion(few, 'reliability')).toMatchObject({ kind: 'cannot-tell', reason: 'too-few' });
    expect(measureCriterion(few, 'quality')).toMatchObject({
      kind: 'cannot-tell',
      message: expect.stringContaining('there are 3'),
    });
    expect(measureCriterion({ ...subject('u', 1), unknownCost: 300 }, 'cost')).toMatchObject({
      reason: 'not-identified',
    });
    const { subjects } = compareSubjects([few, subject('b', 2)]);
    expect(subjects[0]!.subject.key).toBe('b');
    expect(subjects[1]!.overall).toBeUndefined();
    expect(compareSubjects([])).toEqual({ subjects: [], differences: [] });
  });

  test('takes failures that come together for fewer than they are', () => {
    const steady = subject('steady', 5, { rate: 0.95 });
    const outage: ReportSubject = {
      ...steady,
      buckets: steady.buckets.map((bucket, index) => ({ ...bucket, succeeded: index < 2 ? 0 : bucket.calls })),
      succeeded: (steady.calls * 38) / 40,
    };
    const width = (one: ReportSubject) => {
      const measured = measureCriterion(one, 'reliability');
      if (measured.kind !== 'measured') throw new Error(measured.message);
      return measured.interval.high - measured.interval.low;
    };
    expect(width(outage)).toBeGreaterThan(3 * width(steady));
  });

  test('never depends on the order of what is compared, whatever the numbers', () => {
    const any = fc.record({
      calls: fc.integer({ min: 0, max: 500 }),
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
      usd: fc.constantFrom(0, 0.001, 3),
      judged: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (drawn) => {
        const subjects = drawn.map((one, index) => subject(`s${index}`, index + 1, one));
        const ranks = (given: readonly ReportSubject[]) =>
          new Map(compareSubjects(given).subjects.map((one) => [one.subject.key, one.overall]));
        const there = ranks(subjects);
        expect(ranks(subjects.toReversed())).toEqual(there);
        for (const rank of there.values()) if (rank) expect(rank.best).toBeLessThanOrEqual(rank.worst);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a trend', () => {
  test('rises or falls only where it does', () => {
    const random = createSeededRandom(7);
    const noisy = (slope: number) => Array.from({ length: 28 }, (_, day) => 100 + slope * day + 5 * drawNormal(random));
    expect(estimateTrend(noisy(2))).toMatchObject({ direction: 'rising' });
    expect(estimateTrend(noisy(-2))).toMatchObject({ direction: 'falling' });
    expect(estimateTrend(noisy(0))).toMatchObject({ direction: 'level' });
    expect(estimateTrend([1, 2, 3])).toMatchObject({ kind: 'cannot-tell', reason: 'too-few' });
    expect(estimateTrend(new Array(10).fill(0.1))).toMatchObject({ direction: 'level', slope: 0 });
    expect(estimateTrend([1, 2, 3, 4, 5, 6, 7])).toMatchObject({ direction: 'rising', slope: 1 });
    expect(estimateTrend([1, undefined, 3, 4, 5, undefined, 7, 8])).toMatchObject({
      slope: expect.closeTo(1, 9),
      steps: 6,
    });
  });

  test.each([
    ['independent days', 0, 0.08],
    ['days that resemble the one before', 0.5, 0.12],
  ])('is claimed falsely at about the rate that is stated: %s', (_name, correlation, most) => {
    const random = createSeededRandom(11);
    let claimed = 0;
    for (let round = 0; round < 600; round++) {
      let level = drawNormal(random);
      const days = Array.from({ length: 28 }, () => {
        level = correlation * level + Math.sqrt(1 - correlation ** 2) * drawNormal(random);
        return 50 + level;
      });
      const trend = estimateTrend(days);
      if (trend.kind === 'trend' && trend.direction !== 'level') claimed += 1;
    }
    expect(claimed / 600).toBeLessThan(most);
  });
});

describe('a recommendation', () => {
  const place = (models: readonly ReportSubject[]) => [
    { dimension: 'step' as const, value: 'review', label: 'review', models },
  ];

  test('names its evidence: what would have been saved, over how many calls, at which quality', () => {
    const [found, ...others] = findRecommendations(
      place([subject('openai/dear', 1, { usd: 0.05 }), subject('google/cheap', 2, { usd: 0.01 })]),
      'four weeks',
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      value: 'review',
      calls: 4_000,
      from: { model: 'openai/dear' },
      to: { model: 'google/cheap' },
    });
    expect(Number(found!.savedUsd)).toBeCloseTo(80, -1);
    expect(Number(found!.savedAtLeastUsd)).toBeGreaterThan(60);
    expect(Number(found!.savedAtLeastUsd)).toBeLessThan(Number(found!.savedUsd));
    expect(found!.text).toMatch(
      /^Moving step review from openai\/dear to google\/cheap would have saved \$\d+\.\d\d in four weeks, at equal quality over 4,000 calls\.$/,
    );
  });

  test.each([
    ['quality is worse', { usd: 0.01, quality: 0.7 }],
    ['quality was judged too seldom to tell', { usd: 0.01, judged: 12 }],
    ['nobody judged', { usd: 0.01, judged: 0 }],
    ['it fails more often', { usd: 0.01, rate: 0.9 }],
    ['it is slower', { usd: 0.01, medianMs: 2_000 }],
    ['requests were not alike', { usd: 0.01, inputTokens: 20 }],
    ['it is no cheaper', { usd: 0.05 }],
    ['there are too few calls', { usd: 0.01, calls: 20 }],
  ])('is not made when %s', (_why, drawn) => {
    expect(findRecommendations(place([subject('a', 1, { usd: 0.05 }), subject('b', 2, drawn)]), 'four weeks')).toEqual(
      [],
    );
  });

  test('is not made by chance among equals', () => {
    let made = 0;
    for (let round = 0; round < 100; round++) {
      const equals = [0, 1, 2].map((index) => subject(`m${index}`, round * 10 + index + 1));
      made += findRecommendations(place(equals), 'four weeks').length;
    }
    expect(made).toBeLessThanOrEqual(3);
  });
});

describe('a week', () => {
  test.each([
    ['Europe/Berlin', '2026-03-31T10:00:00Z', '2026-03-22T23:00:00.000Z', 167],
    ['Europe/Berlin', '2026-10-27T10:00:00Z', '2026-10-18T22:00:00.000Z', 169],
    ['Asia/Kolkata', '2026-11-17T10:00:00Z', '2026-11-08T18:30:00.000Z', 168],
    ['Australia/Lord_Howe', '2026-10-06T10:00:00Z', '2026-09-27T13:30:00.000Z', 167.5],
    ['UTC', '2026-11-16T00:00:00Z', '2026-11-09T00:00:00.000Z', 168],
    ['UTC', '2026-11-15T23:59:59.999Z', '2026-11-02T00:00:00.000Z', 168],
  ])('of %s that was over at %s', (timeZone, now, from, hours) => {
    const weeks = lastWeeks(Date.parse(now), timeZone, 5);
    expect(weeks).toHaveLength(5);
    for (const [index, week] of weeks.slice(1).entries()) expect(week.fromMs).toBe(weeks[index]!.toMs);
    const last = weeks.at(-1)!;
    expect(new Date(last.fromMs).toISOString()).toBe(from);
    expect((last.toMs - last.fromMs) / hourMs).toBe(hours);
  });

  test('is unusual only beyond what the weeks before let expect', () => {
    expect(judgeWeek(100, [99, 101, 100, 102])).toBe('usual');
    expect(judgeWeek(140, [99, 101, 100, 102])).toBe('higher');
    expect(judgeWeek(60, [99, 101, 100, 102])).toBe('lower');
    expect(judgeWeek(140, [20, 180, 60, 150])).toBe('usual');
    expect(judgeWeek(140, [20, 180])).toBe('cannot-tell');
  });
});

test('cells of a file for spreadsheets run nothing, and keep commas, quotes and signs', () => {
  const line = formatCsv(
    ['name', 'change'],
    [
      ['=cmd()|1', '-0.25'],
      ['a "b", c', -3],
      ['+1 (555)', null],
    ],
  );
  expect(line).toBe('name,change\r\n\'=cmd()|1,-0.25\r\n"a ""b"", c",-3\r\n\'+1 (555),\r\n');
});
