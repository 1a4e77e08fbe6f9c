import type { Clock } from '@switchyard/core/kernel';
import {
  axesOf,
  type CallOrigin,
  checkMetricsQuery,
  defaultMetricGroups,
  type MetricFigures,
  type MetricFilter,
  type MetricGroup,
  type MetricPoint,
  type MetricsQuery,
  MetricsQueryError,
  type MetricsReader,
  type MetricsReport,
  type ReadPlan,
  type RecentPerformanceFilter,
  sketchNames,
  stepBoundaries,
} from '@switchyard/core/metrics';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { findAxisValues } from './axis-selection.ts';
import type { AxisValues } from './axis-values.ts';
import { sumFigures } from './collect-figures.ts';
import { toHorizons } from './metric-horizons.ts';
import { type FigureParts, type GroupSteps, MetricsReading } from './metrics-reading.ts';
import { sumColumns } from './rollup-columns.ts';

const noCalls = sumFigures([], []);

/** Reads figures from rollups, and from records where rollups do not reach. */
export class DatabaseMetricsReader implements MetricsReader {
  readonly #prisma: PrismaClient;
  readonly #values: AxisValues;
  readonly #clock: Clock;

  constructor(prisma: PrismaClient, values: AxisValues, clock: Clock) {
    this.#prisma = prisma;
    this.#values = values;
    this.#clock = clock;
  }

  async read(query: MetricsQuery): Promise<MetricsReport> {
    const problems = checkMetricsQuery(query);
    if (problems.length > 0) throw new MetricsQueryError(problems);
    const { by, fromMs, toMs, filter = {}, include = {} } = query;
    const read = await this.#begin(query);
    const plan = read.plan([fromMs, toMs]);
    const previousPlan = query.isWithPrevious ? read.plan([2 * fromMs - toMs, fromMs]) : undefined;
    const parts = {
      sums: sumColumns,
      isWithFailures: include.failures ?? false,
      sketches: include.percentiles ?? [],
      isWithIntervals: include.percentileIntervals ?? false,
    };
    const seriesParts = {
      sums: include.seriesSums ?? sumColumns,
      isWithFailures: false,
      sketches: include.seriesPercentiles ?? [],
    };
    const steps =
      query.interval &&
      read.plan(stepBoundaries(query, query.interval, query.timeZone ?? 'UTC', Number.POSITIVE_INFINITY));
    const isGrouped = by.length > 0;
    const [[total, previousTotal, series], grouped] = await Promise.all([
      read.figures([], filter, [
        [plan, parts],
        [previousPlan, parts],
        [steps, seriesParts],
      ]),
      isGrouped ? this.#readGroups(query, read, plan, previousPlan, steps, parts, seriesParts) : undefined,
    ]);
    return {
      fromMs: plan.boundaries[0]!,
      toMs: plan.boundaries[1]!,
      previousFromMs: previousPlan?.boundaries[0],
      total: firstOf(total),
      previousTotal: previousTotal && firstOf(previousTotal),
      series: steps && series ? toPoints(steps, series.get('')) : [],
      groups: grouped?.groups ?? [],
      groupCount: grouped?.count ?? 0,
    };
  }

  async recentPerformance(
    teamId: string,
    origin: CallOrigin,
    filter: RecentPerformanceFilter,
    windowMs: number,
  ): Promise<ReadonlyMap<string, MetricFigures>> {
    const toMs = this.#clock.nowMs() + 1;
    const values: MetricFilter = Object.fromEntries(
      Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])),
    );
    const read = await this.#begin({ teamId, origin, by: ['model'], filter: values });
    // More conditions than rollups know pairs of: the records themselves say it.
    const plan: ReadPlan =
      axesOf({ by: ['model'], filter: values }).length > 2
        ? { boundaries: [toMs - windowMs, toMs], segments: [{ grain: 'records', fromMs: toMs - windowMs, toMs }] }
        : read.plan([toMs - windowMs, toMs]);
    const parts = { sums: sumColumns, isWithFailures: true, sketches: sketchNames };
    const [groups] = await read.figures(['model'], values, [[plan, parts]]);
    return new Map([...(groups?.values() ?? [])].map((steps) => [steps.values[0]!, steps.figures.get(0) ?? noCalls]));
  }

  async #begin(query: Pick<MetricsQuery, 'teamId' | 'origin' | 'by' | 'filter'>): Promise<MetricsReading> {
    const axes = axesOf(query);
    const scopeId = await this.#values.scopeOf(query.teamId, query.origin, false);
    const [state, scope, found] = await Promise.all([
      this.#prisma.metricState.findFirst({ where: { id: 1 } }),
      this.#prisma.metricScope.findFirst({ where: { id: scopeId ?? 0 } }),
      findAxisValues(this.#prisma, scopeId, axes, query.filter ?? {}),
    ]);
    return new MetricsReading({ prisma: this.#prisma, query, scopeId, horizons: toHorizons(state, scope), found });
  }

  async #readGroups(
    query: MetricsQuery,
    read: MetricsReading,
    plan: ReadPlan,
    previousPlan: ReadPlan | undefined,
    steps: ReadPlan | undefined,
    parts: FigureParts,
    seriesParts: FigureParts,
  ): Promise<{ readonly groups: readonly MetricGroup[]; readonly count: number }> {
    const { by, filter = {} } = query;
    const { groups: onlyGroups, count } = await read.rank(plan, by, filter, query.groups ?? defaultMetricGroups);
    if (onlyGroups.length === 0) return { groups: [], count: 0 };
    // Only what is shown is read.
    const narrowed: MetricFilter = {
      ...filter,
      ...Object.fromEntries(
        by.map((dimension, index) => [dimension, [...new Set(onlyGroups.map((values) => values[index]!))]]),
      ),
    };
    const within = await read.narrow(narrowed);
    const [[figures, previous], [series]] = await Promise.all([
      within.figures(by, narrowed, [
        [plan, { ...parts, onlyGroups }],
        [previousPlan, { ...parts, onlyGroups }],
      ]),
      within.figures(by, narrowed, [[steps, { ...seriesParts, onlyGroups }]]),
    ]);
    const groups = onlyGroups.map((values): MetricGroup => {
      const key = values.join('\0');
      return {
        values,
        figures: figures?.get(key)?.figures.get(0) ?? noCalls,
        previous: previousPlan && (previous?.get(key)?.figures.get(0) ?? noCalls),
        series: steps ? toPoints(steps, series?.get(key)) : [],
      };
    });
    return { groups, count };
  }
}

function firstOf(groups: ReadonlyMap<string, GroupSteps> | undefined): MetricFigures {
  return groups?.get('')?.figures.get(0) ?? noCalls;
}

function toPoints({ boundaries }: ReadPlan, steps: GroupSteps | undefined): readonly MetricPoint[] {
  return boundaries.slice(0, -1).map((fromMs, step) => ({
    fromMs,
    toMs: boundaries[step + 1]!,
    figures: steps?.figures.get(step) ?? noCalls,
  }));
}
