import { BoundedQueue } from '@switchyard/core/kernel';
import type { EventBatch, Sequenced } from './event-store.ts';

/** How the waiting events of one subscriber are measured and shortened. */
export interface QueuePolicy<Event> {
  readonly maxWeight: number;
  readonly weigh: (event: Event) => number;
  readonly compact: (waiting: readonly Event[]) => readonly Event[];
}

/**
 * One stream that this process adds to. Events are numbered here, wait until they are stored, and only then reach the
 * subscribers, so that whatever a subscriber has seen survives the death of the process.
 */
export class LiveStream<Fact, Event extends Fact & Sequenced, Change> {
  readonly teamId: string;
  readonly streamId: string;
  readonly #number: (fact: Fact, seq: number) => Event;
  readonly #onPending: () => void;
  readonly #subscribers = new Set<BoundedQueue<Event>>();
  #nextSeq: number;
  #pending: Event[] = [];
  #changes: Change[] = [];
  /** Events already shown to subscribers although the store could not take them yet. */
  #shown = 0;
  #deliveredSeq: number;
  #isLost = false;

  constructor(options: {
    teamId: string;
    streamId: string;
    lastSeq: number;
    number: (fact: Fact, seq: number) => Event;
    onPending: () => void;
  }) {
    this.teamId = options.teamId;
    this.streamId = options.streamId;
    this.#nextSeq = options.lastSeq + 1;
    this.#deliveredSeq = options.lastSeq;
    this.#number = options.number;
    this.#onPending = options.onPending;
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** The last event that was given to subscribers: who attaches now is given those after it. */
  get deliveredSeq(): number {
    return this.#deliveredSeq;
  }

  /** Adds `facts`, in order, with the row `changes` that belong to them. Never waits; a lost stream takes nothing. */
  publish(facts: readonly Fact[], changes: readonly Change[] = []): void {
    if (facts.length === 0 || this.#isLost) return;
    for (const fact of facts) {
      this.#pending.push(this.#number(fact, this.#nextSeq));
      this.#nextSeq += 1;
    }
    this.#changes.push(...changes);
    this.#onPending();
  }

  /** What is to be stored next, without taking it away: {@link confirm} does that once it is stored. */
  peek(): EventBatch<Event, Change> {
    return { teamId: this.teamId, streamId: this.streamId, events: [...this.#pending], changes: [...this.#changes] };
  }

  /** The batch is stored: forget it and show what the subscribers have not seen yet. */
  confirm(batch: EventBatch<Event, Change>): void {
    this.#deliver(batch.events.slice(this.#shown));
    this.#shown = Math.max(0, this.#shown - batch.events.length);
    this.#pending.splice(0, batch.events.length);
    this.#changes.splice(0, batch.changes.length);
  }

  /** The store is out of order: show what waits all the same, so that nobody's answer stands still. */
  showUnstored(): void {
    this.#deliver(this.#pending.slice(this.#shown));
    this.#shown = this.#pending.length;
  }

  /** Events that are numbered but not stored, after `afterSeq`; a replay needs them when the store is out of order. */
  shownAfter(afterSeq: number): readonly Event[] {
    return this.#pending.slice(0, this.#shown).filter((event) => event.seq > afterSeq);
  }

  attach(policy: QueuePolicy<Event>): BoundedQueue<Event> {
    const queue = new BoundedQueue<Event>(policy);
    this.#subscribers.add(queue);
    return queue;
  }

  detach(queue: BoundedQueue<Event>): void {
    this.#subscribers.delete(queue);
    queue.close();
  }

  /** Forgets what waits and ends all subscriptions: the stream can never be stored again. */
  discard(): void {
    this.#isLost = true;
    this.#pending = [];
    this.#changes = [];
    this.#shown = 0;
    this.closeSubscribers();
  }

  /** Ends all subscriptions after what waits in their queues. */
  closeSubscribers(): void {
    for (const queue of this.#subscribers) queue.close();
    this.#subscribers.clear();
  }

  #deliver(events: readonly Event[]): void {
    for (const event of events) {
      this.#deliveredSeq = event.seq;
      for (const queue of this.#subscribers) queue.push(event);
    }
  }
}
