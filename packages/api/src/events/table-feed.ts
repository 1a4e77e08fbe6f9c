import { BoundedQueue, type Clock, type Log, type Timer } from '@switchyard/core/kernel';

/** Numbers of a table become visible out of order: as many of the last ones are read again each time. */
const overlap = 200;
const maxPerPoll = 1_000;

/** A table whose rows are told to subscribers in the order of `seq`. */
export interface FollowedTable<Row> {
  /** The numbers of the latest rows, the highest first, at most `take`. */
  latest(take: number): Promise<readonly bigint[]>;
  /** Rows after `seq` that are not among `known`, in order, at most `take`. */
  after(seq: bigint, known: readonly bigint[], take: number): Promise<readonly Row[]>;
}

/**
 * New rows of a table for subscribers, whichever process wrote them: one poll of the table for all subscribers of this
 * process, and none while there is no subscriber. Each subscriber gets what its `wants` takes, each once; one that reads
 * too slowly loses nothing for others and is ended, to ask again.
 */
export class TableFeed<Row extends { readonly seq: bigint }> {
  readonly #table: FollowedTable<Row>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #pollEveryMs: number;
  readonly #what: string;
  readonly #listeners = new Map<BoundedQueue<Row>, (row: Row) => boolean>();
  /** The last numbers that were delivered or existed before anybody listened. */
  #seen = new Set<bigint>();
  #lastSeq = 0n;
  #opening: Promise<void> | undefined;
  #timer: Timer | undefined;
  #polling: Promise<void> | undefined;

  /** `what` names the rows in the log. */
  constructor(
    table: FollowedTable<Row>,
    surroundings: { readonly clock: Clock; readonly log: Log },
    options: { readonly pollEveryMs: number; readonly what: string },
  ) {
    this.#table = table;
    this.#clock = surroundings.clock;
    this.#log = surroundings.log;
    this.#pollEveryMs = options.pollEveryMs;
    this.#what = options.what;
  }

  get subscriberCount(): number {
    return this.#listeners.size;
  }

  /** Every row that `wants` takes and that is stored after this resolved. Throws without database. */
  async subscribe(wants: (row: Row) => boolean): Promise<AsyncIterableIterator<Row>> {
    const own = new BoundedQueue<Row>({ maxWeight: maxPerPoll, weigh: () => 1, compact: (waiting) => waiting });
    this.#listeners.set(own, wants);
    try {
      this.#opening ??= this.#open();
      await this.#opening;
    } catch (error) {
      this.#leave(own);
      throw error;
    }
    let waiting: readonly Row[] = [];
    const finish = (): IteratorResult<Row> => {
      this.#leave(own);
      return { done: true, value: undefined };
    };
    const iterator: AsyncIterableIterator<Row> = {
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
    this.poll().catch((error: unknown) => this.#log.warn({ error: String(error) }, `${this.#what} are told later`));
  }

  /** Delivers what is new. Harmless at any time. */
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

  #leave(own: BoundedQueue<Row>): void {
    own.close();
    this.#listeners.delete(own);
    if (this.#listeners.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#opening = undefined;
  }

  async #open(): Promise<void> {
    const latest = await this.#table.latest(overlap);
    this.#seen = new Set(latest);
    this.#lastSeq = latest[0] ?? 0n;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.startTimer(this.#pollEveryMs, () => {
      this.poll()
        .catch((error: unknown) => this.#log.warn({ error: String(error) }, `${this.#what} could not be read`))
        .finally(() => {
          if (this.#listeners.size > 0) this.#schedule();
        });
    });
  }

  async #readNew(): Promise<void> {
    const rows = await this.#table.after(this.#lastSeq - BigInt(overlap), [...this.#seen], maxPerPoll);
    for (const row of rows) {
      if (this.#seen.has(row.seq)) continue;
      this.#seen.add(row.seq);
      if (row.seq > this.#lastSeq) this.#lastSeq = row.seq;
      for (const [own, wants] of this.#listeners) if (wants(row)) own.push(row);
    }
    const oldest = this.#lastSeq - BigInt(overlap);
    for (const seq of this.#seen) if (seq <= oldest) this.#seen.delete(seq);
  }
}
