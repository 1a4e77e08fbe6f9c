import { type ComparisonEvent, type ComparisonFact, compactEvents } from '@switchyard/core/events';
import { type Clock, type Log, toStorable } from '@switchyard/core/kernel';
import { EventHub, type EventStore, type LiveStream } from '../../events/index.ts';
import type { ComparisonChange } from './comparison-event-store.ts';

export type ComparisonHub = EventHub<ComparisonFact, ComparisonEvent, ComparisonChange>;
export type ComparisonStream = LiveStream<ComparisonFact, ComparisonEvent, ComparisonChange>;

/** A subscriber may hold about this many characters of unread deltas before it is caught up from the store instead. */
const maxQueuedCharacters = 256 * 1024;
/** What an event weighs beside its text. */
const eventOverheadCharacters = 128;

export function createComparisonHub(options: {
  readonly store: EventStore<ComparisonEvent, ComparisonChange>;
  readonly clock: Clock;
  readonly log: Log;
}): ComparisonHub {
  return new EventHub({
    ...options,
    // What a model or a provider wrote may hold anything; one text that cannot be stored would hold up all streams.
    number: (fact, seq) => ({ ...toStorable(fact), seq, atMs: options.clock.nowMs() }),
    queue: {
      maxWeight: maxQueuedCharacters,
      weigh: (event) => eventOverheadCharacters + ('text' in event ? event.text.length : 0),
      compact: compactEvents,
    },
  });
}
