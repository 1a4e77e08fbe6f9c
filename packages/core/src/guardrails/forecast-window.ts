import type { Budget } from './budget.ts';
import type { WindowSpan } from './budget-window.ts';
import { bucketMsFor, bucketsIn, learnProfile, type ProfileKind, type SpendBucket } from './forecast-profile.ts';

/** What a forecast is made from. Amounts in the budget's unit, times in epoch ms. */
export interface ForecastQuestion {
  readonly budget: Pick<Budget, 'timeZone'>;
  readonly span: WindowSpan;
  readonly nowMs: number;
  /** In force now. */
  readonly limit: bigint;
  /** What the ledger has booked in this window. */
  readonly spent: bigint;
  /** Recorded use from {@link historyStartMs} until now, by buckets of {@link bucketMsFor}; those without use may be absent. */
  readonly buckets: readonly SpendBucket[];
  /** When the first call that counts was recorded, as far as anybody knows; undefined when there was none. */
  readonly firstRecordMs: number | undefined;
}

/** `profile-and-pace`: what is usual at these hours, scaled by how this window goes so far; `pace`: as until now. */
export type ForecastMethod = 'profile-and-pace' | 'pace';

/** Why there is no forecast. */
export type NoForecastReason = 'no-calls' | 'too-little-history' | 'endless-window';

export interface WindowForecast {
  /** Use at the end of the window; undefined with a reason in `cannotTell`. */
  readonly atEnd: { readonly likely: bigint; readonly low: bigint; readonly high: bigint } | undefined;
  readonly cannotTell: NoForecastReason | undefined;
  readonly method: ForecastMethod | undefined;
  readonly profile: ProfileKind | undefined;
  /** Calls that the forecast was learned from. */
  readonly sampleSize: number;
  /** Share of the limit used, by the share of the window gone: 1 ends exactly at the limit. Undefined where it means nothing. */
  readonly burnRate: number | undefined;
  /** Use per hour at the present pace. */
  readonly perHour: bigint | undefined;
  /** When the limit is reached (`nowMs` when it already is); undefined when that is not foreseen within the window. */
  readonly exhaustedAtMs: number | undefined;
}

/** Share of the outcomes that should lie between `low` and `high`. */
export const forecastCoverage = 0.8;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const historyMs = 28 * dayMs;
/** Fewer calls show no pace. */
const fewestCalls = 5;
/** Before so much of the window is gone its pace is noise, unless history says more. */
const leastElapsedShare = 0.02;
/** Below, the share of time gone is too small to divide by. */
const leastShareForBurnRate = 0.005;
/** A window without end is looked at as far as this. */
const furthestMs = 366 * dayMs;

/** From where on recorded use is of interest for the window: four weeks before it, four windows for an hour. */
export function historyStartMs(span: WindowSpan, nowMs: number): number {
  const startMs = span.endMs === undefined ? nowMs : span.startMs;
  const lengthMs = bucketMsFor(span) < hourMs ? 4 * hourMs : historyMs;
  return Math.floor((startMs - lengthMs) / hourMs) * hourMs;
}

/**
 * What a budget will have used when its window ends, between which bounds, and when it will be used up.
 *
 * The rest of the window is expected to go as those hours of the week usually do (mean of the last four weeks), times a
 * level: what this window used so far by what was usual until now, drawn to 1 by a day's worth of history (an hour's in
 * a window of an hour) so that a busy first hour does not shape a month. Without history it goes on at the pace until
 * now. The interval holds 80 % by the spread of past days (hours in short windows) around the expectation: a sum of h
 * of them, whose mean was learned from n, varies by s·√(h + h²/n).
 *
 * Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 5.2 (mean and seasonal
 * methods) and 5.5 (their prediction intervals); quantiles of Student's t by Abramowitz and Stegun 26.7.5.
 */
export function forecastWindow(question: ForecastQuestion): WindowForecast {
  const { span, nowMs, limit, spent, firstRecordMs } = question;
  const bucketMs = bucketMsFor(span);
  const isEndless = span.endMs === undefined;
  // A window without end has no part that is gone: the last week shows its pace.
  const startMs = isEndless ? Math.max(span.startMs, nowMs - 7 * dayMs) : span.startMs;
  const endMs = isEndless ? nowMs + furthestMs : Math.max(span.endMs, nowMs);
  const sampleSize = question.buckets.reduce((sum, { calls }) => sum + calls, 0);
  const burnRate = isEndless ? undefined : burnRateOf(question, span.endMs);
  const isUsedUp = spent >= limit;
  const nothing = (cannotTell: NoForecastReason): WindowForecast => ({
    atEnd: undefined,
    cannotTell,
    method: undefined,
    profile: undefined,
    sampleSize,
    burnRate,
    perHour: undefined,
    exhaustedAtMs: isUsedUp ? nowMs : undefined,
  });
  if (sampleSize === 0 || firstRecordMs === undefined) return nothing('no-calls');

  const amounts = new Map(question.buckets.map(({ startMs: at, amount }) => [at, Number(amount)]));
  const firstBucketMs = Math.ceil(firstRecordMs / bucketMs) * bucketMs;
  const history = {
    startMs: Math.max(historyStartMs(span, nowMs), firstBucketMs),
    endMs: Math.floor(startMs / bucketMs) * bucketMs,
  };
  const profile = learnProfile(amounts, history, bucketMs, question.budget.timeZone);
  // Traffic that began in the middle of the window has its pace since then.
  const sinceMs = Math.min(nowMs, Math.max(startMs, firstRecordMs));
  const elapsed = { startMs: sinceMs, endMs: nowMs };
  const elapsedMs = nowMs - sinceMs;
  const hasHistory = profile.bucketCount * bucketMs >= Math.min(dayMs, Math.max(hourMs, (endMs - startMs) / 4));
  const hasPace = elapsedMs >= (isEndless ? dayMs : (endMs - startMs) * leastElapsedShare);
  if (sampleSize < fewestCalls || !(hasHistory || hasPace)) return nothing('too-little-history');

  const used = sumIn(amounts, { startMs: Math.floor(sinceMs / bucketMs) * bucketMs, endMs: nowMs }, bucketMs);
  const usual = hasHistory ? expectedIn(profile.expectedAt, elapsed, bucketMs) : 0;
  const isProfiled = hasHistory && (usual > 0 || meanOf(profile.expectedAt, history, bucketMs) > 0);
  const pacePerMs = elapsedMs > 0 ? used / elapsedMs : 0;
  const drawMs = bucketMs < hourMs ? hourMs : dayMs;
  const draw = isProfiled ? (meanOf(profile.expectedAt, history, bucketMs) * drawMs) / bucketMs : 0;
  const level = isProfiled ? (used + draw) / (usual + draw) : 1;
  const expectedAt = isProfiled ? (at: number) => level * profile.expectedAt(at) : () => pacePerMs * bucketMs;

  const rest = isEndless ? 0 : expectedIn(expectedAt, { startMs: nowMs, endMs }, bucketMs);
  const learnedFrom = isProfiled ? { startMs: history.startMs, endMs: nowMs } : elapsed;
  const margin = isEndless
    ? 0
    : marginOf(amounts, isProfiled ? profile.expectedAt : expectedAt, learnedFrom, endMs - nowMs, bucketMs, level);
  const reach = (amount: number) => spent + BigInt(Math.round(Math.max(0, amount)));
  return {
    atEnd: isEndless ? undefined : { likely: reach(rest), low: reach(rest - margin), high: reach(rest + margin) },
    cannotTell: isEndless ? 'endless-window' : undefined,
    method: isProfiled ? 'profile-and-pace' : 'pace',
    profile: isProfiled ? profile.kind : undefined,
    sampleSize,
    burnRate,
    perHour: BigInt(
      Math.round((elapsedMs >= bucketMs || !isProfiled ? pacePerMs : expectedAt(nowMs) / bucketMs) * hourMs),
    ),
    exhaustedAtMs: isUsedUp
      ? nowMs
      : exhaustionOf(expectedAt, { startMs: nowMs, endMs }, bucketMs, Number(limit - spent)),
  };
}

function burnRateOf({ span, nowMs, limit, spent }: ForecastQuestion, endMs: number): number | undefined {
  const goneShare = (nowMs - span.startMs) / (endMs - span.startMs);
  if (limit <= 0n || !(goneShare >= leastShareForBurnRate)) return undefined;
  return Number(spent) / Number(limit) / Math.min(1, goneShare);
}

/** Recorded use in whole buckets of a stretch. */
function sumIn(amounts: ReadonlyMap<number, number>, span: Stretch, bucketMs: number): number {
  let sum = 0;
  for (const { startMs } of bucketsIn(span, bucketMs)) sum += amounts.get(startMs) ?? 0;
  return sum;
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

function expectedIn(expectedAt: (startMs: number) => number, span: Stretch, bucketMs: number): number {
  let sum = 0;
  for (const { startMs, share } of bucketsIn(span, bucketMs)) sum += share * expectedAt(startMs);
  return sum;
}

function meanOf(expectedAt: (startMs: number) => number, history: Stretch, bucketMs: number): number {
  const count = (history.endMs - history.startMs) / bucketMs;
  return count > 0 ? expectedIn(expectedAt, history, bucketMs) / count : 0;
}

/** Half the width of the interval around the rest of the window. */
function marginOf(
  amounts: ReadonlyMap<number, number>,
  expectedAt: (startMs: number) => number,
  learnedFrom: Stretch,
  restMs: number,
  bucketMs: number,
  level: number,
): number {
  // Days show how far hours go wrong together; where there are too few of them, hours must do.
  const lengthMs = learnedFrom.endMs - learnedFrom.startMs;
  const blockMs = bucketMs === hourMs && restMs > dayMs && lengthMs >= 5 * dayMs ? dayMs : bucketMs;
  const count = Math.floor(lengthMs / blockMs);
  const blocks = restMs / blockMs;
  let squares = 0;
  for (let block = 0; block < count; block += 1) {
    const endMs = learnedFrom.endMs - block * blockMs;
    const span = { startMs: endMs - blockMs, endMs };
    let actual = 0;
    for (const { startMs, share } of bucketsIn(span, bucketMs)) actual += share * (amounts.get(startMs) ?? 0);
    squares += (actual - expectedIn(expectedAt, span, bucketMs)) ** 2;
  }
  if (count < 2) return expectedIn(expectedAt, { startMs: 0, endMs: bucketMs }, bucketMs) * (restMs / bucketMs);
  const deviation = Math.sqrt(squares / (count - 1)) * Math.max(1, level);
  return studentQuantile(count - 1) * deviation * Math.sqrt(blocks + blocks ** 2 / count);
}

/** The 90 % quantile of Student's t, by which 80 % lie within. */
function studentQuantile(degrees: number): number {
  const z = 1.2815515655446004;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/** When `free` is used up, going through the expectation bucket by bucket. */
function exhaustionOf(
  expectedAt: (startMs: number) => number,
  ahead: Stretch,
  bucketMs: number,
  free: number,
): number | undefined {
  let left = free;
  for (const { startMs, fromMs, share } of bucketsIn(ahead, bucketMs)) {
    const expected = share * expectedAt(startMs);
    if (expected >= left && expected > 0) return Math.round(fromMs + (left / expected) * share * bucketMs);
    left -= expected;
  }
  return undefined;
}
