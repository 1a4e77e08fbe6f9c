import type { Random } from '@switchyard/core/kernel';
import { type EventBatch, type EventStore, type Sequenced, StreamLostError } from '../events/index.ts';

/** What the hub's tests publish. */
export interface TestEvent extends Sequenced {
  readonly text: string;
}

type Batch = EventBatch<TestEvent, string>;

/** An event store in memory with what can go wrong: it takes a random time, fails while told to, and checks numbers. */
export class MemoryEventStore implements EventStore<TestEvent, string> {
  /** Thrown by every `append` while set. */
  failure: Error | undefined;
  readonly changes: string[] = [];
  /** How many batches each `append` carried. */
  readonly appends: number[] = [];
  reads = 0;
  readonly #events = new Map<string, TestEvent[]>();
  readonly #closed = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #pause: () => Promise<void>;

  constructor(random?: Random) {
    // A few turns of the event loop, more or less: enough to let everything overtake everything.
    this.#pause = async () => {
      const turns = random ? Math.floor(random.next() * 4) : 0;
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
  }

  async append(batches: readonly Batch[]): Promise<void> {
    await this.#pause();
    if (this.failure) throw this.failure;
    if (batches.some((batch) => this.#lost.has(batch.streamId))) throw new StreamLostError('gone');
    for (const batch of batches) {
      const key = `${batch.teamId}/${batch.streamId}`;
      const stored = this.#events.get(key) ?? [];
      for (const [index, event] of batch.events.entries()) {
        if (event.seq !== stored.length + 1 + index) throw new StreamLostError(`${event.seq} was taken`);
      }
      this.#events.set(key, [...stored, ...batch.events]);
      this.changes.push(...batch.changes);
    }
    this.appends.push(batches.length);
    await this.#pause();
  }

  async read(teamId: string, streamId: string, afterSeq: number, limit: number): Promise<readonly TestEvent[]> {
    this.reads += 1;
    await this.#pause();
    const page = (this.#events.get(`${teamId}/${streamId}`) ?? []).slice(afterSeq, afterSeq + limit);
    await this.#pause();
    return page;
  }

  async isOpen(_teamId: string, streamId: string): Promise<boolean> {
    await this.#pause();
    return !this.#closed.has(streamId);
  }

  stored(teamId: string, streamId: string): readonly TestEvent[] {
    return this.#events.get(`${teamId}/${streamId}`) ?? [];
  }

  /** Nobody will add to the stream any more. */
  close(streamId: string): void {
    this.#closed.add(streamId);
  }

  /** The stream's owner was deleted. */
  lose(streamId: string): void {
    this.#lost.add(streamId);
    this.#closed.add(streamId);
  }
}
