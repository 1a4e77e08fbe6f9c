import {
  filteredDimensions,
  type MetricAxis,
  type MetricDimension,
  metricAxes,
  otherValues,
  placeOf,
  type ReadPlan,
  type SketchName,
  type SumName,
} from '@switchyard/core/metrics';
import { Prisma } from '../../generated/prisma/client.ts';
import { type FiguresQuestion, stepSql } from './figures-question.ts';
import { failureKinds } from './rollup-columns.ts';

const raw = Prisma.raw;
const joinAnd = (parts: readonly Prisma.Sql[]) => Prisma.join([Prisma.sql`true`, ...parts], ' AND ');
const timestamp = (atMs: number) => raw(`timestamp '${new Date(atMs).toISOString().slice(0, -1)}'`);

/**
 * Figures of records by step and group; only how many calls by group when `isCount`. `isPending`: only those that wait to
 * be rolled up.
 */
export function recordsSql(
  question: FiguresQuestion,
  segments: ReadPlan['segments'],
  kind: { readonly isPending: boolean; readonly isCount: boolean },
): Prisma.Sql {
  const { isPending, isCount } = kind;
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
    joins.push(Prisma.sql`LEFT JOIN metric_value ${alias(axis)} ON ${alias(axis)}."scopeId" = ${question.selection?.scopeId ?? 0}
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
  const spans = touching(segments).map(
    ({ fromMs, toMs }) => Prisma.sql`${startedAt} >= ${timestamp(fromMs)} AND ${startedAt} < ${timestamp(toMs)}`,
  );
  const waiting = isPending
    ? Prisma.sql`c."arrivalBatch" = ANY (ARRAY(SELECT p.id FROM call_record_batch p))`
    : Prisma.sql`true`;
  const sums =
    [...question.sums.map((name) => recordSums[name]), ...(question.isWithFailures ? recordFailures : [])].join(', ') ||
    `''`;
  const values = question.sketches.map((name) => recordValues[name]).join('');
  const atMs = raw(`(extract(epoch FROM c."startedAt") * 1000)::int8`);
  const from = Prisma.sql`FROM "call_record" c ${joins.length > 0 ? Prisma.join(joins, ' ') : Prisma.empty}
    WHERE ${waiting} AND (${Prisma.join(spans, ' OR ')}) AND c."teamId" = ${question.teamId} AND c.origin = ${raw(`'${origin}'::"DataOrigin"`)}
      AND ${joinAnd([...conditions, ...groupConditions(question, groups)])}`;
  if (isCount)
    return Prisma.sql`SELECT ${groupColumns(groups)}, count(*)::int8 AS calls ${from} GROUP BY ${raw(by.map((_, index) => String(index + 1)).join(', '))}`;
  const grouped = by.length > 0 ? Prisma.sql`, ${groupColumns(groups)}` : Prisma.empty;
  return Prisma.sql`
    SELECT false AS "isSketched", ${stepSql(question.plan, atMs)} AS step, 0 AS a, 0 AS b${grouped}, ${raw(`concat_ws(',', ${sums}) AS sums${values}`)}
    ${from} GROUP BY ${raw(['1', '2', '3', '4', ...by.map((_, index) => String(index + 5))].join(', '))}`;
}

/** Segments that touch as one: records do not care for the size of buckets. */
function touching(segments: ReadPlan['segments']): readonly { readonly fromMs: number; readonly toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of segments) {
    const last = spans.at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else spans.push({ fromMs, toMs });
  }
  return spans;
}

/** That a call has a value of every dimension, and one of the groups that are wanted. */
function groupConditions({ onlyGroups }: FiguresQuestion, groups: readonly Prisma.Sql[]): readonly Prisma.Sql[] {
  const present = groups.map((group) => Prisma.sql`${group} <> ''`);
  if (!onlyGroups || onlyGroups.length === 0) return present;
  const wanted = onlyGroups.map((values) => Prisma.sql`(${Prisma.join([...values])})`);
  return [...present, Prisma.sql`(${Prisma.join([...groups])}) IN (${Prisma.join(wanted)})`];
}

function groupColumns(groups: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.join(groups.map((group, index) => Prisma.sql`${group} AS ${raw(`d${index}`)}`));
}

const aliasName = (axis: MetricAxis) => `axis${axis}`;
const alias = (axis: MetricAxis) => raw(aliasName(axis));

/** Where the value of a dimension stands in `call_record c`; tags are unnested as `tag`. */
export const recordColumns: Readonly<Record<MetricDimension, string>> = {
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
const sumOf = (column: string) => `coalesce(sum(c."${column}"), 0)`;

/** The same arithmetic as core's `addCall`; a property test compares them. */
const recordSums: Readonly<Record<SumName, string>> = {
  calls: 'count(*)',
  succeeded: `count(*) ${succeeded}`,
  cancelled: `count(*) FILTER (WHERE c.outcome = 'cancelled')`,
  retries: 'count(*) FILTER (WHERE c.attempt > 1)',
  hedges: 'count(*) FILTER (WHERE c."isHedge")',
  estimated: 'count(*) FILTER (WHERE c."isUsageEstimated")',
  unknownCost: 'count(*) FILTER (WHERE c."costNanoUsd" IS NULL)',
  inputTokens: sumOf('inputTokens'),
  cachedInputTokens: sumOf('cachedInputTokens'),
  cacheWriteTokens: sumOf('cacheWriteTokens'),
  outputTokens: sumOf('outputTokens'),
  reasoningTokens: sumOf('reasoningTokens'),
  costNanoUsd: sumOf('costNanoUsd'),
  latencySumMs: `coalesce(sum(c."latencyMs") ${succeeded}, 0)`,
  tokenRateCalls: `count(c."tokensPerSecond") ${succeeded}`,
  tokenRateSumMilli: `coalesce(sum(floor(c."tokensPerSecond" * 1000 + 0.5)) ${succeeded}, 0)::int8`,
};

const recordFailures = failureKinds.map((kind) => {
  const condition =
    kind === 'other'
      ? `coalesce(c."errorKind", '') NOT IN (${failureKinds.map((each) => `'${each}'`).join(', ')})`
      : `c."errorKind" = '${kind}'`;
  return `count(*) FILTER (WHERE c.outcome = 'failed' AND ${condition})`;
});

const valuesOf = (name: SketchName) =>
  `, encode(string_agg(int4send(c."${name}Ms"), ''::bytea) ${succeeded}, 'base64') AS "${name}"`;
const recordValues: Readonly<Record<SketchName, string>> = {
  latency: valuesOf('latency'),
  timeToFirstToken: valuesOf('timeToFirstToken'),
};
