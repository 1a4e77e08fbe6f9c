import type { SpendBucket } from '@switchyard/core/guardrails';
import type { CallOrigin } from '@switchyard/core/metrics';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import {
  type BudgetSpendQuestion,
  mostGroups,
  type SpendDimension,
  type SpendQuestion,
  type SpendReader,
  type SpendRow,
} from './spend-reader.ts';

const dimensionSql: Readonly<Record<SpendDimension, Prisma.Sql>> = {
  provider: Prisma.sql`c."providerId"`,
  model: Prisma.sql`c."modelId"`,
  member: Prisma.sql`c."userId"`,
  key: Prisma.sql`c."apiKeyId"`,
  role: Prisma.sql`c.role`,
  workflow: Prisma.sql`c."workflowId"`,
  step: Prisma.sql`c."stepId"`,
  tag: Prisma.sql`t.tag`,
  source: Prisma.sql`c.source`,
};

/** More than 64 bits hold is no sum that anybody looks at. */
const mostSql = Prisma.sql`9000000000000000000`;

/** Reads spending from the records of single calls. */
export class CallRecordSpendReader implements SpendReader {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async readSpend({ teamId, origin, boundariesMs, groupBy, among }: SpendQuestion): Promise<readonly SpendRow[]> {
    const [from, until] = [new Date(boundariesMs[0] ?? 0), new Date(boundariesMs.at(-1) ?? 0)];
    const columns = groupBy.map((dimension, index) => Prisma.sql`${dimensionSql[dimension]} AS ${keyName(index)}`);
    const tags = groupBy.includes('tag')
      ? Prisma.sql`LEFT JOIN LATERAL (SELECT DISTINCT unnest(c.tags) AS tag) t ON true`
      : Prisma.empty;
    if (among?.length === 0) return [];
    const chosen = among?.map((keys) => {
      const parts = groupBy.map((dimension, index) => {
        return Prisma.sql`${dimensionSql[dimension]} IS NOT DISTINCT FROM ${keys[index] ?? null}::text`;
      });
      return Prisma.sql`(${Prisma.join(parts, ' AND ')})`;
    });
    const rows = await this.#prisma.$queryRaw<readonly Record<string, unknown>[]>`
      SELECT ${columns.length === 0 ? Prisma.empty : Prisma.sql`${Prisma.join(columns)},`}
        width_bucket((extract(epoch FROM c."startedAt") * 1000)::bigint, ${[...boundariesMs].map((ms) => BigInt(ms))}::bigint[]) AS bucket,
        count(*)::int AS calls,
        COALESCE(sum(c."inputTokens"), 0)::float8 AS "inputTokens",
        COALESCE(sum(c."outputTokens"), 0)::float8 AS "outputTokens",
        LEAST(COALESCE(sum(c."costNanoUsd"), 0), ${mostSql})::bigint AS "costNanoUsd",
        (count(*) FILTER (WHERE c."costNanoUsd" IS NULL))::int AS "callsWithUnknownCost",
        (count(*) FILTER (WHERE c."isUsageEstimated"))::int AS "callsWithEstimatedUsage"
      FROM call_record c ${tags}
      WHERE c."teamId" = ${teamId} AND c.origin = ${storedOrigin(origin)}::"DataOrigin"
        AND c."startedAt" >= ${from} AND c."startedAt" < ${until}
        ${chosen ? Prisma.sql`AND (${Prisma.join(chosen, ' OR ')})` : Prisma.empty}
      GROUP BY ${Prisma.join([...groupBy.map((_, index) => keyName(index)), Prisma.sql`bucket`])}
      ${chosen || groupBy.length === 0 ? Prisma.empty : Prisma.sql`ORDER BY "costNanoUsd" DESC LIMIT ${mostGroups}`}`;
    return rows.map((row) => ({
      ...(row as unknown as Omit<SpendRow, 'keys' | 'bucket'>),
      keys: groupBy.map((_, index) => (row[`key${index}`] as string | null) ?? null),
      bucket: Number(row.bucket) - 1,
    }));
  }

  async readBuckets(
    question: BudgetSpendQuestion,
    fromMs: number,
    untilMs: number,
    bucketMs: number,
  ): Promise<readonly SpendBucket[]> {
    const rows = await this.#prisma.$queryRaw<{ bucket: bigint; amount: bigint; calls: number; first: Date }[]>`
      SELECT floor(extract(epoch FROM c."startedAt") * 1000 / ${bucketMs})::bigint AS bucket,
        LEAST(COALESCE(sum(${amountSql(question)}), 0), ${mostSql})::bigint AS amount, count(*)::int AS calls,
        min(c."startedAt") AS first
      FROM call_record c
      WHERE ${whereSql(question)} AND c."startedAt" >= ${new Date(fromMs)} AND c."startedAt" < ${new Date(untilMs)}
      GROUP BY bucket`;
    return rows.map(({ bucket, amount, calls, first }) => {
      return { startMs: Number(bucket) * bucketMs, amount, calls, firstMs: first.getTime() };
    });
  }

  async readRecentUse(question: BudgetSpendQuestion, fromMs: number, limit: number) {
    const rows = await this.#prisma.$queryRaw<{ runId: string | null; amount: bigint }[]>`
      SELECT c."runId", COALESCE(${amountSql(question)}, 0)::bigint AS amount
      FROM call_record c
      WHERE ${whereSql(question)} AND c."startedAt" >= ${new Date(fromMs)}
        ${question.unit === 'cost' && question.unknownCostNanoUsd === 0n ? Prisma.sql`AND c."costNanoUsd" IS NOT NULL` : Prisma.empty}
      ORDER BY c."startedAt" DESC LIMIT ${limit}`;
    const ofRuns = rows.filter(({ runId }) => runId !== null);
    if (ofRuns.length * 2 <= rows.length) return { kind: 'calls' as const, amounts: rows.map(({ amount }) => amount) };
    const byRun = [...Map.groupBy(ofRuns, ({ runId }) => runId)];
    // The earliest run may be cut off by the limit.
    const whole = rows.length === limit ? byRun.slice(0, -1) : byRun;
    const amounts = whole.map(([, calls]) => calls.reduce((sum, { amount }) => sum + amount, 0n));
    return { kind: 'runs' as const, amounts };
  }

  async readOutputTokens(
    {
      teamId,
      modelIds,
      stepId,
    }: { readonly teamId: string; readonly modelIds: readonly string[]; readonly stepId: string | undefined },
    fromMs: number,
    limit: number,
  ): Promise<ReadonlyMap<string, readonly number[]>> {
    const rows = await this.#prisma.$queryRaw<{ modelId: string; outputTokens: number }[]>`
      SELECT m."modelId", r."outputTokens"
      FROM unnest(${[...modelIds]}::text[]) AS m("modelId")
        CROSS JOIN LATERAL (
          SELECT c."outputTokens" FROM call_record c
          WHERE c."teamId" = ${teamId} AND c."modelId" = m."modelId" AND c."startedAt" >= ${new Date(fromMs)}
            AND c.outcome = 'succeeded' AND c."outputTokens" IS NOT NULL
            ${stepId === undefined ? Prisma.empty : Prisma.sql`AND c."stepId" = ${stepId}`}
          ORDER BY c."startedAt" DESC LIMIT ${limit}
        ) r`;
    const byModel = Map.groupBy(rows, ({ modelId }) => modelId);
    return new Map([...byModel].map(([modelId, found]) => [modelId, found.map((row) => row.outputTokens)]));
  }
}

const keyName = (index: number) => (index === 0 ? Prisma.sql`key0` : Prisma.sql`key1`);

const storedOrigin = (origin: CallOrigin) => (origin === 'live' ? 'LIVE' : 'SIMULATED');

function amountSql({ unit, unknownCostNanoUsd }: BudgetSpendQuestion): Prisma.Sql {
  if (unit === 'requests') return Prisma.sql`1`;
  if (unit === 'tokens') return Prisma.sql`(COALESCE(c."inputTokens", 0)::bigint + COALESCE(c."outputTokens", 0))`;
  return Prisma.sql`COALESCE(c."costNanoUsd", ${unknownCostNanoUsd}::bigint)`;
}

function whereSql({ teamId, origin, conditions }: BudgetSpendQuestion): Prisma.Sql {
  const parts = conditions.map(({ kind, value }) => {
    if (kind === 'tag') return Prisma.sql`${value} = ANY(c.tags)`;
    return Prisma.sql`${dimensionSql[kind === 'api-key' ? 'key' : kind]} = ${value}`;
  });
  const own = Prisma.sql`c."teamId" = ${teamId} AND c.origin = ${storedOrigin(origin)}::"DataOrigin"`;
  return Prisma.join([own, ...parts], ' AND ');
}
