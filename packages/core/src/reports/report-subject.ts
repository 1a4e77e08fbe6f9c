import type { Interval } from '../stats/index.ts';

/** A percentile with its distribution-free interval; the interval is undefined while the tail is not reached. */
export interface MeasuredPercentile {
  readonly valueMs: number;
  readonly interval: Pick<Interval, 'low' | 'high'> | undefined;
}

/** Judgements of answers, 0 to 1; several of one answer count as their mean. */
export interface QualitySums {
  /** Answers that were judged. */
  readonly judged: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** The calls of one hour or day: what happens together is one observation, because an outage is no coincidence. */
export interface SubjectBucket {
  readonly calls: number;
  readonly succeeded: number;
  readonly cancelled: number;
  readonly costNanoUsd: bigint;
}

/** What is compared: a provider, a model, or a model at one step. */
export interface ReportSubject {
  readonly key: string;
  readonly label: string;
  readonly calls: number;
  readonly succeeded: number;
  readonly cancelled: number;
  readonly unknownCost: number;
  readonly costNanoUsd: bigint;
  /** All input, of the calls that were not stopped and the others alike. */
  readonly inputTokens: number;
  readonly latencyP50: MeasuredPercentile | undefined;
  readonly latencyP95: MeasuredPercentile | undefined;
  readonly quality: QualitySums | undefined;
  readonly buckets: readonly SubjectBucket[];
}

export const noQuality: QualitySums = { judged: 0, sum: 0, sumOfSquares: 0 };

export function addQuality(left: QualitySums, right: QualitySums): QualitySums {
  return {
    judged: left.judged + right.judged,
    sum: left.sum + right.sum,
    sumOfSquares: left.sumOfSquares + right.sumOfSquares,
  };
}
