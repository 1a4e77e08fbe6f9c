import { builder } from '../../graphql/builder.ts';
import { ForbiddenFailure, ValidationFailure } from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { type RunRetention, readRunRetention, setRunRetention } from './set-run-retention.ts';

const RunRetentionType = builder.objectRef<RunRetention>('RunRetention').implement({
  description: 'How long runs are kept after their end. Previews of single steps are kept for a day.',
  fields: (t) => ({
    days: t.int({
      description: 'How many days.',
      resolve: ({ ownDays, installationDays }) => ownDays ?? installationDays,
    }),
    ownDays: t.int({
      nullable: true,
      description: 'What your team decided; null while the installation decides.',
      resolve: ({ ownDays }) => ownDays ?? null,
    }),
    installationDays: t.exposeInt('installationDays', { description: 'What holds where a team decided nothing.' }),
  }),
});

const SetRunRetentionInput = builder.inputType('SetRunRetentionInput', {
  description: 'How long runs are kept.',
  fields: (t) => ({ keepDays: t.int({ description: '1 to 3,650 days; null leaves it to the installation.' }) }),
});

const SetRunRetentionSuccess = builder.objectRef<RunRetention>('SetRunRetentionSuccess').implement({
  description: 'It is decided. Older runs are deleted within the hour; what is gone does not come back.',
  fields: (t) => ({
    retention: t.field({ type: RunRetentionType, description: 'What holds now.', resolve: (retention) => retention }),
  }),
});

builder.queryFields((t) => ({
  runRetention: t.field({
    type: RunRetentionType,
    description: "How long your team's runs are kept.",
    resolve: (_root, _args, { services, identity }) => readRunRetention(services, identity.teamId),
  }),
}));

builder.mutationFields((t) => ({
  setRunRetention: t.field({
    type: SetRunRetentionSuccess,
    description:
      "Decides how long your team's runs are kept after their end, with their events. Needs the scope MANAGE; `routingAudit` of the scope `runs` tells who did.",
    errors: outcomes('SetRunRetentionResult', ValidationFailure, ForbiddenFailure),
    args: { input: t.arg({ type: SetRunRetentionInput, required: true, description: 'What to keep.' }) },
    resolve: (_root, { input }, { services, identity }) => setRunRetention(services, identity, input),
  }),
}));
