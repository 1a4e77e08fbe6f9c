import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { type DeliveredRunEvent, deliverRunEvent } from './deliver-run-event.ts';
import { RunType } from './run.types.ts';
import { RunEventType, runEventTypeName } from './run-event.types.ts';
import type { PublicRunEvent } from './run-service.ts';

/** The events of one run of the caller's team, as `RunService.follow` gives them, each marked with its run. */
function subscribeToRun(
  services: Services,
  { teamId }: Identity,
  runId: string,
  afterSeq: number,
): AsyncIterableIterator<DeliveredRunEvent> {
  const abort = new AbortController();
  const events = services.runs.follow(teamId, runId, afterSeq, abort.signal);
  const next = async (): Promise<IteratorResult<DeliveredRunEvent>> => {
    for (;;) {
      const result: IteratorResult<PublicRunEvent> = await events.next();
      if (result.done) return { done: true, value: undefined };
      const delivered = deliverRunEvent(result.value, runId);
      if (runEventTypeName(delivered) !== undefined) return { done: false, value: delivered };
    }
  };
  return {
    next,
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

builder.subscriptionField('runEvents', (t) =>
  t.field({
    type: RunEventType,
    description:
      'Everything that happens in a run: first what was stored after `afterSeq`, then what happens from now on, each event exactly once and in order. Completes when the run is over.',
    args: {
      runId: t.arg.globalID({ required: true, description: 'The run.', for: RunType }),
      afterSeq: t.arg.int({ defaultValue: 0, description: 'The number of the last event you have; 0 for all.' }),
    },
    subscribe: async (_root, { runId, afterSeq }, { services, identity }) => {
      if ((afterSeq ?? 0) < 0) throw badInput('afterSeq is 0 or the number of an event.');
      const run = await services.runs.find(identity.teamId, runId.id);
      if (!run) throw badInput('There is no such run in your team.');
      return subscribeToRun(services, identity, run.id, afterSeq ?? 0);
    },
    resolve: (event) => event as never,
  }),
);
