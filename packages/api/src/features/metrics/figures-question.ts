import type {
  CallOrigin,
  MetricAxis,
  MetricDimension,
  MetricFilter,
  ReadPlan,
  SketchName,
  SumName,
} from '@switchyard/core/metrics';
import { Prisma } from '../../generated/prisma/client.ts';

/** Which rollups are read: rows of no, one or two axes, and of these only some values. */
export interface RollupSelection {
  readonly scopeId: number;
  /** Ascending; the first is column `a`, the second `b`. */
  readonly axes: readonly MetricAxis[];
  /** Numbers of the values on each axis; undefined: every value. */
  readonly ids: readonly (readonly number[] | undefined)[];
  /** Only these pairs of values. */
  readonly pairs?: readonly (readonly [a: number, b: number])[];
  /** Whether few of the rows in the range are wanted, so that looking them up one by one is faster. */
  readonly isFew: boolean;
}

/** What one statement reads: sums, and sketches or values when they are asked for, by step and group. */
export interface FiguresQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  /** Undefined when nothing was rolled up yet. */
  readonly selection: RollupSelection | undefined;
  readonly plan: ReadPlan;
  readonly by: readonly MetricDimension[];
  readonly filter: MetricFilter;
  /** Only these groups, each with one value for every dimension of `by`; absent: all. */
  readonly onlyGroups?: readonly (readonly string[])[];
  /** Axes on which new values count as `(other)`. */
  readonly fullAxes: ReadonlySet<MetricAxis>;
  /** What is added up; with `isWithFailures` also failures by kind. */
  readonly sums: readonly SumName[];
  readonly isWithFailures: boolean;
  readonly sketches: readonly SketchName[];
  /** Also intervals of percentiles. */
  readonly isWithIntervals?: boolean;
}

/** Number of the step, from 0, that an instant (SQL, epoch ms) lies in. */
export function stepSql({ boundaries }: ReadPlan, atMs: Prisma.Sql): Prisma.Sql {
  if (boundaries.length <= 2) return Prisma.sql`0`;
  return Prisma.sql`width_bucket(${atMs}, ARRAY[${Prisma.raw(boundaries.join(', '))}]::int8[]) - 1`;
}
