import { BoundedQueue, type Clock, sleep } from '@switchyard/core/kernel';
import { publicTypeOf, type RunEvent } from '@switchyard/core/workflows';

export interface RunFeedParts {
  readonly clock: Clock;
  /** Stored events after `afterSeq` in order, at most `limit`; of all kinds, so that numbers have no gaps. */
  readonly read: (runId: string, afterSeq: number, limit: number) => Promise<readonly RunEvent[]>;
  /** Whether the run may still go on, and the number of its last event; undefined when there is no such run in the team. */
  readonly readHead: (
    teamId: string,
    runId: string,
  ) => Promise<{ readonly isOver: boolean; readonly lastSeq: number } | undefined>;
  /** Whether this process executes the run now. */
  readonly isOwn: (runId: string) => boolean;
}

const pageSize = 500;
/** What one subscriber may leave unread, in characters; beyond it reads from the store. */
const maxQueuedCharacters = 512 * 1024;
/** A run that nobody executes here is looked at so often; of others everything is told. */
const pollEveryMs = 500;
const pollOwnEveryMs = 10_000;

type Taken = Awaited<ReturnType<BoundedQueue<RunEvent>['take']>>;

/**
 * Stored events of runs on their way to subscribers of this process. Numbers have no gaps, so that a subscriber notices
 * when it missed something, for whatever reason, and reads that from the store.
 */
export class RunFeed {
  readonly #parts: RunFeedParts;
  readonly #subscribers = new Map<string, Set<BoundedQueue<RunEvent>>>();
  #isClosed = false;

  constructor(parts: RunFeedParts) {
    this.#parts = parts;
  }

  get subscriberCount(): number {
    let count = 0;
    for (const queues of this.#subscribers.values()) count += queues.size;
    return count;
  }

  /** Tells the subscribers of events that are stored. */
  publish(runId: string, events: readonly RunEvent[]): void {
    for (const queue of this.#subscribers.get(runId) ?? []) for (const event of events) queue.push(event);
  }

  /** Ends all subscriptions after what waits in their queues. */
  close(): void {
    this.#isClosed = true;
    for (const queues of this.#subscribers.values()) for (const queue of queues) queue.close();
  }

  /** See `RunService.follow`. */
  async *follow(teamId: string, runId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    let head = await this.#parts.readHead(teamId, runId);
    if (!head || signal.aborted) return;
    const queue = this.#attach(runId);
    const onAbort = () => queue.close();
    signal.addEventListener('abort', onAbort, { once: true });
    let cursor = afterSeq;
    let taking: Promise<Taken> | undefined;
    try {
      for (;;) {
        for await (const event of this.#replay(runId, cursor, signal)) {
          cursor = event.seq;
          if (isPublic(event)) yield event;
        }
        // Of a run that had ended everything was read.
        if (head.isOver && head.lastSeq === cursor) return;
        let isLive = true;
        while (isLive && !signal.aborted) {
          taking ??= queue.take();
          const taken = await this.#within(taking, this.#parts.isOwn(runId) ? pollOwnEveryMs : pollEveryMs);
          if (taken) taking = undefined;
          if (taken?.kind !== 'items') break;
          for (const event of taken.items) {
            if (event.seq <= cursor) continue;
            // Something is missing before it: it comes again from the store.
            if (event.seq > cursor + 1) isLive = false;
            if (!isLive) break;
            cursor = event.seq;
            if (isPublic(event)) yield event;
            if (event.type === 'run-finished') isLive = false;
          }
        }
        if (signal.aborted || this.#isClosed) return;
        head = await this.#parts.readHead(teamId, runId);
        if (!head || (head.isOver && head.lastSeq <= cursor)) return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#detach(runId, queue);
    }
  }

  /** What `taking` gives, or undefined when it takes longer than `withinMs`. */
  async #within(taking: Promise<Taken>, withinMs: number): Promise<Taken | undefined> {
    const limit = new AbortController();
    const pause = sleep(this.#parts.clock, withinMs, limit.signal).then(
      () => undefined,
      () => undefined,
    );
    const first = await Promise.race([taking, pause]);
    limit.abort();
    return first;
  }

  async *#replay(runId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    for (let cursor = afterSeq; !signal.aborted; ) {
      const page = await this.#parts.read(runId, cursor, pageSize);
      yield* page;
      cursor = page.at(-1)?.seq ?? cursor;
      if (page.length < pageSize) return;
    }
  }

  #attach(runId: string): BoundedQueue<RunEvent> {
    const queue = new BoundedQueue<RunEvent>({
      maxWeight: maxQueuedCharacters,
      weigh: (event) => 256 + ('text' in event ? event.text.length : 0),
      compact: (waiting) => waiting,
    });
    const queues = this.#subscribers.get(runId) ?? new Set();
    this.#subscribers.set(runId, queues.add(queue));
    return queue;
  }

  #detach(runId: string, queue: BoundedQueue<RunEvent>): void {
    queue.close();
    const queues = this.#subscribers.get(runId);
    queues?.delete(queue);
    if (queues?.size === 0) this.#subscribers.delete(runId);
  }
}

function isPublic(event: RunEvent): boolean {
  return publicTypeOf[event.type] !== undefined;
}
