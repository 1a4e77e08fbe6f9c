import type { ReplayDifference } from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';
import type { StoredReplay } from './replay-stored.ts';

const ReplayDifferenceType = builder.objectRef<ReplayDifference>('RouteReplayDifference').implement({
  description: 'One place in which a decision that was made again differs from the stored one.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Where in the plan: `candidates.0.modelId`.' }),
    stored: t.exposeString('stored', { description: 'What was decided, as JSON; `undefined` when absent.' }),
    replayed: t.exposeString('replayed', { description: 'What comes out now, as JSON; `undefined` when absent.' }),
  }),
});

export const ReplayType = builder.objectRef<StoredReplay>('RouteReplay').implement({
  description: 'A stored decision made again.',
  fields: (t) => ({
    isSame: t.boolean({
      nullable: true,
      description: 'Whether the same came out; null when it could not be made again.',
      resolve: (replay) => (replay.problem === undefined ? replay.isSame : null),
    }),
    problem: t.string({
      nullable: true,
      description: 'Why it could not be made again.',
      resolve: ({ problem }) => problem ?? null,
    }),
    differences: t.field({
      type: [ReplayDifferenceType],
      description: 'Where another result came out, the first 20 places.',
      resolve: (replay) => (replay.problem === undefined ? [...replay.differences] : []),
    }),
  }),
});
