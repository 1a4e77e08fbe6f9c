import type { Clock, Log, Timer } from '@switchyard/core/kernel';
import type { CallRecord, CallRecorder } from '@switchyard/core/metrics';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';

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
      await this.#prisma.callRecord.createMany({ data: batch.map(toRow), skipDuplicates: true });
      this.#failures = 0;
    } catch (error) {
      this.#waiting.unshift(...batch);
      this.#failures += 1;
      this.#log.error({ error: String(error), waiting: this.#waiting.length }, 'call records could not be written yet');
    }
  }
}

function toRow(record: CallRecord): Prisma.CallRecordCreateManyInput {
  const { usage, finishReason, price, startedAtMs, origin, ...rest } = record;
  return {
    ...rest,
    origin: origin === 'live' ? 'LIVE' : 'SIMULATED',
    startedAt: new Date(startedAtMs),
    finishReason: finishReason?.unified ?? null,
    inputTokens: usage.inputTokens ?? null,
    cachedInputTokens: usage.cachedInputTokens ?? null,
    cacheWriteTokens: usage.cacheWriteTokens ?? null,
    outputTokens: usage.outputTokens ?? null,
    reasoningTokens: usage.reasoningTokens ?? null,
    ...(price && { price: price as unknown as Prisma.InputJsonValue }),
  };
}
