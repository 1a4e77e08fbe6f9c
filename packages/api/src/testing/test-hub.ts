import { type Clock, silentLog } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import { EventHub } from '../events/index.ts';
import type { MemoryEventStore, TestEvent } from './memory-event-store.ts';

export type TestFact = Pick<TestEvent, 'text'>;
export type TestHub = EventHub<TestFact, TestEvent, string>;

/** A hub over `store` whose events weigh one each and are never compacted, unless told otherwise. */
export function createTestHub(
  store: MemoryEventStore,
  options: { readonly maxWeight?: number; readonly clock?: Clock } = {},
): TestHub {
  return new EventHub<TestFact, TestEvent, string>({
    store,
    clock: options.clock ?? systemClock,
    log: silentLog,
    number: (fact, seq) => ({ ...fact, seq, atMs: 0 }),
    queue: { maxWeight: options.maxWeight ?? 1_000, weigh: () => 1, compact: (waiting) => waiting },
  });
}

/** Reads a subscription to its end, or until it has `count` events. */
export async function readEvents(
  events: AsyncIterable<TestEvent>,
  count = Number.POSITIVE_INFINITY,
): Promise<TestEvent[]> {
  const seen: TestEvent[] = [];
  if (count === 0) return seen;
  for await (const event of events) {
    seen.push(event);
    if (seen.length >= count) break;
  }
  return seen;
}

/** Stores all that was published on a stream and ends it, as a finished run does. */
export async function finishStream(hub: TestHub, store: MemoryEventStore, streamId: string): Promise<void> {
  const stream = hub.get(streamId);
  if (!stream) return;
  await hub.flush(stream);
  store.close(streamId);
  hub.close(streamId);
}

export const facts = (...texts: string[]): TestFact[] => texts.map((text) => ({ text }));
export const never = new AbortController().signal;
