import { Prisma } from '../../generated/prisma/client.ts';
import { failureColumn, failureKinds, sumColumns, typeOfSum } from './rollup-columns.ts';

const list = (parts: readonly string[]) => Prisma.raw(parts.join(', '));
const quoted = (name: string) => `"${name}"`;
const failures = failureKinds.map(failureColumn);
const keyTypes = `"scopeId" int4, grain int2, mask int2, bucket int4, a int4, b int4`;

export const givenColumns = list([
  keyTypes,
  ...sumColumns.map((name) => `${quoted(name)} ${typeOfSum(name)}`),
  ...failures.map((name) => `${quoted(name)} int4`),
  'latency text',
  '"timeToFirstToken" text',
]);
export const columns = list([
  ...['scopeId', 'grain', 'mask', 'bucket', 'a', 'b', ...sumColumns, ...failures].map(quoted),
  'latency',
  '"timeToFirstToken"',
]);
export const values = list([
  ...['scopeId', 'grain', 'mask', 'bucket', 'a', 'b'].map((name) => `r.${quoted(name)}`),
  ...sumColumns.map((name) => `coalesce(r.${quoted(name)}, 0)`),
  ...failures.map((name) => `r.${quoted(name)}`),
  `decode(r.latency, 'base64')`,
  `decode(r."timeToFirstToken", 'base64')`,
]);
const added = list([
  ...sumColumns.map((name) => `${quoted(name)} = t.${quoted(name)} + excluded.${quoted(name)}`),
  ...failures.map((name) => {
    const [old, more] = [`t.${quoted(name)}`, `excluded.${quoted(name)}`];
    return `${quoted(name)} = coalesce(${old} + ${more}, ${old}, ${more})`;
  }),
  ...['latency', 'timeToFirstToken'].map(
    (name) => `${quoted(name)} = coalesce(excluded.${quoted(name)}, t.${quoted(name)})`,
  ),
]);

/** What is written in place of what is there. */
export const replaced = list(
  [...sumColumns, ...failures, 'latency', 'timeToFirstToken'].map(
    (name) => `${quoted(name)} = excluded.${quoted(name)}`,
  ),
);

/**
 * Adds `rows` (JSON; sums to add, sketches already merged with what was stored) to the rollups and takes their batches
 * from those that wait: all of it, or nothing when the rollups are not at `version` any more. One statement, so that a
 * process killed at any moment has done either. Answers the number of the new version, or no row.
 */
export function addRollupsSql(version: number, batchIds: readonly bigint[], rows: string): Prisma.Sql {
  return Prisma.sql`
    WITH turn AS (
      UPDATE metric_state SET version = version + 1, "claimedUntilMs" = 0 WHERE id = 1 AND version = ${version}
      RETURNING version
    ), taken AS (
      DELETE FROM call_record_batch USING turn WHERE id IN (${Prisma.raw(batchIds.join(', '))})
    ), added AS (
      INSERT INTO metric_rollup AS t (${columns})
      SELECT ${values} FROM turn, jsonb_to_recordset(${rows}::jsonb) AS r(${givenColumns})
      ON CONFLICT ("scopeId", grain, mask, bucket, a, b) DO UPDATE SET ${added}
    )
    SELECT version FROM turn`;
}

/**
 * The sketches that are stored for `keys` (JSON of rollup keys) as one text, because thousands of rows one by one hold up
 * whoever reads them: rows by `;`, in each the key, and both sketches in base64, by `,`.
 */
export function storedSketchesSql(keys: string): Prisma.Sql {
  return Prisma.sql`
    SELECT string_agg(concat(concat_ws(' ', r."scopeId", r.grain, r.mask, r.bucket, r.a, r.b), ',',
      encode(r.latency, 'base64'), ',', encode(r."timeToFirstToken", 'base64')), ';') AS rows
    FROM jsonb_to_recordset(${keys}::jsonb) AS k(${Prisma.raw(keyTypes)})
    JOIN metric_rollup r USING ("scopeId", grain, mask, bucket, a, b)
    WHERE r.latency IS NOT NULL`;
}
