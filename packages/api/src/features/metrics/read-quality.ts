import type { CallOrigin, MetricDimension, MetricFilter } from '@switchyard/core/metrics';
import type { QualitySums } from '@switchyard/core/reports';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { begunWithin, matchingFilter, ownRecords, valueColumn } from './record-conditions.ts';

export interface QualityQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: readonly MetricDimension[];
  readonly filter?: MetricFilter;
}

interface QualityRow extends QualitySums {
  readonly d0?: string;
  readonly d1?: string;
}

/**
 * How good answers were, 0 to 1, by ratings of people, feedback of apps and words of judges: of each group, by its values joined by
 * NUL. Several judgements of one answer count as their mean; they belong to the call that gave the answer, also of a named model,
 * of which there is no decision. Reaches as far back as
 * records and decisions are kept. Begins at the judgements, of which there are few, never at the calls.
 */
export async function readQuality(
  prisma: PrismaClient,
  { teamId, origin, fromMs, toMs, by, filter = {} }: QualityQuestion,
): Promise<ReadonlyMap<string, QualitySums>> {
  const columns = by.map((dimension, index) => Prisma.sql`${valueColumn(dimension)} AS ${Prisma.raw(`d${index}`)}`);
  const names = Prisma.raw(by.map((_, index) => `answered.d${index}`).join(', '));
  const conditions = [
    ownRecords(teamId, origin),
    begunWithin(fromMs, toMs),
    ...matchingFilter(filter),
    ...by.map((dimension) => Prisma.sql`coalesce(${valueColumn(dimension)}, '') <> ''`),
    // A tag that is filtered by is the only one that is grouped by.
    ...(by.includes('tag') && filter.tag ? [Prisma.sql`tag.value IN (${Prisma.join([...filter.tag])})`] : []),
  ];
  const tags = by.includes('tag')
    ? Prisma.sql`CROSS JOIN LATERAL (SELECT DISTINCT unnest(c.tags) AS value) AS tag`
    : Prisma.empty;
  // OFFSET 0 keeps the planner at looking up the calls of one decision: by time it would read all calls of the range for each.
  const rows = await prisma.$queryRaw<QualityRow[]>`
    WITH judged AS MATERIALIZED (
      SELECT r."decisionId", d."servedModelId", avg(r.quality)::float8 AS quality
      FROM routing_reward r JOIN routing_decision d ON d.id = r."decisionId" AND d."teamId" = r."teamId"
      WHERE r."teamId" = ${teamId} AND r."updatedAt" >= ${new Date(fromMs)}
        AND r.judge NOT LIKE 'test%' AND r.judge NOT LIKE 'best:%'
      GROUP BY r."decisionId", d."servedModelId"),
    said AS MATERIALIZED (
      SELECT f."callId", avg(f.score)::float8 AS quality FROM answer_feedback f
      WHERE f."teamId" = ${teamId} AND f."updatedAt" >= ${new Date(fromMs)} AND f."callId" IS NOT NULL AND f."decisionIds" = '{}'
      GROUP BY f."callId"),
    c AS MATERIALIZED (
      (SELECT DISTINCT ON (judged."decisionId") judged.quality, a.*
      FROM judged CROSS JOIN LATERAL (
        SELECT * FROM call_record a WHERE a."decisionId" = judged."decisionId" OFFSET 0) AS a
      WHERE a."teamId" = ${teamId} AND a.outcome = 'succeeded' AND a."modelId" = coalesce(judged."servedModelId", a."modelId")
      ORDER BY judged."decisionId", a."startedAt" DESC, a.id DESC)
      UNION ALL
      SELECT said.quality, a.* FROM said JOIN call_record a ON a.id = said."callId" AND a."teamId" = ${teamId}),
    answered AS (
      SELECT c.quality ${by.length > 0 ? Prisma.sql`, ${Prisma.join(columns)}` : Prisma.empty}
      FROM c ${tags} WHERE ${Prisma.join(conditions, ' AND ')})
    SELECT ${by.length > 0 ? Prisma.sql`${names},` : Prisma.empty} count(*)::int AS judged,
      sum(answered.quality)::float8 AS sum, sum(answered.quality * answered.quality)::float8 AS "sumOfSquares"
    FROM answered ${by.length > 0 ? Prisma.sql`GROUP BY ${names}` : Prisma.empty}`;
  return new Map(
    rows
      .filter(({ judged }) => judged > 0)
      .map(({ d0, d1, judged, sum, sumOfSquares }) => [
        [d0, d1].slice(0, by.length).join('\0'),
        { judged, sum, sumOfSquares },
      ]),
  );
}
