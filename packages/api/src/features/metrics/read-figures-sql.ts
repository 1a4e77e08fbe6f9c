import {
  axesOf,
  type CallOrigin,
  filteredDimensions,
  type MetricAxis,
  type MetricDimension,
  type MetricFilter,
  metricAxes,
  otherValues,
  placeOf,
  type ReadPlan,
} from '@switchyard/core/metrics';
import { Prisma } from '../../generated/prisma/client.ts';
import { failureColumn, failureKinds, sumColumns } from './rollup-columns.ts';

/** What one statement reads: sums, and sketches or values when they are asked for, by step and group. */
export interface FiguresQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  /** Undefined when nothing was rolled up yet. */
  readonly scopeId: number | undefined;
  readonly plan: ReadPlan;
  readonly by: readonly MetricDimension[];
  readonly filter: MetricFilter;
  /** Only these groups, each with one value for every dimension of `by`; absent: all. */
  readonly onlyGroups?: readonly (readonly string[])[];
  /** Axes on which new values count as `(other)`. */
  readonly fullAxes: ReadonlySet<MetricAxis>;
  readonly isWithFailures: boolean;
  readonly isWithPercentiles: boolean;
}

const raw = Prisma.raw;
const joinAnd = (parts: readonly Prisma.Sql[]) => Prisma.join([Prisma.sql`true`, ...parts], ' AND ');
const timestamp = (atMs: number) => raw(`timestamp '${new Date(atMs).toISOString().slice(0, -1)}'`);

/** One statement over rollups, records at the ends, and records that wait to be rolled up: one look at the database. */
export function readFiguresSql(question: FiguresQuestion): Prisma.Sql {
  const { segments } = question.plan;
  const grains = segments.filter(({ grain }) => grain !== 'records');
  const records = segments.filter(({ grain }) => grain === 'records');
  const parts: Prisma.Sql[] = [];
  if (grains.length > 0) {
    if (question.scopeId !== undefined) parts.push(rollupsSql(question, question.scopeId, grains));
    parts.push(recordsSql(question, grains, true));
  }
  if (records.length > 0) parts.push(recordsSql(question, records, false));
  return Prisma.join(parts, ' UNION ALL ');
}

function rollupsSql(question: FiguresQuestion, scopeId: number, segments: ReadPlan['segments']): Prisma.Sql {
  const { by, filter } = question;
  const axes = axesOf({ by, filter });
  const column = (axis: MetricAxis) => raw(axes.indexOf(axis) === 0 ? 'r.a' : 'r.b');
  const mask = axes.reduce((bits, axis) => bits | (1 << axis), 0);
  const spans = segments.map(({ grain, fromMs, toMs }) => `(${grain}, ${fromMs / 60_000}, ${toMs / 60_000})`);
  const groupedAxes = [...new Set(by.map((dimension) => placeOf(dimension).axis))];
  const joins = groupedAxes.map(
    (axis) => Prisma.sql`JOIN metric_value ${alias(axis)} ON ${alias(axis)}.id = ${column(axis)}`,
  );
  const conditions = filteredDimensions({ filter }).map((dimension) => {
    const { axis, part } = placeOf(dimension);
    const values = Prisma.join([...(filter[dimension] ?? [])]);
    return Prisma.sql`${column(axis)} IN (SELECT v.id FROM metric_value v
      WHERE v."scopeId" = ${scopeId} AND v.axis = ${raw(String(axis))} AND v.${raw(part)} IN (${values}))`;
  });
  const groups = by.map((dimension) => raw(`${aliasName(placeOf(dimension).axis)}.${placeOf(dimension).part}`));
  const sums = [...sumColumns, ...(question.isWithFailures ? failureKinds.map(failureColumn) : [])].map((name) =>
    name === 'costNanoUsd' ? `sum(r."costNanoUsd")::int8 AS "costNanoUsd"` : `sum(r."${name}")::float8 AS "${name}"`,
  );
  const sketches = question.isWithPercentiles
    ? raw(
        ['latency', 'timeToFirstToken']
          .map((name) => `, encode(string_agg(r."${name}", ''::bytea), 'base64') AS "${name}"`)
          .join(''),
      )
    : raw('');
  return Prisma.sql`
    SELECT true AS "isSketched", ${stepSql(question.plan, raw('r.bucket::int8 * 60000'))} AS step${groupColumns(groups)}, ${raw(sums.join(', '))}${sketches}
    FROM (VALUES ${raw(spans.join(', '))}) AS s(grain, f, t)
    JOIN metric_rollup r ON r."scopeId" = ${scopeId} AND r.grain = s.grain::int2 AND r.mask = ${raw(String(mask))}::int2
      AND r.bucket >= s.f AND r.bucket < s.t
    ${joins.length > 0 ? Prisma.join(joins, ' ') : Prisma.empty}
    WHERE ${joinAnd([...conditions, ...groupConditions(question, groups)])}
    GROUP BY ${groupNumbers(by)}`;
}

function recordsSql(question: FiguresQuestion, segments: ReadPlan['segments'], isPending: boolean): Prisma.Sql {
  const { by, filter } = question;
  const dimensions = [...new Set([...by, ...filteredDimensions({ filter })])];
  const joins: Prisma.Sql[] = [];
  if (dimensions.includes('tag'))
    joins.push(Prisma.sql`CROSS JOIN LATERAL (SELECT DISTINCT unnest(c.tags) AS value) AS tag`);
  const valueSql = (dimension: MetricDimension): Prisma.Sql => {
    const { axis } = placeOf(dimension);
    const own = raw(recordColumns[dimension]);
    if (!question.fullAxes.has(axis)) return Prisma.sql`coalesce(${own}, '')`;
    return Prisma.sql`CASE WHEN ${own} IS NULL THEN '' WHEN ${alias(axis)}.id IS NULL THEN ${otherValues.first}::text ELSE ${own} END`;
  };
  for (const axis of new Set(dimensions.map((dimension) => placeOf(dimension).axis))) {
    if (!question.fullAxes.has(axis)) continue;
    const { first, second }: { first: MetricDimension; second?: MetricDimension } = metricAxes[axis]!;
    joins.push(Prisma.sql`LEFT JOIN metric_value ${alias(axis)} ON ${alias(axis)}."scopeId" = ${question.scopeId ?? 0}
      AND ${alias(axis)}.axis = ${raw(String(axis))} AND ${alias(axis)}.first = coalesce(${raw(recordColumns[first])}, '')
      AND ${alias(axis)}.second = ${second ? raw(`coalesce(${recordColumns[second]}, '')`) : raw("''")}`);
  }
  const conditions = filteredDimensions({ filter }).map(
    (dimension) => Prisma.sql`${valueSql(dimension)} IN (${Prisma.join([...(filter[dimension] ?? [])])})`,
  );
  const groups = by.map(valueSql);
  const origin = question.origin === 'live' ? 'LIVE' : 'SIMULATED';
  // Conditions that the planner can estimate, and an array for what waits: joined tables made it read everything.
  // What waits is found by its batch: its time must not tempt the planner to the index by time, which has millions of it.
  const startedAt = raw(isPending ? `c."startedAt" + interval '0'` : 'c."startedAt"');
  const spans = segments.map(
    ({ fromMs, toMs }) => Prisma.sql`${startedAt} >= ${timestamp(fromMs)} AND ${startedAt} < ${timestamp(toMs)}`,
  );
  const waiting = isPending
    ? Prisma.sql`c."arrivalBatch" = ANY (ARRAY(SELECT p.id FROM call_record_batch p))`
    : Prisma.sql`true`;
  const failures = question.isWithFailures ? recordFailures : '';
  const values = question.isWithPercentiles ? recordValues : '';
  const atMs = raw(`(extract(epoch FROM c."startedAt") * 1000)::int8`);
  return Prisma.sql`
    SELECT false AS "isSketched", ${stepSql(question.plan, atMs)} AS step${groupColumns(groups)}, ${raw(recordSums + failures + values)}
    FROM "call_record" c ${joins.length > 0 ? Prisma.join(joins, ' ') : Prisma.empty}
    WHERE ${waiting} AND (${Prisma.join(spans, ' OR ')}) AND c."teamId" = ${question.teamId} AND c.origin = ${raw(`'${origin}'::"DataOrigin"`)}
      AND ${joinAnd([...conditions, ...groupConditions(question, groups)])}
    GROUP BY ${groupNumbers(by)}`;
}

/** That a call has a value of every dimension, and one of the groups that are wanted. */
function groupConditions({ onlyGroups }: FiguresQuestion, groups: readonly Prisma.Sql[]): readonly Prisma.Sql[] {
  const present = groups.map((group) => Prisma.sql`${group} <> ''`);
  if (!onlyGroups || onlyGroups.length === 0 || groups.length < 2) return present;
  const wanted = onlyGroups.map((values) => Prisma.sql`(${Prisma.join([...values])})`);
  return [...present, Prisma.sql`(${Prisma.join([...groups])}) IN (${Prisma.join(wanted)})`];
}

const aliasName = (axis: MetricAxis) => `axis${axis}`;
const alias = (axis: MetricAxis) => raw(aliasName(axis));

/** Number of the step, from 0, that an instant (SQL, epoch ms) lies in. */
function stepSql({ boundaries }: ReadPlan, atMs: Prisma.Sql): Prisma.Sql {
  if (boundaries.length <= 2) return Prisma.sql`0`;
  return Prisma.sql`width_bucket(${atMs}, ARRAY[${raw(boundaries.join(', '))}]::int8[]) - 1`;
}

function groupColumns(groups: readonly Prisma.Sql[]): Prisma.Sql {
  if (groups.length === 0) return Prisma.empty;
  return Prisma.sql`, ${Prisma.join(groups.map((group, index) => Prisma.sql`${group} AS ${raw(`d${index}`)}`))}`;
}

/** By place: the step is the second column, groups follow. */
function groupNumbers(by: readonly unknown[]): Prisma.Sql {
  return raw(['1', '2', ...by.map((_, index) => String(index + 3))].join(', '));
}

const recordColumns: Readonly<Record<MetricDimension, string>> = {
  provider: 'c."providerId"',
  model: 'c."modelId"',
  member: 'c."userId"',
  apiKey: 'c."apiKeyId"',
  workflow: 'c."workflowId"',
  step: 'c."stepId"',
  role: 'c.role',
  taskClass: 'c."taskClass"',
  tag: 'tag.value',
  source: 'c.source',
};

const succeeded = `FILTER (WHERE c.outcome = 'succeeded')`;
const sumOf = (column: string) => `coalesce(sum(c."${column}"), 0)::float8 AS "${column}"`;

/** The same arithmetic as core's `addCall`; a property test compares them. In the order of `sumColumns`. */
const recordSums = [
  'count(*)::float8 AS calls',
  `(count(*) ${succeeded})::float8 AS succeeded`,
  `(count(*) FILTER (WHERE c.outcome = 'cancelled'))::float8 AS cancelled`,
  '(count(*) FILTER (WHERE c.attempt > 1))::float8 AS retries',
  '(count(*) FILTER (WHERE c."isHedge"))::float8 AS hedges',
  '(count(*) FILTER (WHERE c."isUsageEstimated"))::float8 AS estimated',
  '(count(*) FILTER (WHERE c."costNanoUsd" IS NULL))::float8 AS "unknownCost"',
  ...['inputTokens', 'cachedInputTokens', 'cacheWriteTokens', 'outputTokens', 'reasoningTokens'].map(sumOf),
  `coalesce(sum(c."latencyMs") ${succeeded}, 0)::float8 AS "latencySumMs"`,
  `(count(c."tokensPerSecond") ${succeeded})::float8 AS "tokenRateCalls"`,
  `coalesce(sum(floor(c."tokensPerSecond" * 1000 + 0.5)) ${succeeded}, 0)::float8 AS "tokenRateSumMilli"`,
  'coalesce(sum(c."costNanoUsd"), 0)::int8 AS "costNanoUsd"',
].join(', ');

const recordFailures = failureKinds
  .map((kind) => {
    const condition =
      kind === 'other'
        ? `coalesce(c."errorKind", '') NOT IN (${failureKinds.map((each) => `'${each}'`).join(', ')})`
        : `c."errorKind" = '${kind}'`;
    return `, (count(*) FILTER (WHERE c.outcome = 'failed' AND ${condition}))::float8 AS "${failureColumn(kind)}"`;
  })
  .join('');

const recordValues = ['latencyMs', 'timeToFirstTokenMs']
  .map(
    (column) =>
      `, encode(string_agg(int4send(c."${column}"), ''::bytea) ${succeeded}, 'base64') AS "${column.replace('Ms', '')}"`,
  )
  .join('');
