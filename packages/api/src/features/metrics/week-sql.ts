import { Prisma } from '../../generated/prisma/client.ts';
import { failureColumn, failureKinds, sumColumns } from './rollup-columns.ts';
import { columns, givenColumns, replaced, values } from './rollup-sql.ts';

const minutesPerWeek = 10_080;

/** What the days of a week came to; sums are texts, sketches of days stand one after the other in base64. */
export interface SummedDays extends Readonly<Record<string, unknown>> {
  readonly a: number;
  readonly b: number;
  readonly latency: string | null;
  readonly timeToFirstToken: string | null;
}

const sums = [
  ...[...sumColumns, ...failureKinds.map(failureColumn)].map((name) => `sum(r."${name}")::text AS "${name}"`),
  ...['latency', 'timeToFirstToken'].map((name) => `encode(string_agg(r."${name}", ''::bytea), 'base64') AS "${name}"`),
].join(', ');

/** The rows of a week for one mask, by their values, `most` of them beyond those of `after`. */
export function summedDaysSql(asked: {
  readonly scopeId: number;
  readonly mask: number;
  readonly weekFromMs: number;
  readonly after: { readonly a: number; readonly b: number };
  readonly most: number;
}): Prisma.Sql {
  const { scopeId, mask, weekFromMs, after, most } = asked;
  const bucket = weekFromMs / 60_000;
  return Prisma.sql`
    WITH wanted AS (
      SELECT DISTINCT r.a, r.b FROM metric_rollup r
      WHERE r."scopeId" = ${scopeId} AND r.grain = 2::int2 AND r.mask = ${mask}::int2
        AND r.bucket >= ${bucket} AND r.bucket < ${bucket + minutesPerWeek} AND (r.a, r.b) > (${after.a}::int4, ${after.b}::int4)
      ORDER BY r.a, r.b LIMIT ${most})
    SELECT r.a, r.b, ${Prisma.raw(sums)} FROM wanted
    CROSS JOIN generate_series(${bucket}::int4, ${bucket + minutesPerWeek - 1}::int4, 1440) AS day
    JOIN metric_rollup r ON r."scopeId" = ${scopeId} AND r.grain = 2::int2 AND r.mask = ${mask}::int2 AND r.bucket = day
      AND r.a = wanted.a AND r.b = wanted.b
    GROUP BY r.a, r.b ORDER BY r.a, r.b`;
}

/**
 * Writes `rows` (JSON) in place of what is there, and prolongs the claim of whoever changes rollups, unless they are not at
 * `version` any more; then there is no row in the answer.
 */
export function putRollupsSql(version: number, claimedUntilMs: number, rows: string): Prisma.Sql {
  return Prisma.sql`
    WITH turn AS (
      UPDATE metric_state SET "claimedUntilMs" = ${BigInt(claimedUntilMs)} WHERE id = 1 AND version = ${version}
      RETURNING version
    ), put AS (
      INSERT INTO metric_rollup AS t (${columns})
      SELECT ${values} FROM turn, jsonb_to_recordset(${rows}::jsonb) AS r(${givenColumns})
      ON CONFLICT ("scopeId", grain, mask, bucket, a, b) DO UPDATE SET ${replaced}
    )
    SELECT version FROM turn`;
}
