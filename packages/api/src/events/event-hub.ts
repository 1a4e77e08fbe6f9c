import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import { type EventStore, type Sequenced, StreamLostError } from './event-store.ts';
import { LiveStream, type QueuePolicy } from './live-stream.ts';

export interface EventHubOptions<Fact, Event extends Fact & Sequenced, Change> {
  readonly store: EventStore<Event, Change>;
  readonly clock: Clock;
  readonly log: Log;
  readonly number: (fact: Fact, seq: number) => Event;
  readonly queue: QueuePolicy<Event>;
}

/** After so many failures each stream is stored alone, so that one that can never be stored holds up no other. */
const triesTogether = 2;
const retryDelaysMs = [100, 500, 1_000, 2_000, 5_000];

/**
 * The event bus of this process: numbered, stored, replayable streams with one bounded queue per subscriber.
 *
 * All streams share one writer, so many small batches become one transaction (group commit). A subscriber that falls
 * behind costs no memory: its queue overflows and it reads what it missed from the store.
 */
export class EventHub<Fact, Event extends Fact & Sequenced, Change> {
  readonly #options: EventHubOptions<Fact, Event, Change>;
  readonly #streams = new Map<string, LiveStream<Fact, Event, Change>>();
  readonly #waiters: (() => void)[] = [];
  #writing: Promise<void> | undefined;
  #failures = 0;

  constructor(options: EventHubOptions<Fact, Event, Change>) {
    this.#options = options;
  }

  get subscriberCount(): number {
    let count = 0;
    for (const stream of this.#streams.values()) count += stream.subscriberCount;
    return count;
  }

  get(streamId: string): LiveStream<Fact, Event, Change> | undefined {
    return this.#streams.get(streamId);
  }

  /** Makes this process the one that adds to the stream. `lastSeq` is the number of its last stored event, else 0. */
  open(teamId: string, streamId: string, lastSeq: number): LiveStream<Fact, Event, Change> {
    const existing = this.#streams.get(streamId);
    if (existing) return existing;
    const stream = new LiveStream<Fact, Event, Change>({
      teamId,
      streamId,
      lastSeq,
      number: this.#options.number,
      onPending: () => this.#startWriting(),
    });
    this.#streams.set(streamId, stream);
    return stream;
  }

  /** Ends the subscriptions of a stream whose events are all stored (see {@link flush}) and forgets it. */
  close(streamId: string): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    if (stream.hasPending) throw new Error(`The stream ${streamId} still has events to store.`);
    this.#streams.delete(streamId);
    stream.closeSubscribers();
  }

  /** Resolves when everything published on `stream` until now is stored. */
  async flush(stream: LiveStream<Fact, Event, Change>): Promise<void> {
    while (stream.hasPending) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /**
   * The events of a stream after `afterSeq`: first the stored ones, then the live ones, each exactly once and in order.
   * Ends when the stream is over and everything was delivered. A stream that another process adds to is polled.
   */
  async *subscribe(
    teamId: string,
    streamId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): AsyncGenerator<Event, void, undefined> {
    let cursor = afterSeq;
    while (!signal.aborted) {
      const stream = this.#streams.get(streamId);
      if (stream && stream.teamId !== teamId) return;
      const deliveredSeq = stream?.deliveredSeq ?? 0;
      const queue = stream?.attach(this.#options.queue);
      const onAbort = () => queue?.close();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        for (let isCaughtUp = false; !isCaughtUp && !signal.aborted; ) {
          for await (const event of this.#replay(teamId, streamId, cursor, signal)) {
            cursor = event.seq;
            yield event;
          }
          const shown = stream?.shownAfter(cursor) ?? [];
          // Events that were only shown may have got stored while the last page was being read: then read once more.
          if (shown[0] && shown[0].seq > cursor + 1) continue;
          for (const event of shown) {
            cursor = event.seq;
            yield event;
          }
          isCaughtUp = cursor >= deliveredSeq || this.#streams.get(streamId) !== stream;
        }
        // A stream that was closed meanwhile is read from the store alone: its queue begins after what is missing.
        while (queue && cursor >= deliveredSeq && !signal.aborted) {
          const taken = await queue.take();
          if (taken.kind !== 'items') break;
          for (const event of taken.items) {
            if (event.seq <= cursor) continue;
            cursor = event.seq;
            yield event;
          }
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        if (stream && queue) stream.detach(queue);
      }
      if (signal.aborted) return;
      if (this.#streams.has(streamId)) continue;
      const isOpen = await this.#options.store.isOpen(teamId, streamId);
      const missed = await this.#options.store.read(teamId, streamId, cursor, 1);
      if (missed.length > 0 || this.#streams.has(streamId)) continue;
      if (!isOpen) return;
      await sleep(this.#options.clock, 250, signal).catch(() => {});
    }
  }

  async *#replay(teamId: string, streamId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<Event> {
    let cursor = afterSeq;
    while (!signal.aborted) {
      const page = await this.#options.store.read(teamId, streamId, cursor, 500);
      if (page.length === 0) return;
      yield* page;
      cursor = page.at(-1)?.seq ?? cursor;
    }
  }

  #startWriting(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#pendingStreams().length > 0) this.#startWriting();
    });
  }

  #pendingStreams(): LiveStream<Fact, Event, Change>[] {
    return [...this.#streams.values()].filter((stream) => stream.hasPending);
  }

  async #write(): Promise<void> {
    // Everything published in this turn of the event loop goes into the first transaction.
    await Promise.resolve();
    for (let streams = this.#pendingStreams(); streams.length > 0; streams = this.#pendingStreams()) {
      try {
        await this.#store(streams);
        this.#failures = 0;
      } catch (error) {
        const delayMs = retryDelaysMs[Math.min(this.#failures, retryDelaysMs.length - 1)] ?? 5_000;
        this.#failures += 1;
        this.#options.log.error(
          { error: String(error), streams: streams.length, failures: this.#failures, retryInMs: delayMs },
          'events could not be stored; they are kept in memory and tried again',
        );
        for (const stream of streams) stream.showUnstored();
        await sleep(this.#options.clock, delayMs);
      }
      for (const wake of this.#waiters.splice(0)) wake();
    }
  }

  /**
   * Stores what waits in `streams`: in one transaction, or one by one when a single stream spoils it, or may spoil it
   * because several tries have failed. Throws the last error when something could not be stored.
   */
  async #store(streams: readonly LiveStream<Fact, Event, Change>[]): Promise<void> {
    const batches = streams.map((stream) => stream.peek());
    try {
      await this.#options.store.append(batches);
      streams.forEach((stream, index) => {
        const batch = batches[index];
        if (batch) stream.confirm(batch);
      });
    } catch (error) {
      const isLost = error instanceof StreamLostError;
      const [only] = streams;
      if (only && streams.length === 1) {
        if (!isLost) throw error;
        this.#lose(only, error);
        return;
      }
      if (!isLost && this.#failures < triesTogether) throw error;
      let last: unknown;
      for (const stream of streams) await this.#store([stream]).catch((own: unknown) => (last = own));
      if (last !== undefined) throw last;
    }
  }

  #lose(stream: LiveStream<Fact, Event, Change>, error: Error): void {
    this.#options.log.error({ streamId: stream.streamId, error: error.message }, 'an event stream was lost');
    this.#streams.delete(stream.streamId);
    stream.discard();
  }
}
