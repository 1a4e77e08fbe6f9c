import {
  type CannotTell,
  cannotTell,
  type Difference,
  proportionInterval,
  ratioOfSums,
  studentEstimate,
} from '../stats/index.ts';
import type { QualitySums, ReportSubject } from './report-subject.ts';

/** By what subjects are ranked. */
export const reportCriteria = ['latency', 'cost', 'quality', 'reliability'] as const;
export type ReportCriterion = (typeof reportCriteria)[number];

/** A figure with its uncertainty. `test` is what differences are tested on, where that is another scale. */
export interface MeasuredCriterion {
  readonly kind: 'measured';
  /** Milliseconds (median), USD per success, 0 to 1, or share of successes 0 to 1. */
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
  /** Of how many calls, or judged answers. */
  readonly samples: number;
  readonly test: Difference;
}

/** With fewer calls, or judged answers, nothing is ranked. */
export const fewestCalls = 30;
export const fewestJudged = 10;
/** With fewer hours or days that had calls, nothing is said of how much costs vary. */
const fewestBuckets = 5;
/** Beyond this share of calls whose cost is unknown, the cost of a subject is not told. */
const mostUnknownCost = 0.01;
const confidence = 0.95;
const nanoPerUsd = 1e9;

/** What a subject is by one criterion, or why that cannot be said. */
export function measureCriterion(subject: ReportSubject, criterion: ReportCriterion): MeasuredCriterion | CannotTell {
  switch (criterion) {
    case 'latency':
      return measureLatency(subject);
    case 'cost':
      return measureCost(subject);
    case 'quality':
      return measureQuality(subject.quality);
    case 'reliability':
      return measureReliability(subject);
  }
}

/** The median, tested on a logarithmic scale: a model is twice as fast, not a second faster. */
function measureLatency({ latencyP50, succeeded }: ReportSubject): MeasuredCriterion | CannotTell {
  if (!latencyP50 || succeeded < fewestCalls) return tooFew(succeeded, fewestCalls, 'successful calls');
  const { valueMs, interval } = latencyP50;
  if (!interval) return tooFew(succeeded, fewestCalls, 'successful calls');
  const log = (ms: number) => Math.log(Math.max(ms, 0.5));
  // Percentiles are exact to 1 %: two models are never told apart by less.
  const reach = Math.max(log(interval.high) - log(interval.low), 0.02) / 2;
  return {
    kind: 'measured',
    value: valueMs,
    interval: { low: interval.low, high: interval.high },
    samples: succeeded,
    test: { estimate: log(valueMs), standardError: reach / 1.96, degreesOfFreedom: Number.POSITIVE_INFINITY },
  };
}

/** Known cost of all calls per success. Hours or days vary as wholes; see {@link SubjectBucket}. */
function measureCost(subject: ReportSubject): MeasuredCriterion | CannotTell {
  const { calls, succeeded, unknownCost, costNanoUsd } = subject;
  if (succeeded < fewestCalls) return tooFew(succeeded, fewestCalls, 'successful calls');
  if (unknownCost > mostUnknownCost * calls) {
    return cannotTell('not-identified', `The cost of ${unknownCost} of ${calls} calls is not known.`);
  }
  const buckets = subject.buckets.filter((bucket) => bucket.calls > 0);
  if (buckets.length < fewestBuckets) return tooFew(buckets.length, fewestBuckets, 'hours or days with calls');
  const costs = buckets.map((bucket) => Number(bucket.costNanoUsd) / nanoPerUsd);
  const successes = buckets.map((bucket) => bucket.succeeded);
  const ratio = ratioOfSums(costs, successes, { confidence });
  const value = Number(costNanoUsd) / nanoPerUsd / succeeded;
  if (ratio.kind === 'cannot-tell') {
    if (ratio.reason !== 'zero-variance') return ratio;
    // Each call cost the same, or nothing.
    const test = { estimate: value, standardError: 1e-12, degreesOfFreedom: buckets.length - 1 };
    return { kind: 'measured', value, interval: { low: value, high: value }, samples: succeeded, test };
  }
  const { estimate, standardError, degreesOfFreedom, interval } = ratio;
  return {
    kind: 'measured',
    value,
    interval: { low: Math.max(0, interval.low), high: interval.high },
    samples: succeeded,
    test: { estimate, standardError, degreesOfFreedom },
  };
}

/**
 * The mean of the judgements. A best and a worst judgement are added to what is tested, as Agresti & Coull (1998) do for
 * shares: ten equal judgements do not prove that the eleventh is equal too.
 */
export function measureQuality(quality: QualitySums | undefined): MeasuredCriterion | CannotTell {
  const judged = quality?.judged ?? 0;
  if (!quality || judged < fewestJudged) return tooFew(judged, fewestJudged, 'judged answers');
  const count = judged + 2;
  const mean = (quality.sum + 1) / count;
  const variance = Math.max(0, quality.sumOfSquares + 1 - count * mean * mean) / (count - 1);
  const estimated = studentEstimate(
    { estimate: mean, standardError: Math.sqrt(variance / count), degreesOfFreedom: count - 1 },
    { confidence },
  );
  if (estimated.kind === 'cannot-tell') return estimated;
  const { interval } = estimated;
  return {
    kind: 'measured',
    value: quality.sum / judged,
    interval: { low: Math.max(0, interval.low), high: Math.min(1, interval.high) },
    samples: judged,
    test: estimated,
  };
}

/**
 * Successes of the calls that nobody stopped. The interval is Wilson's (1927), the difference Agresti & Caffo's (2000); both for as
 * many calls as they are worth, when failures come together (design effect from hours or days, Kish 1965).
 */
function measureReliability(subject: ReportSubject): MeasuredCriterion | CannotTell {
  const { calls, cancelled, succeeded } = subject;
  const trials = calls - cancelled;
  if (trials < fewestCalls) return tooFew(trials, fewestCalls, 'calls');
  const worth = trials / clustering(subject, succeeded / trials);
  const interval = proportionInterval(Math.round((succeeded / trials) * Math.round(worth)), Math.round(worth), {
    confidence,
  });
  if (interval.kind === 'cannot-tell') return interval;
  const rate = (worth * (succeeded / trials) + 1) / (worth + 2);
  return {
    kind: 'measured',
    value: succeeded / trials,
    interval: interval.interval,
    samples: trials,
    test: {
      estimate: rate,
      standardError: Math.sqrt((rate * (1 - rate)) / (worth + 2)),
      degreesOfFreedom: Number.POSITIVE_INFINITY,
    },
  };
}

/** How many times wider than independent calls would be, in variance; 1 at least, and never leaving less than ten calls. */
function clustering({ buckets, calls, cancelled }: ReportSubject, rate: number): number {
  const used = buckets.filter((bucket) => bucket.calls > bucket.cancelled);
  if (used.length < fewestBuckets || rate === 0 || rate === 1) return 1;
  const trials = calls - cancelled;
  const ratio = ratioOfSums(
    used.map((bucket) => bucket.succeeded),
    used.map((bucket) => bucket.calls - bucket.cancelled),
  );
  if (ratio.kind === 'cannot-tell') return 1;
  const independent = (rate * (1 - rate)) / trials;
  return Math.min(Math.max(1, ratio.standardError ** 2 / independent), trials / 10);
}

function tooFew(count: number, needed: number, what: string): CannotTell {
  return cannotTell('too-few', `It takes ${needed} ${what}, there are ${count}.`);
}
