import { BoundedQueue, type Clock, type Log, type Timer } from '@switchyard/core/kernel';
import type { HealthEvent as EventRow, PrismaClient } from '../../generated/prisma/client.ts';

const pollEveryMs = 500;
/** Numbers of a table become visible out of order: as many of the last ones are read again each time. */
const overlap = 200;
const maxPerPoll = 1_000;
const queue = { maxWeight: 1_000, weigh: () => 1, compact: (waiting: readonly EventRow[]) => waiting };

interface Listener {
  readonly teamId: string;
  /** Undefined: all that the team sees. */
  readonly subjectIds: ReadonlySet<string> | undefined;
}

/**
 * What happens to the health of providers, for subscribers, whichever process finds it out: one poll of the table for all
 * subscribers of this process, none while there is no subscriber. One that reads too slowly is ended, to ask again.
 */
export class HealthFeed {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Map<BoundedQueue<EventRow>, Listener>();
  #seen = new Set<bigint>();
  #lastSeq = 0n;
  #opening: Promise<void> | undefined;
  #timer: Timer | undefined;
  #polling: Promise<void> | undefined;

  constructor(prisma: PrismaClient, clock: Clock, log: Log) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#log = log;
  }

  get subscriberCount(): number {
    return this.#listeners.size;
  }

  /** Every event of what the team sees that is stored after this resolved. Throws without database. */
  async subscribe(teamId: string, subjectIds?: ReadonlySet<string>): Promise<AsyncIterableIterator<EventRow>> {
    const own = new BoundedQueue<EventRow>(queue);
    this.#listeners.set(own, { teamId, subjectIds });
    try {
      this.#opening ??= this.#open();
      await this.#opening;
    } catch (error) {
      this.#leave(own);
      throw error;
    }
    let waiting: readonly EventRow[] = [];
    const finish = (): IteratorResult<EventRow> => {
      this.#leave(own);
      return { done: true, value: undefined };
    };
    const iterator: AsyncIterableIterator<EventRow> = {
      next: async () => {
        if (waiting.length === 0) {
          const taken = await own.take();
          if (taken.kind !== 'items') return finish();
          waiting = taken.items;
        }
        const [value, ...rest] = waiting;
        waiting = rest;
        return value === undefined ? finish() : { done: false, value };
      },
      return: async () => finish(),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /** Delivers what was just stored; never throws. */
  wake(): void {
    this.poll().catch((error: unknown) => this.#log.warn({ error: String(error) }, 'health events are told later'));
  }

  async poll(): Promise<void> {
    if (this.#listeners.size === 0 || this.#opening === undefined) return;
    this.#polling ??= this.#readNew().finally(() => {
      this.#polling = undefined;
    });
    await this.#polling;
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const each of [...this.#listeners.keys()]) this.#leave(each);
  }

  #leave(own: BoundedQueue<EventRow>): void {
    own.close();
    this.#listeners.delete(own);
    if (this.#listeners.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#opening = undefined;
  }

  async #open(): Promise<void> {
    const rows = await this.#prisma.healthEvent.findMany({
      orderBy: { seq: 'desc' },
      take: overlap,
      select: { seq: true },
    });
    this.#seen = new Set(rows.map(({ seq }) => seq));
    this.#lastSeq = rows[0]?.seq ?? 0n;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.startTimer(pollEveryMs, () => {
      this.poll()
        .catch((error: unknown) => this.#log.warn({ error: String(error) }, 'health events could not be read'))
        .finally(() => {
          if (this.#listeners.size > 0) this.#schedule();
        });
    });
  }

  async #readNew(): Promise<void> {
    const rows = await this.#prisma.healthEvent.findMany({
      where: { seq: { gt: this.#lastSeq - BigInt(overlap), notIn: [...this.#seen] } },
      orderBy: { seq: 'asc' },
      take: maxPerPoll,
    });
    for (const row of rows) {
      if (this.#seen.has(row.seq)) continue;
      this.#seen.add(row.seq);
      if (row.seq > this.#lastSeq) this.#lastSeq = row.seq;
      for (const [own, { teamId, subjectIds }] of this.#listeners) {
        const isVisible = row.teamId === null || row.teamId === teamId;
        if (isVisible && (subjectIds === undefined || subjectIds.has(row.subjectId))) own.push(row);
      }
    }
    const oldest = this.#lastSeq - BigInt(overlap);
    for (const seq of this.#seen) if (seq <= oldest) this.#seen.delete(seq);
  }
}
