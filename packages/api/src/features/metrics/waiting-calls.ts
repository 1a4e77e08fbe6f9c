import type { FoldedCall } from '@switchyard/core/metrics';
import { Prisma } from '../../generated/prisma/client.ts';

const tokenCounts = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
] as const;

/** A call that waits to be rolled up, as its line says it. */
export type WaitingCall = {
  readonly teamId: string;
  readonly origin: 'LIVE' | 'SIMULATED';
  readonly startedAtMs: number;
  readonly attempt: number;
  readonly outcome: FoldedCall['outcome'];
  readonly source: FoldedCall['source'];
  readonly providerId: string;
  readonly modelId: string;
  readonly tags: readonly string[];
  readonly latencyMs: number;
  readonly userId: string | null;
  readonly apiKeyId: string | null;
  readonly workflowId: string | null;
  readonly stepId: string | null;
  readonly role: string | null;
  readonly taskClass: string | null;
  readonly errorKind: NonNullable<FoldedCall['errorKind']> | null;
  readonly isUsageEstimated: boolean;
  readonly isHedge: boolean;
  /** An integer in digits. */
  readonly cost: string | null;
  readonly timeToFirstTokenMs: number | null;
  readonly tokensPerSecond: number | null;
} & Readonly<Record<(typeof tokenCounts)[number], number | null>>;

const columns = [
  ...['teamId', 'origin', 'attempt', 'outcome', 'source', 'providerId', 'modelId', 'tags', 'latencyMs', 'userId'],
  ...['apiKeyId', 'workflowId', 'stepId', 'role', 'taskClass', 'errorKind', 'isUsageEstimated', 'isHedge'],
  ...['timeToFirstTokenMs', 'tokensPerSecond', ...tokenCounts],
];

/**
 * The calls of batches as one text, a line of JSON for each: hundreds of rows of forty columns one by one hold up whoever
 * reads them for longer than folding them.
 */
export function waitingCallsSql(batchIds: readonly bigint[]): Prisma.Sql {
  return Prisma.sql`
    SELECT string_agg(row_to_json(w)::text, E'\\n') AS lines FROM (
      SELECT ${Prisma.raw(columns.map((name) => `c."${name}"`).join(', '))}, c."costNanoUsd"::text AS cost,
        (extract(epoch FROM c."startedAt") * 1000)::float8 AS "startedAtMs"
      FROM "call_record" c WHERE c."arrivalBatch" IN (${Prisma.raw(batchIds.join(', '))}) AND c.origin <> 'MIXED') w`;
}

export function toFoldedCall(row: WaitingCall, scopeId: number): FoldedCall {
  return {
    scopeId,
    startedAtMs: row.startedAtMs,
    attempt: row.attempt,
    outcome: row.outcome,
    source: row.source,
    providerId: row.providerId,
    modelId: row.modelId,
    tags: row.tags,
    latencyMs: row.latencyMs,
    usage: Object.fromEntries(tokenCounts.flatMap((name) => (row[name] === null ? [] : [[name, row[name]]]))),
    ...(row.userId !== null && { userId: row.userId }),
    ...(row.apiKeyId !== null && { apiKeyId: row.apiKeyId }),
    ...(row.workflowId !== null && { workflowId: row.workflowId }),
    ...(row.stepId !== null && { stepId: row.stepId }),
    ...(row.role !== null && { role: row.role }),
    ...(row.taskClass !== null && { taskClass: row.taskClass }),
    ...(row.errorKind !== null && { errorKind: row.errorKind }),
    ...(row.isUsageEstimated && { isUsageEstimated: true as const }),
    ...(row.isHedge && { isHedge: true as const }),
    ...(row.cost !== null && { costNanoUsd: BigInt(row.cost) }),
    ...(row.timeToFirstTokenMs !== null && { timeToFirstTokenMs: row.timeToFirstTokenMs }),
    ...(row.tokensPerSecond !== null && { tokensPerSecond: row.tokensPerSecond }),
  };
}
