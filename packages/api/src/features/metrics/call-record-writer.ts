import { type Clock, type Log, type Timer, toStorable } from '@switchyard/core/kernel';
import type { CallRecord, CallRecorder } from '@switchyard/core/metrics';
import type { CallRecord as CallRecordRow, PrismaClient } from '../../generated/prisma/client.ts';
import { toStoredCount } from '../../persistence/stored-count.ts';

/** The embedded database runs in this process and holds up every answer while it writes: few batches hold up least. */
const flushAfterMs = 200;
const maxBatch = 500;
/** While the database is away this many records are kept; beyond, the oldest are dropped and the loss is logged. */
const maxWaiting = 200_000;

/** Writes call records in batches behind the answers. Telemetry never fails a call and never waits for the database. */
export class CallRecordWriter implements CallRecorder {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  #waiting: CallRecord[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #failures = 0;

  constructor(prisma: PrismaClient, clock: Clock, log: Log) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#log = log;
  }

  record(record: CallRecord): void {
    this.#waiting.push(record);
    if (this.#waiting.length > maxWaiting) {
      const dropped = this.#waiting.splice(0, this.#waiting.length - maxWaiting).length;
      this.#log.error({ dropped }, 'call records were dropped because the database has been away for too long');
    }
    this.#schedule();
  }

  /** Resolves when everything recorded until now is written; gives up after the first failure. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing) {
      const failuresBefore = this.#failures;
      this.#timer?.cancel();
      this.#timer = undefined;
      await this.#write();
      if (this.#failures > failuresBefore) return;
    }
  }

  #schedule(): void {
    if (this.#timer || this.#writing) return;
    const delayMs = this.#failures === 0 ? flushAfterMs : Math.min(5_000, flushAfterMs * 2 ** this.#failures);
    this.#timer = this.#clock.startTimer(delayMs, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, maxBatch);
    if (batch.length === 0) return;
    try {
      // A batch whose first write was acknowledged too late is written twice; the id makes the second harmless.
      const rows = serialise(batch.map(toRow));
      await this.#prisma.$executeRaw`
        INSERT INTO "call_record" SELECT * FROM jsonb_populate_recordset(NULL::"call_record", ${rows}::jsonb)
        ON CONFLICT DO NOTHING`;
      this.#failures = 0;
    } catch (error) {
      this.#waiting.unshift(...batch);
      this.#failures += 1;
      this.#log.error({ error: String(error), waiting: this.#waiting.length }, 'call records could not be written yet');
    }
  }
}

/** What JSON writes for characters that Postgres cannot hold: NUL, and halves of characters. */
const unstorable = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** The rows as JSON that Postgres can store. Looking through the text costs much less than through every value. */
function serialise(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  return unstorable.test(text) ? JSON.stringify(toStorable(rows)) : text;
}

/**
 * A record as the row that `jsonb_populate_recordset` makes of it: one parameter for the whole batch, because a
 * parameter for each column of each row costs more than the write itself.
 */
function toRow(record: CallRecord): Readonly<Record<keyof CallRecordRow, unknown>> {
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
