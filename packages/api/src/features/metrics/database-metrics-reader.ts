import type { Clock } from '@switchyard/core/kernel';
import {
  axesOf,
  type CallOrigin,
  checkMetricsQuery,
  defaultMetricGroups,
  type GrainHorizons,
  joinSegments,
  type MetricAxis,
  type MetricDimension,
  type MetricFigures,
  type MetricFilter,
  type MetricGroup,
  type MetricPoint,
  type MetricsQuery,
  MetricsQueryError,
  type MetricsReader,
  type MetricsReport,
  otherValues,
  planSegments,
  type ReadPlan,
  type RecentPerformanceFilter,
  stepBoundaries,
} from '@switchyard/core/metrics';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { AxisValues } from './axis-values.ts';
import { type FiguresRow, sumFigures, sumGroups } from './collect-figures.ts';
import { type FiguresQuestion, readFiguresSql } from './read-figures-sql.ts';

const noCalls = sumFigures([]);

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
    const parts = { isWithFailures: include.failures ?? false, isWithPercentiles: include.percentiles ?? false };
    const seriesParts = { isWithFailures: false, isWithPercentiles: include.seriesPercentiles ?? false };
    const steps =
      query.interval &&
      read.plan(stepBoundaries(query, query.interval, query.timeZone ?? 'UTC', Number.POSITIVE_INFINITY));
    const isGrouped = by.length > 0;
    const [total, previousTotal, series, grouped] = await Promise.all([
      read.figures(plan, [], filter, parts),
      previousPlan && read.figures(previousPlan, [], filter, parts),
      steps ? read.figures(steps, [], filter, seriesParts) : undefined,
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
    const groups = await read.figures(plan, ['model'], values, { isWithFailures: true, isWithPercentiles: true });
    return new Map([...groups.values()].map((steps) => [steps.values[0]!, steps.figures.get(0) ?? noCalls]));
  }

  async #begin(query: Pick<MetricsQuery, 'teamId' | 'origin' | 'by' | 'filter'>): Promise<Reading> {
    const axes = axesOf(query);
    const [scopeId, state] = await Promise.all([
      this.#values.scopeOf(query.teamId, query.origin, false),
      this.#prisma.metricState.findFirst({ where: { id: 1 } }),
    ]);
    const full =
      scopeId === undefined || axes.length === 0
        ? []
        : await this.#prisma.metricValue.findMany({
            where: { scopeId, axis: { in: [...axes] }, ...otherValues },
            select: { axis: true },
          });
    const horizons: GrainHorizons = {
      recordsFromMs: Number(state?.recordsFromMs ?? 0),
      minutesFromMs: Number(state?.minutesFromMs ?? 0),
      hoursFromMs: Number(state?.hoursFromMs ?? 0),
    };
    return new Reading(this.#prisma, query, scopeId, horizons, axes.length > 1, new Set(full.map(({ axis }) => axis)));
  }

  async #readGroups(
    query: MetricsQuery,
    read: Reading,
    plan: ReadPlan,
    previousPlan: ReadPlan | undefined,
    steps: ReadPlan | undefined,
    parts: FigureParts,
    seriesParts: FigureParts,
  ): Promise<{ readonly groups: readonly MetricGroup[]; readonly count: number }> {
    const { by, filter = {} } = query;
    const all = await read.figures(plan, by, filter, parts);
    const top = [...all.entries()]
      .map(([key, { values, figures }]) => ({ key, values, figures: figures.get(0) ?? noCalls }))
      .sort((x, y) => y.figures.calls - x.figures.calls || (x.key < y.key ? -1 : 1))
      .slice(0, query.groups ?? defaultMetricGroups);
    // Only what is shown is read again.
    const narrowed: MetricFilter = {
      ...filter,
      ...Object.fromEntries(
        by.map((dimension, index) => [dimension, [...new Set(top.map(({ values }) => values[index]!))]]),
      ),
    };
    const onlyGroups = top.map(({ values }) => values);
    const isSome = top.length > 0;
    const [previous, series] = await Promise.all([
      isSome && previousPlan ? read.figures(previousPlan, by, narrowed, { ...parts, onlyGroups }) : undefined,
      isSome && steps ? read.figures(steps, by, narrowed, { ...seriesParts, onlyGroups }) : undefined,
    ]);
    const groups = top.map(
      ({ key, values, figures }): MetricGroup => ({
        values,
        figures,
        previous: previousPlan && (previous?.get(key)?.figures.get(0) ?? noCalls),
        series: steps ? toPoints(steps, series?.get(key)) : [],
      }),
    );
    return { groups, count: all.size };
  }
}

type FigureParts = Pick<FiguresQuestion, 'isWithFailures' | 'isWithPercentiles' | 'onlyGroups'>;

/** Figures of one group by the number of the step. */
interface GroupSteps {
  readonly values: readonly string[];
  readonly figures: ReadonlyMap<number, MetricFigures>;
}

/** What all statements of one query share. */
class Reading {
  readonly #prisma: PrismaClient;
  readonly #query: Pick<MetricsQuery, 'teamId' | 'origin'>;
  readonly #scopeId: number | undefined;
  readonly #horizons: GrainHorizons;
  readonly #isPair: boolean;
  readonly #fullAxes: ReadonlySet<MetricAxis>;

  constructor(
    prisma: PrismaClient,
    query: Pick<MetricsQuery, 'teamId' | 'origin'>,
    scopeId: number | undefined,
    horizons: GrainHorizons,
    isPair: boolean,
    fullAxes: ReadonlySet<MetricAxis>,
  ) {
    this.#prisma = prisma;
    this.#query = query;
    this.#scopeId = scopeId;
    this.#horizons = horizons;
    this.#isPair = isPair;
    this.#fullAxes = fullAxes;
  }

  plan(boundaries: readonly number[]): ReadPlan {
    const plan = planSegments(boundaries, this.#horizons, this.#isPair);
    return { ...plan, segments: joinSegments(plan.segments) };
  }

  async figures(
    plan: ReadPlan,
    by: readonly MetricDimension[],
    filter: MetricFilter,
    parts: FigureParts,
  ): Promise<ReadonlyMap<string, GroupSteps>> {
    if (plan.segments.length === 0) return new Map();
    const { teamId, origin } = this.#query;
    const question = { teamId, origin, scopeId: this.#scopeId, plan, by, filter, fullAxes: this.#fullAxes, ...parts };
    // Sketches are sorted and joined: in memory, and without compiling the statement, which takes longer than running it.
    const [, rows] = await this.#prisma.$transaction([
      this.#prisma.$queryRaw`
        SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
          set_config('max_parallel_workers_per_gather', '0', true)`,
      this.#prisma.$queryRaw<FiguresRow[]>(readFiguresSql(question)),
    ]);
    const groups = new Map<string, { values: string[]; steps: Map<number, FiguresRow[]> }>();
    for (const row of rows) {
      const values = by.map((_, index) => String(row[`d${index}`]));
      const key = values.join('\0');
      const group = groups.get(key) ?? { values, steps: new Map<number, FiguresRow[]>() };
      groups.set(key, group);
      const step = Number(row.step);
      const same = group.steps.get(step);
      if (same) same.push(row);
      else group.steps.set(step, [row]);
    }
    const summed = new Map<string, GroupSteps>();
    for (const [key, { values, steps }] of groups) summed.set(key, { values, figures: await sumGroups(steps) });
    return summed;
  }
}

function firstOf(groups: ReadonlyMap<string, GroupSteps>): MetricFigures {
  return groups.get('')?.figures.get(0) ?? noCalls;
}

function toPoints({ boundaries }: ReadPlan, steps: GroupSteps | undefined): readonly MetricPoint[] {
  return boundaries.slice(0, -1).map((fromMs, step) => ({
    fromMs,
    toMs: boundaries[step + 1]!,
    figures: steps?.figures.get(step) ?? noCalls,
  }));
}
