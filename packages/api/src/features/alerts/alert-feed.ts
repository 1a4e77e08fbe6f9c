import { BoundedQueue, type Clock, type Log, type Timer } from '@switchyard/core/kernel';
import type { Alert as AlertRow, PrismaClient } from '../../generated/prisma/client.ts';

const pollEveryMs = 1_000;
/** Numbers of a table become visible out of order: as many of the last ones are read again each time. */
const overlap = 200;
const maxPerPoll = 1_000;
const queue = { maxWeight: 1_000, weigh: () => 1, compact: (waiting: readonly AlertRow[]) => waiting };

/**
 * New alerts for subscribers, whichever process raised them: one poll of the table for all subscribers of this process,
 * and none while there is no subscriber. Each subscriber gets its own team's alerts, each once; one that reads too
 * slowly loses nothing for others and is ended, to ask again.
 */
export class AlertFeed {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #subscribers = new Map<BoundedQueue<AlertRow>, string>();
  /** The last numbers that were delivered or existed before anybody listened. */
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
    return this.#subscribers.size;
  }

  /** Every alert of the team that is stored after this resolved, in about the order of storing. Throws without database. */
  async subscribe(teamId: string): Promise<AsyncIterableIterator<AlertRow>> {
    const own = new BoundedQueue<AlertRow>(queue);
    this.#subscribers.set(own, teamId);
    try {
      this.#opening ??= this.#open();
      await this.#opening;
    } catch (error) {
      this.#leave(own);
      throw error;
    }
    let waiting: readonly AlertRow[] = [];
    const finish = (): IteratorResult<AlertRow> => {
      this.#leave(own);
      return { done: true, value: undefined };
    };
    const iterator: AsyncIterableIterator<AlertRow> = {
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

  /** Delivers what is new. Harmless at any time. */
  async poll(): Promise<void> {
    if (this.#subscribers.size === 0 || this.#opening === undefined) return;
    this.#polling ??= this.#readNew().finally(() => {
      this.#polling = undefined;
    });
    await this.#polling;
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const each of [...this.#subscribers.keys()]) this.#leave(each);
  }

  #leave(own: BoundedQueue<AlertRow>): void {
    own.close();
    this.#subscribers.delete(own);
    if (this.#subscribers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#opening = undefined;
  }

  async #open(): Promise<void> {
    const rows = await this.#prisma.alert.findMany({ orderBy: { seq: 'desc' }, take: overlap, select: { seq: true } });
    this.#seen = new Set(rows.map(({ seq }) => seq));
    this.#lastSeq = rows[0]?.seq ?? 0n;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.startTimer(pollEveryMs, () => {
      this.poll()
        .catch((error: unknown) => this.#log.warn({ error: String(error) }, 'new alerts could not be read'))
        .finally(() => {
          if (this.#subscribers.size > 0) this.#schedule();
        });
    });
  }

  async #readNew(): Promise<void> {
    const rows = await this.#prisma.alert.findMany({
      where: { seq: { gt: this.#lastSeq - BigInt(overlap), notIn: [...this.#seen] } },
      orderBy: { seq: 'asc' },
      take: maxPerPoll,
    });
    for (const row of rows) {
      if (this.#seen.has(row.seq)) continue;
      this.#seen.add(row.seq);
      if (row.seq > this.#lastSeq) this.#lastSeq = row.seq;
      for (const [own, teamId] of this.#subscribers) if (teamId === row.teamId) own.push(row);
    }
    const oldest = this.#lastSeq - BigInt(overlap);
    for (const seq of this.#seen) if (seq <= oldest) this.#seen.delete(seq);
  }
}
