import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import {
  type JournalFact,
  LeaseLost,
  type RunEvent,
  type RunFact,
  type RunLease,
  type RunStore,
  sizeOfFact,
} from '@switchyard/core/workflows';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { PlannedWrites, RunWrite, RunWritten } from './run-write.ts';
import { areStored, writeRuns } from './write-runs.ts';

export interface RunJournalParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of events after they are stored, in order for each run. */
  readonly onStored?: (runId: string, events: readonly RunEvent[]) => void;
}

/** What was to be stored when the answer did not come: perhaps it is. */
interface Unanswered {
  readonly batch: readonly Waiting[];
  readonly planned: PlannedWrites;
}

interface Waiting {
  readonly write: RunWrite;
  readonly size: number;
  tries: number;
  resolve(written: RunWritten): void;
  reject(error: unknown): void;
}

/** Writes in one transaction; more make it long for whoever waits for the first. */
const mostTogether = 256;
const mostCharacters = 4_000_000;
/** After so many failures each write is tried alone, so that one that can never be stored holds up no other. */
const triesTogether = 2;
/** So often a write alone may fail while others succeed. */
const mostTriesAlone = 5;
/** Whoever acts from outside is told soon that the database is away; the engine's own writes wait for it. */
const mostTriesFromOutside = 4;
const transactionLimits = { maxWait: 10_000, timeout: 30_000 } as const;
const retryDelaysMs = [50, 200, 500, 1_000, 2_000, 5_000];

/**
 * The journal of all runs: one writer, so that what many runs write at the same time becomes one transaction. Writes of
 * one run are carried out in the order in which they were asked for. While the database is away they wait.
 */
export class RunJournal implements RunStore {
  readonly #parts: RunJournalParts;
  #queue: Waiting[] = [];
  #unanswered: readonly Unanswered[] = [];
  #writing: Promise<void> | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(parts: RunJournalParts) {
    this.#parts = parts;
  }

  /** How many writes wait. */
  get waitingCount(): number {
    return this.#queue.length;
  }

  /** Resolves when it is durable. Rejects with {@link LeaseLost}, and when the journal is closed before. */
  write(write: RunWrite): Promise<RunWritten> {
    if (this.#isClosed) return Promise.reject(new Error('The journal of runs is closed: the server is stopping.'));
    const { promise, resolve, reject } = Promise.withResolvers<RunWritten>();
    const facts = [...write.facts, ...(write.decisions?.facts ?? [])];
    const size = facts.reduce((sum, fact) => sum + sizeOfFact(fact), 0);
    this.#queue.push({ write, size, tries: 0, resolve, reject });
    this.#startWriting();
    return promise;
  }

  async append(
    runId: string,
    facts: readonly JournalFact[],
    { lease, afterSeq }: { readonly lease?: RunLease; readonly afterSeq?: number },
  ): Promise<readonly RunEvent[] | undefined> {
    const parts = afterSeq === undefined ? { facts } : { facts: [], decisions: { facts, afterSeq } };
    const written = await this.write({ runId, ...parts, ...(lease && { lease }) });
    return written.isDecided ? written.events : undefined;
  }

  async readJournal(runId: string, afterSeq: number): Promise<readonly RunEvent[]> {
    const rows = await this.#parts.prisma.runEvent.findMany({
      where: { runId, seq: { gt: afterSeq }, isJournal: true },
      orderBy: { seq: 'asc' },
      select: { seq: true, fact: true, at: true },
    });
    return rows.map(toRunEvent);
  }

  /** Waits until nothing is left to be written, at most `withinMs`, then refuses what comes. */
  async close(withinMs: number): Promise<void> {
    const limit = new AbortController();
    const timeout = sleep(this.#parts.clock, withinMs, limit.signal).catch(() => {});
    await Promise.race([this.#idle(), timeout]);
    limit.abort();
    this.#isClosed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new Error('The server stopped before this was stored.'));
  }

  async #idle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #startWriting(): void {
    this.#writing ??= this.#work().finally(() => {
      this.#writing = undefined;
      // What came after the last look at the queue and before now would wait for the next write.
      if (this.#queue.length > 0) this.#startWriting();
    });
  }

  async #work(): Promise<void> {
    // Everything of this turn of the event loop goes into the first transaction.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      const isStored = await this.#store(batch);
      if (isStored) continue;
      const delayMs = retryDelaysMs[Math.min(this.#failures, retryDelaysMs.length) - 1] ?? 5_000;
      await sleep(this.#parts.clock, delayMs);
    }
  }

  #takeBatch(): readonly Waiting[] {
    let count = 0;
    for (let size = 0; count < this.#queue.length && count < mostTogether; count += 1) {
      size += this.#queue[count]?.size ?? 0;
      if (count > 0 && size > mostCharacters) break;
    }
    return this.#queue.slice(0, count);
  }

  /** Whether all of `batch` is done with, stored or refused for good. */
  async #store(batch: readonly Waiting[]): Promise<boolean> {
    const error = await this.#storeTogether(batch);
    if (error === undefined) {
      this.#failures = 0;
      return true;
    }
    this.#failures += 1;
    this.#parts.log.error(
      { error: String(error), writes: batch.length, failures: this.#failures },
      'events of runs could not be stored; they are kept in memory and tried again',
    );
    if (this.#failures < triesTogether) return false;
    return this.#storeOneByOne(batch);
  }

  async #storeOneByOne(batch: readonly Waiting[]): Promise<boolean> {
    const failed: { readonly waiting: Waiting; readonly error: unknown }[] = [];
    const held = new Set<string>();
    let stored = 0;
    for (const waiting of batch) {
      const { runId } = waiting.write;
      // What a run writes later must not overtake what it wrote before.
      if (held.has(runId)) continue;
      const error = await this.#storeTogether([waiting]);
      if (error === undefined) {
        stored += 1;
        continue;
      }
      waiting.tries += 1;
      held.add(runId);
      failed.push({ waiting, error });
    }
    if (stored > 0) this.#failures = 1;
    for (const { waiting, error } of failed) {
      // What cannot even be written down is no fault of the database.
      const isWrong = error instanceof RangeError || error instanceof TypeError;
      const isHopeless = (stored > 0 || isWrong) && waiting.tries >= mostTriesAlone;
      const isImpatient = !waiting.write.lease && waiting.tries >= mostTriesFromOutside;
      if (!isHopeless && !isImpatient) continue;
      this.#queue = this.#queue.filter((each) => each !== waiting);
      waiting.reject(error);
    }
    return failed.length === 0;
  }

  /** Stores `batch` in one transaction, or answers why not. */
  async #storeTogether(batch: readonly Waiting[]): Promise<unknown> {
    const { prisma, clock } = this.#parts;
    let planned: PlannedWrites | undefined;
    let written: readonly Waiting[] = [];
    try {
      const left = this.#unanswered.length > 0 ? await this.#lookForUnanswered(batch) : batch;
      if (left.length === 0) return undefined;
      written = left;
      const writes = left.map(({ write }) => write);
      const write = async (tx: Prisma.TransactionClient) => {
        planned = await writeRuns(tx, writes, clock.nowMs());
      };
      await prisma.$transaction(write, transactionLimits);
      if (planned) this.#tell(left, planned);
      return undefined;
    } catch (error) {
      if (planned && planned.events.length > 0) this.#unanswered = [...this.#unanswered, { batch: written, planned }];
      return error ?? new Error('The transaction failed.');
    }
  }

  /**
   * A transaction may be durable although its answer never came. Before anything is written again it is looked whether
   * its events stand under the numbers that they were given: then they are told, and not written a second time. Answers
   * what of `batch` is left.
   */
  async #lookForUnanswered(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    for (const unanswered of this.#unanswered) {
      const { planned } = unanswered;
      const isStored = await this.#parts.prisma.$transaction((tx) => areStored(tx, planned.events), transactionLimits);
      this.#unanswered = this.#unanswered.filter((each) => each !== unanswered);
      if (isStored) this.#tell(unanswered.batch, planned);
    }
    const queued = new Set(this.#queue);
    return batch.filter((waiting) => queued.has(waiting));
  }

  /** What of `batch` came of it, to those who follow the runs and to those who wait. */
  #tell(batch: readonly Waiting[], { outcomes, events }: PlannedWrites): void {
    const done = new Set(batch);
    this.#queue = this.#queue.filter((waiting) => !done.has(waiting));
    for (const [runId, own] of Map.groupBy(events, (event) => event.runId)) this.#parts.onStored?.(runId, own);
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (!outcome || outcome instanceof LeaseLost) reject(outcome);
      else resolve(outcome);
    });
  }
}

/** A stored event as it was. */
export function toRunEvent(row: { readonly seq: number; readonly fact: string; readonly at: Date }): RunEvent {
  return { ...(JSON.parse(row.fact) as RunFact), seq: row.seq, atMs: row.at.getTime() };
}
