import { toStorable } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import type { CallRecord as CallRecordRow, PrismaClient } from '../../generated/prisma/client.ts';
import { toStoredCount } from '../../persistence/stored-count.ts';

/** A row as JSON writes it. */
export type StoredCallRecord = Readonly<Record<keyof Omit<CallRecordRow, 'arrivalBatch'>, unknown>>;

/** What JSON writes for characters that Postgres cannot hold: NUL, and halves of characters. */
const unstorable = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** The row as JSON that Postgres can store. Looking through the text costs much less than through every value. */
export function serialiseRow(row: StoredCallRecord): string {
  const text = JSON.stringify(row);
  return unstorable.test(text) ? JSON.stringify(toStorable(row)) : text;
}

/**
 * Writes `rows` (JSON of {@link toStoredRow}) in one statement, as one batch that waits to be rolled up. Rows whose id
 * is known are left as they are: writing twice what was acknowledged too late is harmless.
 */
export async function insertCallRecords(prisma: PrismaClient, rows: string, count: number): Promise<void> {
  await prisma.$executeRaw`
    WITH batch AS (INSERT INTO call_record_batch (records) VALUES (${count}) RETURNING id)
    INSERT INTO "call_record"
    SELECT r.* FROM batch
    CROSS JOIN LATERAL jsonb_populate_recordset(
      jsonb_populate_record(NULL::"call_record", jsonb_build_object('arrivalBatch', batch.id)), ${rows}::jsonb) r
    ON CONFLICT DO NOTHING`;
}

/**
 * A record as the row that `jsonb_populate_recordset` makes of it: one parameter for the whole batch, because a
 * parameter for each column of each row costs more than the write itself.
 */
export function toStoredRow(record: CallRecord): StoredCallRecord {
  const { usage } = record;
  return {
    id: record.id,
    teamId: record.teamId,
    source: record.source,
    sourceId: record.sourceId ?? null,
    attempt: record.attempt,
    userId: record.userId ?? null,
    apiKeyId: record.apiKeyId ?? null,
    providerId: record.providerId,
    modelId: record.modelId,
    servedModel: record.servedModel ?? null,
    origin: record.origin === 'live' ? 'LIVE' : 'SIMULATED',
    outcome: record.outcome,
    errorKind: record.errorKind ?? null,
    errorMessage: record.errorMessage ?? null,
    finishReason: record.finishReason?.unified ?? null,
    inputTokens: toStoredCount(usage.inputTokens),
    cachedInputTokens: toStoredCount(usage.cachedInputTokens),
    cacheWriteTokens: toStoredCount(usage.cacheWriteTokens),
    outputTokens: toStoredCount(usage.outputTokens),
    reasoningTokens: toStoredCount(usage.reasoningTokens),
    costNanoUsd: record.costNanoUsd?.toString() ?? null,
    costUnknownReason: record.costUnknownReason ?? null,
    price: record.price ?? null,
    startedAt: new Date(record.startedAtMs),
    latencyMs: record.latencyMs,
    timeToFirstTokenMs: record.timeToFirstTokenMs ?? null,
    tokensPerSecond: record.tokensPerSecond ?? null,
    providerRequestId: record.providerRequestId ?? null,
    isUsageEstimated: record.isUsageEstimated ?? false,
    isHedge: record.isHedge ?? false,
    role: record.role ?? null,
    workflowId: record.workflowId ?? null,
    runId: record.runId ?? null,
    stepId: record.stepId ?? null,
    tags: record.tags ?? [],
    taskClass: record.taskClass ?? null,
    decisionId: record.decisionId ?? null,
  };
}
