/** How a {@link BoundedQueue} stays bounded. */
export interface BoundedQueueOptions<Item> {
  /** Weight (for example bytes) above which `compact` is tried, and above which, failing that, the queue overflows. */
  readonly maxWeight: number;
  /** The weight of one item; must not change while the item is queued. */
  readonly weigh: (item: Item) => number;
  /** Rewrites the waiting items into fewer or lighter ones that mean the same, or returns them unchanged. */
  readonly compact: (waiting: readonly Item[]) => readonly Item[];
}

/**
 * A first-in-first-out queue between one producer that must never wait and one consumer that may be slow or dead.
 *
 * `push` never blocks and never throws. When the waiting items weigh more than `maxWeight` they are compacted; when
 * that does not help the queue overflows: it drops what waits, keeps nothing more, and the consumer's next `take`
 * answers `overflow`, whereupon it must reload from storage (nothing is lost, because every item is stored elsewhere).
 */
export class BoundedQueue<Item> {
  readonly #options: BoundedQueueOptions<Item>;
  #items: Item[] = [];
  #weight = 0;
  #isOverflowed = false;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(options: BoundedQueueOptions<Item>) {
    this.#options = options;
  }

  /** The weight of what waits now. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds `item`; ignored after `close` and while overflowed. */
  push(item: Item): void {
    if (this.#isClosed || this.#isOverflowed) return;
    this.#items.push(item);
    this.#weight += this.#options.weigh(item);
    if (this.#weight > this.#options.maxWeight) this.#shrink();
    this.#notify();
  }

  /** Ends the queue: what waits is still delivered, then `take` answers `closed`. */
  close(): void {
    this.#isClosed = true;
    this.#notify();
  }

  /**
   * Waits until there is something and takes everything that waits. `overflow` clears the overflow, so that the
   * consumer can reload and go on. Only one `take` may be pending.
   */
  async take(): Promise<{ kind: 'items'; items: readonly Item[] } | { kind: 'overflow' } | { kind: 'closed' }> {
    for (;;) {
      if (this.#isOverflowed) {
        this.#isOverflowed = false;
        return { kind: 'overflow' };
      }
      if (this.#items.length > 0) {
        const items = this.#items;
        this.#items = [];
        this.#weight = 0;
        return { kind: 'items', items };
      }
      if (this.#isClosed) return { kind: 'closed' };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #shrink(): void {
    this.#items = [...this.#options.compact(this.#items)];
    this.#weight = this.#items.reduce((sum, item) => sum + this.#options.weigh(item), 0);
    // Half, not all: otherwise every push at the brim would compact again, in quadratic time.
    if (this.#weight <= this.#options.maxWeight / 2) return;
    this.#items = [];
    this.#weight = 0;
    this.#isOverflowed = true;
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
