import {
  axesOf,
  type GrainHorizons,
  joinSegments,
  type MetricAxis,
  type MetricDimension,
  type MetricFigures,
  type MetricFilter,
  type MetricsQuery,
  placeOf,
  planSegments,
  type ReadPlan,
} from '@switchyard/core/metrics';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { type AxisFindings, findAxisValues, type NumberedValue, selectRollups } from './axis-selection.ts';
import { type FiguresRow, sumGroups } from './collect-figures.ts';
import type { FiguresQuestion } from './figures-question.ts';
import { rankGroupsSql, readFiguresSql } from './read-figures-sql.ts';

export type FigureParts = Pick<
  FiguresQuestion,
  'sums' | 'isWithFailures' | 'sketches' | 'onlyGroups' | 'isWithIntervals'
>;

/** Figures of one group by the number of the step. */
export interface GroupSteps {
  readonly values: readonly string[];
  readonly figures: ReadonlyMap<number, MetricFigures>;
}

interface ReadingParts {
  readonly prisma: PrismaClient;
  readonly query: Pick<MetricsQuery, 'teamId' | 'origin' | 'by' | 'filter'>;
  /** Undefined when nothing was rolled up yet. */
  readonly scopeId: number | undefined;
  readonly horizons: GrainHorizons;
  readonly found: AxisFindings;
}

/** On the embedded database a reading waits for all that stands before it: on a busy machine for longer than the usual two seconds. */
const readTransaction = { maxWait: 20_000, timeout: 30_000 } as const;

/** Answers the parts of one query: what is kept, and the numbers of the values it names, were looked up before. */
export class MetricsReading {
  readonly #parts: ReadingParts;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  plan(boundaries: readonly number[]): ReadPlan {
    const plan = planSegments(boundaries, this.#parts.horizons, axesOf(this.#parts.query).length > 1);
    return { ...plan, segments: joinSegments(plan.segments) };
  }

  /** The same, knowing the values that `filter` names. */
  async narrow(filter: MetricFilter): Promise<MetricsReading> {
    const { prisma, scopeId, found } = this.#parts;
    const narrowed = await findAxisValues(prisma, scopeId, axesOf({ by: [], filter }), filter);
    return new MetricsReading({ ...this.#parts, found: { ...narrowed, fullAxes: found.fullAxes } });
  }

  /** The groups with the most calls, `most` of them, and how many groups there are. */
  async rank(
    plan: ReadPlan,
    by: readonly MetricDimension[],
    filter: MetricFilter,
    most: number,
  ): Promise<{ readonly groups: readonly (readonly string[])[]; readonly count: number }> {
    if (plan.segments.length === 0) return { groups: [], count: 0 };
    const question = this.#question(plan, by, filter, { sums: [], isWithFailures: false, sketches: [] });
    const [rows = []] = await this.#ask<Readonly<Record<string, unknown>>>([rankGroupsSql(question, most)]);
    return {
      groups: rows.map((row) => by.map((_, index) => String(row[`d${index}`]))),
      count: Number(rows[0]?.groups ?? 0),
    };
  }

  /**
   * Figures by group, the values of which are joined by NUL for a key, and by step; of each plan, undefined for none. One
   * transaction: what is told side by side is read one after the other.
   */
  async figures(
    by: readonly MetricDimension[],
    filter: MetricFilter,
    asked: readonly (readonly [plan: ReadPlan | undefined, parts: FigureParts])[],
  ): Promise<readonly (ReadonlyMap<string, GroupSteps> | undefined)[]> {
    const questions = asked.map(([plan, parts]) => plan && this.#question(plan, by, filter, parts));
    const read = questions.flatMap((question) => (question?.plan.segments.length ? [question] : []));
    const answers = await this.#ask<FiguresRow>(read.map(readFiguresSql));
    return Promise.all(
      questions.map((question) => question && this.#collect(question, answers[read.indexOf(question)] ?? [])),
    );
  }

  async #collect(question: FiguresQuestion, rows: readonly FiguresRow[]): Promise<ReadonlyMap<string, GroupSteps>> {
    const { onlyGroups, sums, isWithIntervals } = question;
    const values = await this.#valuesOf(rows, question);
    const wanted = onlyGroups && new Set(onlyGroups.map((group) => group.join('\0')));
    const groups = new Map<string, { values: readonly string[]; steps: Map<number, FiguresRow[]> }>();
    for (const row of rows) {
      const own = values(row);
      const key = own.join('\0');
      if (own.includes('') || (wanted && !wanted.has(key))) continue;
      const group = groups.get(key) ?? { values: own, steps: new Map<number, FiguresRow[]>() };
      groups.set(key, group);
      const step = Number(row.step);
      const same = group.steps.get(step);
      if (same) same.push(row);
      else group.steps.set(step, [row]);
    }
    const summed = new Map<string, GroupSteps>();
    for (const [key, group] of groups)
      summed.set(key, { values: group.values, figures: await sumGroups(group.steps, sums, isWithIntervals) });
    return summed;
  }

  #question(plan: ReadPlan, by: readonly MetricDimension[], filter: MetricFilter, parts: FigureParts): FiguresQuestion {
    const { query, scopeId, found } = this.#parts;
    const { teamId, origin } = query;
    const isRolledUp = scopeId !== undefined && axesOf({ by, filter }).length <= 2;
    const selection = isRolledUp ? selectRollups(scopeId, { by, filter, plan }, found, parts.onlyGroups) : undefined;
    return { teamId, origin, selection, plan, by, filter, fullAxes: found.fullAxes, ...parts };
  }

  async #ask<Row>(statements: readonly Prisma.Sql[]): Promise<readonly (readonly Row[])[]> {
    const { prisma } = this.#parts;
    if (statements.length === 0) return [];
    // Sketches are sorted and joined: in memory, and without compiling the statement, which takes longer than running it.
    const answers = await prisma.$transaction(async (tx) => {
      await tx.$queryRaw`
        SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
          set_config('max_parallel_workers_per_gather', '0', true)`;
      const read: Row[][] = [];
      for (const statement of statements) read.push(await tx.$queryRaw<Row[]>(statement));
      return read;
    }, readTransaction);
    return answers;
  }

  /** How to tell the group of a row: rollups have numbers, records the values themselves. */
  async #valuesOf(
    rows: readonly FiguresRow[],
    { by, selection }: FiguresQuestion,
  ): Promise<(row: FiguresRow) => readonly string[]> {
    const places = by.map(placeOf);
    const numberOf = (row: FiguresRow, axis: MetricAxis) => (selection?.axes.indexOf(axis) === 0 ? row.a : row.b);
    const values = new Map<number, Pick<NumberedValue, 'first' | 'second'>>(
      this.#parts.found.values.map((value) => [value.id, value]),
    );
    const unknown = new Set(
      rows.flatMap((row) =>
        row.isSketched ? places.map(({ axis }) => numberOf(row, axis)).filter((id) => !values.has(id)) : [],
      ),
    );
    if (unknown.size > 0) {
      const found = await this.#parts.prisma.metricValue.findMany({ where: { id: { in: [...unknown] } } });
      for (const value of found) values.set(value.id, value);
    }
    return (row) =>
      places.map(({ axis, part }, index) =>
        row.isSketched ? (values.get(numberOf(row, axis))?.[part] ?? '') : String(row[`d${index}`]),
      );
  }
}
