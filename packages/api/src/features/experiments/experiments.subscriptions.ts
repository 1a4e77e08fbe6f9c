import { sleep } from '@switchyard/core/kernel';
import type { Services } from '../../container.ts';
import type { Experiment } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { ExperimentType } from './experiment.types.ts';

const ExperimentProgressType = builder.objectRef<Experiment>('ExperimentProgress').implement({
  description: 'How a test stands.',
  fields: (t) => ({
    doneItems: t.exposeInt('doneItems', { description: 'Items with all their answers.' }),
    plannedItems: t.exposeInt('plannedItems', { description: 'Items of the test.' }),
    experiment: t.prismaField({
      type: ExperimentType,
      nullable: true,
      description: 'The test as it is now; its results hold at every look. Null when it was deleted.',
      resolve: (query, { id, teamId }, _args, { services }) =>
        services.prisma.experiment.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
  }),
});

const lookEveryMs = 400;

/** How a test stands, whenever that has changed, whichever process executes it; ends with the test. */
async function* followTest(services: Services, first: Experiment, signal: AbortSignal): AsyncGenerator<Experiment> {
  let told: string | undefined;
  for (let row: Experiment | null = first; row; ) {
    const { id, teamId, doneItems, state, updatedAt } = row;
    const key = `${doneItems} ${state} ${updatedAt.getTime()}`;
    if (key !== told) yield row;
    told = key;
    if (state === 'ended') return;
    const isOver = await sleep(services.clock, lookEveryMs, signal).then(
      () => false,
      () => true,
    );
    if (isOver) return;
    row = await services.experiments.repository.find(teamId, id);
  }
}

/** Ends a wait at once when the client goes, which returning a generator that is suspended in one would not. */
function endedBy<Value>(inner: AsyncGenerator<Value>, abort: AbortController): AsyncIterableIterator<Value> {
  return {
    next: () => inner.next(),
    return: async () => {
      abort.abort();
      inner.return(undefined).catch(() => {});
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

builder.subscriptionField('experimentProgress', (t) =>
  t.field({
    type: ExperimentProgressType,
    description: 'How a test stands, at once and whenever it has changed. Completes when the test has ended.',
    args: { experimentId: t.arg.globalID({ required: true, description: 'The test.', for: ExperimentType }) },
    subscribe: async (_root, { experimentId }, { services, identity }) => {
      const row = await services.experiments.repository.find(identity.teamId, experimentId.id);
      if (!row) throw badInput('There is no such test in your team.');
      const abort = new AbortController();
      return endedBy(followTest(services, row, abort.signal), abort);
    },
    resolve: (row) => row,
  }),
);
