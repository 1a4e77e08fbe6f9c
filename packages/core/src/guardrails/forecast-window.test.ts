import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { windowOf } from './budget-window.ts';
import { decideForecastAlerts } from './decide-forecast-alerts.ts';
import { bucketMsFor, type SpendBucket } from './forecast-profile.ts';
import { type ForecastQuestion, forecastWindow, historyStartMs } from './forecast-window.ts';
import { countRunsLeft } from './runs-left.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Monday. */
const mondayMs = Date.parse('2026-06-01T00:00:00Z');

/** A question about a window whose recorded use per bucket is what `amountAt` says, five calls in each. */
function ask(
  window: 'hour' | 'day' | 'week' | 'month' | 'lifetime',
  nowMs: number,
  amountAt: (startMs: number) => number,
  more: Partial<ForecastQuestion> & { readonly sinceMs?: number; readonly timeZone?: string } = {},
): ForecastQuestion {
  const { sinceMs, timeZone = 'UTC', ...rest } = more;
  const span = windowOf({ window, timeZone }, nowMs);
  const bucketMs = bucketMsFor(span);
  const buckets: SpendBucket[] = [];
  const firstMs = Math.max(historyStartMs(span, nowMs), sinceMs ?? 0);
  let spent = 0n;
  for (let startMs = Math.ceil(firstMs / bucketMs) * bucketMs; startMs < nowMs; startMs += bucketMs) {
    const share = Math.min(1, (nowMs - startMs) / bucketMs);
    const amount = BigInt(Math.round(amountAt(startMs) * share));
    buckets.push({ startMs, amount, calls: 5 });
    if (startMs >= span.startMs) spent += amount;
  }
  const limit = 1_000_000_000n;
  return { budget: { timeZone }, span, nowMs, limit, spent, buckets, firstRecordMs: buckets[0]?.startMs, ...rest };
}

const atMonthDay = (days: number) => mondayMs + days * dayMs;

describe('the forecast of a window', () => {
  test('of even traffic is the straight line, nearly without doubt', () => {
    const { atEnd, burnRate, method, profile } = forecastWindow(ask('month', atMonthDay(10), () => 1_000_000));
    const expected = 30 * 24 * 1_000_000;
    expect(Number(atEnd?.likely)).toBeCloseTo(expected, -1);
    expect(Number(atEnd?.high) - Number(atEnd?.low)).toBeLessThan(expected * 0.001);
    expect([method, profile]).toEqual(['profile-and-pace', 'hour-of-week']);
    expect(burnRate).toBeCloseTo(expected / 1e9, 3);
  });

  test('knows that weekends are quiet: on a Friday evening it does not go on as on working days', () => {
    const isWorkingDay = (atMs: number) => ![0, 6].includes(new Date(atMs).getUTCDay());
    const question = ask('week', mondayMs + 5 * dayMs, (atMs) => (isWorkingDay(atMs) ? 1_000_000 : 0));
    expect(forecastWindow(question).atEnd?.likely).toBe(question.spent);
  });

  test('goes by the hours of the time zone, also over a change of the clock', () => {
    // Only from 9 to 10 in Berlin, whose clock was put forward on 29 March 2026.
    const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', hourCycle: 'h23' });
    const amountAt = (atMs: number) => (berlin.format(atMs) === '09' ? 1_000_000 : 0);
    const nowMs = Date.parse('2026-03-29T12:00:00Z');
    const question = ask('month', nowMs, amountAt, { timeZone: 'Europe/Berlin' });
    const atEnd = Number(forecastWindow(question).atEnd?.likely);
    // The 30th and the 31st.
    expect(atEnd / 1_000_000).toBeCloseTo(Number(question.spent) / 1_000_000 + 2, 1);
  });

  test('follows a window that runs at twice the usual pace', () => {
    const nowMs = atMonthDay(15);
    const question = ask('month', nowMs, (atMs) => (atMs >= mondayMs ? 2_000_000 : 1_000_000));
    const { likely = 0n } = forecastWindow(question).atEnd ?? {};
    const usual = 30 * 24 * 1_000_000;
    expect(Number(likely)).toBeGreaterThan(usual * 1.9);
    expect(Number(likely)).toBeLessThanOrEqual(usual * 2);
  });

  test('is not carried away by the first busy hour of a month', () => {
    const question = ask('month', mondayMs + hourMs, (atMs) => (atMs >= mondayMs ? 20_000_000 : 1_000_000));
    const { likely = 0n } = forecastWindow(question).atEnd ?? {};
    // 20 times as much in one of 720 hours: as much as a day's worth of history lets through.
    expect(Number(likely) / (30 * 24 * 1_000_000)).toBeLessThan(2);
  });

  test('without history goes on at the pace, and says so', () => {
    const question = ask('month', atMonthDay(3), () => 1_000_000, { sinceMs: mondayMs + 2 * dayMs });
    const { atEnd, method } = forecastWindow(question);
    expect(method).toBe('pace');
    expect(Number(atEnd?.likely)).toBeCloseTo((24 + 27 * 24) * 1_000_000, -3);
  });

  test.each([
    ['no calls at all', ask('month', atMonthDay(3), () => 1, { buckets: [], firstRecordMs: undefined }), 'no-calls'],
    [
      'four calls',
      ask('month', atMonthDay(3), () => 0, { buckets: [{ startMs: mondayMs, amount: 9n, calls: 4 }] }),
      'too-little-history',
    ],
    ['an hour of a month', ask('month', mondayMs + hourMs, () => 9, { sinceMs: mondayMs }), 'too-little-history'],
    ['a window that never ends', ask('lifetime', atMonthDay(3), () => 9), 'endless-window'],
  ] as const)('cannot tell: %s', (_, question, reason) => {
    expect(forecastWindow(question)).toMatchObject({ atEnd: undefined, cannotTell: reason });
  });

  test('a budget without end is told when it is used up', () => {
    const question = ask('lifetime', atMonthDay(3), () => 1_000_000, { spent: 900_000_000n });
    expect(forecastWindow(question).exhaustedAtMs).toBeCloseTo(atMonthDay(3) + 100 * hourMs, -3);
  });

  test('holds whatever the traffic: bounds in order, nothing below what is spent, used up within the window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('hour', 'day', 'week', 'month', 'lifetime'),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Apia'),
        fc.integer({ min: 0, max: 60 * dayMs }),
        fc.array(fc.integer({ min: 0, max: 50_000_000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 40 * dayMs }),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (window, timeZone, afterMs, amounts, sinceMs, limit) => {
          const nowMs = mondayMs + afterMs;
          const amountAt = (atMs: number) => amounts[Math.floor(atMs / hourMs) % amounts.length] ?? 0;
          const question = ask(window, nowMs, amountAt, { timeZone, sinceMs: nowMs - sinceMs, limit });
          const forecast = forecastWindow(question);
          const { atEnd, exhaustedAtMs, cannotTell } = forecast;
          expect(atEnd === undefined).toBe(cannotTell !== undefined);
          if (atEnd) {
            expect(atEnd.low <= atEnd.likely && atEnd.likely <= atEnd.high).toBe(true);
            expect(atEnd.low >= question.spent).toBe(true);
          }
          if (question.spent >= limit) expect(exhaustedAtMs).toBe(nowMs);
          if (exhaustedAtMs !== undefined) {
            expect(exhaustedAtMs).toBeGreaterThanOrEqual(nowMs);
            if (question.span.endMs !== undefined) expect(exhaustedAtMs).toBeLessThanOrEqual(question.span.endMs);
          }
          // Used up before the end exactly when the forecast reaches the limit, but for rounding.
          if (atEnd && question.spent < limit) {
            const over = Number(atEnd.likely - limit);
            if (Math.abs(over) > 2) expect(exhaustedAtMs !== undefined).toBe(over > 0);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a higher limit is never used up sooner', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9_000_000 }), { minLength: 1, maxLength: 40 }),
        fc.bigInt({ min: 1n, max: 10n ** 10n }),
        fc.bigInt({ min: 1n, max: 10n ** 10n }),
        (amounts, limit, more) => {
          const amountAt = (atMs: number) => amounts[Math.floor(atMs / hourMs) % amounts.length] ?? 0;
          const endOf = (each: bigint) =>
            forecastWindow(ask('month', atMonthDay(9), amountAt, { limit: each })).exhaustedAtMs ?? Infinity;
          expect(endOf(limit + more)).toBeGreaterThanOrEqual(endOf(limit));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('about four of five months end within the interval when days differ at random', () => {
    const random = createSeededRandom(7);
    let within = 0;
    const months = 150;
    for (let month = 0; month < months; month += 1) {
      // Hours within a day go up and down together, weekends are quiet.
      const days = Array.from({ length: 70 }, (_, day) => (day % 7 > 4 ? 0.3 : 1) * (0.3 + 1.4 * random.next()));
      const startMs = mondayMs - 35 * dayMs;
      const amountAt = (atMs: number) => 1_000_000 * (days[Math.floor((atMs - startMs) / dayMs)] ?? 1);
      const { atEnd } = forecastWindow(ask('month', atMonthDay(12), amountAt));
      const truth = Number(ask('month', atMonthDay(30) - 1, amountAt).spent);
      if (atEnd && Number(atEnd.low) <= truth && truth <= Number(atEnd.high)) within += 1;
    }
    expect(within / months).toBeGreaterThan(0.7);
    expect(within / months).toBeLessThan(0.95);
  });
});

describe('runs left', () => {
  test('are what fits, in order, and undefined with too few to learn from', () => {
    expect(countRunsLeft(100n, [1n, 1n, 1n, 1n])).toBeUndefined();
    expect(countRunsLeft(100n, [0n, 0n, 0n, 0n, 0n])).toBeUndefined();
    expect(countRunsLeft(100n, [10n, 10n, 10n, 10n, 10n])).toEqual({ low: 10n, likely: 10n, high: 10n, sampleSize: 5 });
    // Nine cheap ones and a dear one: the median promises 100, the mean knows better.
    expect(countRunsLeft(100n, [...Array(9).fill(1n), 91n])).toMatchObject({ low: 10n, likely: 100n, high: 100n });
    fc.assert(
      fc.property(
        fc.bigInt({ min: -5n, max: 10n ** 15n }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 5, maxLength: 60 }),
        (free, recent) => {
          const left = countRunsLeft(free, recent);
          if (!left) return;
          expect(0n <= left.low && left.low <= left.likely && left.likely <= left.high).toBe(true);
        },
      ),
    );
  });
});

describe('what a forecast gives reason to say', () => {
  const decide = (spent: bigint, likely: bigint | undefined, burnRate?: number) =>
    decideForecastAlerts(
      { alertThresholds: [0.5, 0.8, 1.2] },
      { spent, limit: 100n },
      { atEnd: likely === undefined ? undefined : { likely, low: likely, high: likely }, burnRate },
    )
      .map((finding) => `${finding.status} ${'share' in finding ? finding.share : finding.type}`)
      .join(', ');

  test.each([
    [10n, 40n, 1, 'resolved 0.5, resolved 0.8, resolved 1, resolved burn-rate'],
    [10n, 60n, 1, 'firing 0.5, resolved 0.8, resolved 1, resolved burn-rate'],
    [60n, 60n, 1, 'resolved 0.8, resolved 1, resolved burn-rate'],
    [10n, 85n, 1, 'firing 0.8, resolved 1, resolved burn-rate'],
    [10n, 101n, 1, 'firing 1, resolved burn-rate'],
    [10n, 95n, 1.8, 'firing 0.8'],
    [100n, 150n, 3, 'firing burn-rate'],
    [5n, undefined, 9, ''],
    [10n, undefined, 2.1, 'firing burn-rate'],
  ] as const)('spent %s, forecast %s, burn rate %s: %s', (spent, likely, burnRate, expected) => {
    expect(decide(spent, likely, burnRate)).toBe(expected);
  });

  test('what was said is never taken back and said again by a forecast that trembles around the line', () => {
    for (const share of [0.5, 0.8, 1]) {
      const line = BigInt(share * 100);
      const below = decide(0n, line - 1n).split(', ');
      expect(below).not.toContain(`resolved ${share}`);
    }
  });
});
