import type { ComparisonEvent } from '@switchyard/core/events';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { ComparisonType } from './comparison.types.ts';
import { ComparisonEventType, type DeliveredEvent } from './comparison-event.types.ts';

const marked = new WeakMap<ComparisonEvent, DeliveredEvent>();

/** The event with its comparison: the same object for all subscribers, so that they share its answers too. */
function markEvent(event: ComparisonEvent, comparisonId: string): DeliveredEvent {
  const known = marked.get(event);
  if (known) return known;
  const delivered = { ...event, comparisonId } as DeliveredEvent;
  marked.set(event, delivered);
  return delivered;
}

/** The events of one comparison of the caller's team, as `EventHub.subscribe` gives them, each marked with its comparison. */
function subscribeToComparison(
  services: Services,
  identity: Identity,
  comparisonId: string,
  afterSeq: number,
): AsyncIterableIterator<DeliveredEvent> {
  const abort = new AbortController();
  const events = services.comparisonHub.subscribe(identity.teamId, comparisonId, afterSeq, abort.signal);
  const deliver = (result: IteratorResult<ComparisonEvent>): IteratorResult<DeliveredEvent> =>
    result.done ? { done: true, value: undefined } : { done: false, value: markEvent(result.value, comparisonId) };
  return {
    next: async () => deliver(await events.next()),
    // Ends a wait for the next event at once, which returning a generator that is suspended in one would not.
    return: async () => {
      abort.abort();
      events.return().catch(() => {});
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

builder.subscriptionField('comparisonEvents', (t) =>
  t.field({
    type: ComparisonEventType,
    description:
      'Everything that happens in a comparison: first what was stored after `afterSeq`, then what happens from now on, each event exactly once and in order. Completes when all lanes are over.',
    args: {
      comparisonId: t.arg.globalID({ required: true, description: 'The comparison.', for: ComparisonType }),
      afterSeq: t.arg.int({ defaultValue: 0, description: 'The number of the last event you have; 0 for all.' }),
    },
    subscribe: async (_root, { comparisonId, afterSeq }, { services, identity }) => {
      if ((afterSeq ?? 0) < 0) throw badInput('afterSeq is 0 or the number of an event.');
      const comparison = await services.comparisons.find(identity.teamId, comparisonId.id);
      if (!comparison) throw badInput('There is no such comparison in your team.');
      return subscribeToComparison(services, identity, comparison.id, afterSeq ?? 0);
    },
    resolve: (event) => event as never,
  }),
);
