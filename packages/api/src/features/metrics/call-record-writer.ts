import type { Clock, Log, Timer } from '@switchyard/core/kernel';
import type { CallRecord, CallRecorder } from '@switchyard/core/metrics';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { insertCallRecords, serialiseRow, toStoredRow } from './call-record-rows.ts';
import type { RecordSpill } from './record-spill.ts';

/** The embedded database runs in this process and holds up every answer while it writes: few batches hold up least. */
const flushAfterMs = 200;
const maxBatch = 500;
/** When even the disk takes nothing, this many records are kept; beyond, the oldest are dropped and the loss is logged. */
const maxWaiting = 50_000;

/**
 * Writes call records in batches behind the answers. Telemetry never fails a call and never waits for the database:
 * while that is away, records go to disk and from there to the database later, the oldest first, also when this process is
 * killed meanwhile. Writing a record twice is harmless.
 */
export class CallRecordWriter implements CallRecorder {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #spill: RecordSpill;
  #waiting: CallRecord[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(prisma: PrismaClient, clock: Clock, log: Log, spill: RecordSpill) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#log = log;
    this.#spill = spill;
  }

  /** What the database does not have yet: records in memory, and bytes on disk. */
  get backlog(): { readonly waiting: number; readonly bytes: number } {
    return { waiting: this.#waiting.length, bytes: this.#spill.bytes };
  }

  record(record: CallRecord): void {
    this.#waiting.push(record);
    this.#limitWaiting();
    this.#schedule();
  }

  /** Writes what earlier processes left on disk; `isGone` tells which of them are. */
  async adopt(isGone: (owner: string) => boolean): Promise<void> {
    await this.#spill.adopt(isGone);
    if (!this.#spill.isEmpty) this.#schedule();
  }

  /**
   * Resolves when everything recorded until this call is written, however much is recorded meanwhile; gives up after the
   * first failure.
   */
  async flush(): Promise<void> {
    const last = this.#waiting.at(-1);
    // Records wait until they are written: the last one stands for all before it.
    const isDone = () => this.#spill.isEmpty && (last === undefined || !this.#waiting.includes(last));
    while (!isDone()) {
      const failuresBefore = this.#failures;
      this.#timer?.cancel();
      this.#timer = undefined;
      await this.#write();
      if (this.#failures > failuresBefore) return;
    }
  }

  /** Writes everything, to disk when the database does not take it, and stops. */
  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#writing;
    await this.#toDisk(true);
    if (this.#waiting.length > 0)
      this.#log.error(
        { lost: this.#waiting.length },
        'call records could be written neither to the database nor to disk',
      );
  }

  #schedule(): void {
    if (this.#timer || this.#writing || this.#isClosed) return;
    const delayMs = this.#failures === 0 ? flushAfterMs : Math.min(5_000, flushAfterMs * 2 ** this.#failures);
    this.#timer = this.#clock.startTimer(delayMs, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0 || !this.#spill.isEmpty) this.#schedule();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    try {
      const spilled = await this.#spill.peek(maxBatch);
      if (spilled.length > 0) {
        await this.#insert(spilled);
        await this.#spill.removeFirst(spilled.length);
      } else {
        const batch = this.#waiting.slice(0, maxBatch);
        if (batch.length === 0) return;
        await this.#insert(batch.map((record) => serialiseRow(toStoredRow(record))));
        // What was recorded meanwhile is behind it, unless the oldest had to be dropped.
        const written = new Set(batch);
        this.#waiting = this.#waiting.filter((record) => !written.has(record));
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      await this.#toDisk(false);
      const fields = { error: String(error), inMemory: this.#waiting.length, onDisk: !this.#spill.isEmpty };
      this.#log.error(fields, 'call records could not be written to the database yet');
    }
  }

  /** Throws when the database is away. Rows that it will never take are left out, so that they hold up no others. */
  async #insert(rows: readonly string[]): Promise<void> {
    try {
      // A batch whose first write was acknowledged too late is written twice; the id makes the second harmless.
      await insertCallRecords(this.#prisma, `[${rows.join(',')}]`, rows.length);
    } catch (error) {
      await this.#prisma.$queryRaw`SELECT 1`;
      if (!isRefusal(error)) throw error;
      if (rows.length === 1) {
        this.#log.error({ error: String(error) }, 'the database refuses a call record; it is left out');
        return;
      }
      const middle = Math.ceil(rows.length / 2);
      await this.#insert(rows.slice(0, middle));
      await this.#insert(rows.slice(middle));
    }
  }

  async #toDisk(isDurable: boolean): Promise<void> {
    const records = this.#waiting;
    if (records.length === 0) return;
    this.#waiting = [];
    try {
      await this.#spill.append(
        records.map((record) => serialiseRow(toStoredRow(record))),
        isDurable,
      );
    } catch (error) {
      this.#waiting = [...records, ...this.#waiting];
      this.#limitWaiting();
      this.#log.error(
        { error: String(error) },
        'call records could not be written to disk either; they stay in memory',
      );
    }
  }

  #limitWaiting(): void {
    if (this.#waiting.length <= maxWaiting) return;
    const dropped = this.#waiting.splice(0, this.#waiting.length - maxWaiting).length;
    this.#log.error({ dropped }, 'call records were dropped: neither the database nor the disk takes them');
  }
}

/** Whether the database judged the rows (classes 22, 23: data and constraints) and not the moment. */
function isRefusal(error: unknown): boolean {
  return /Code: `2[23]|\b(?:22|23)[0-9P][0-9]{2}\b|out of range|invalid input|violates/i.test(String(error));
}
