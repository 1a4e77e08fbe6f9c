import type { CallOrigin } from './call-record.ts';
import type { MetricDimension } from './metric-axes.ts';
import type { CountedFailure, RollupSums } from './rollup-figures.ts';
import type { SeriesInterval } from './zone-steps.ts';

/** Percentiles of successes in milliseconds, within 1 % of the exact value (lower nearest rank). */
export interface LatencyPercentiles {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Where the true percentile lies with 95 %, whatever the shape; absent unless asked for and reached by enough values. */
  readonly p50Interval?: MillisecondInterval;
  readonly p95Interval?: MillisecondInterval;
}

export interface MillisecondInterval {
  readonly lowMs: number;
  readonly highMs: number;
}

/** What percentiles are kept of. */
export const sketchNames = ['latency', 'timeToFirstToken'] as const;
export type SketchName = (typeof sketchNames)[number];

/** What is added up. */
export type SumName = keyof RollupSums | 'costNanoUsd';

/** What a group of calls came to. */
export interface MetricFigures extends Readonly<RollupSums> {
  readonly failed: number;
  /** Zero where the query did not ask for them. */
  readonly failures: Readonly<Partial<Record<CountedFailure | 'other', number>>>;
  /** Of the calls whose cost is known. */
  readonly costNanoUsd: bigint;
  /** Undefined when there was no success with one, or the query did not ask. */
  readonly latency: LatencyPercentiles | undefined;
  readonly timeToFirstToken: LatencyPercentiles | undefined;
}

/** Values that calls must have; several of one dimension: any of them. */
export type MetricFilter = Readonly<Partial<Record<MetricDimension, readonly string[]>>>;

export interface MetricsQuery {
  readonly teamId: string;
  readonly origin: CallOrigin;
  /** When calls began; epoch ms, the end not included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Group by none, one or two dimensions. */
  readonly by: readonly MetricDimension[];
  readonly filter?: MetricFilter;
  /** Also a series in steps of this length, by the days of `timeZone` (IANA, UTC unless given). */
  readonly interval?: SeriesInterval;
  readonly timeZone?: string;
  /** So many groups at most, those with the most calls; 20 unless given. */
  readonly groups?: number;
  /** Also the figures of the period of the same length before. */
  readonly isWithPrevious?: boolean;
  /** What costs more to read: leave out what is not shown. */
  readonly include?: {
    readonly failures?: boolean;
    /** Percentiles of what: of the total and the groups, … */
    readonly percentiles?: readonly SketchName[];
    /** Also the intervals of the medians and 95th percentiles of the total and the groups. */
    readonly percentileIntervals?: boolean;
    /** … and of the steps of series. */
    readonly seriesPercentiles?: readonly SketchName[];
    /** Which sums series have, zero for the others; absent: all. */
    readonly seriesSums?: readonly SumName[];
  };
}

/** A step of a series with its figures; steps without calls are there too. */
export interface MetricPoint {
  readonly fromMs: number;
  readonly toMs: number;
  readonly figures: MetricFigures;
}

export interface MetricGroup {
  /** One value for each dimension of `by`, in its order. */
  readonly values: readonly string[];
  readonly figures: MetricFigures;
  /** Undefined when it was not asked for. */
  readonly previous: MetricFigures | undefined;
  /** Empty when none was asked for. */
  readonly series: readonly MetricPoint[];
}

export interface MetricsReport {
  /** The range that was really read: where a bound was too old to be told exactly it lies at a full hour or UTC day. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly previousFromMs: number | undefined;
  readonly total: MetricFigures;
  readonly previousTotal: MetricFigures | undefined;
  /** Of the total. */
  readonly series: readonly MetricPoint[];
  /** Most calls first. Calls without a value of a dimension are in the total and in no group. */
  readonly groups: readonly MetricGroup[];
  /** How many groups there are, also those that were cut off. */
  readonly groupCount: number;
}

/** How models did lately, for the router. */
export interface RecentPerformanceFilter {
  readonly model?: string;
  readonly role?: string;
  readonly workflow?: string;
  readonly step?: string;
  readonly taskClass?: string;
}

/** Reads what was measured; always one team, and live or simulated calls. Includes records written a moment ago. */
export interface MetricsReader {
  /** Throws {@link MetricsQueryError} when the query cannot be answered. */
  read(query: MetricsQuery): Promise<MetricsReport>;
  /** The figures of each model over the last `windowMs`, by model id. */
  recentPerformance(
    teamId: string,
    origin: CallOrigin,
    filter: RecentPerformanceFilter,
    windowMs: number,
  ): Promise<ReadonlyMap<string, MetricFigures>>;
}
