import { builder } from '../../graphql/builder.ts';
import { ForbiddenFailure, ValidationFailure } from '../../user-errors.ts';
import { type RecordRetention, readRecordRetention, setRecordRetention } from './set-record-retention.ts';

const RecordRetentionType = builder.objectRef<RecordRetention>('CallRecordRetention').implement({
  description: 'How long call records are kept one by one. Figures by day stay for good.',
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

const SetCallRecordRetentionInput = builder.inputType('SetCallRecordRetentionInput', {
  description: 'How long call records are kept.',
  fields: (t) => ({
    recordDays: t.int({ description: '2 to 3,650 days; null leaves it to the installation.' }),
  }),
});

const SetCallRecordRetentionSuccess = builder.objectRef<RecordRetention>('SetCallRecordRetentionSuccess').implement({
  description: 'It is decided. What is older is deleted in small portions; what is gone does not come back.',
  fields: (t) => ({
    retention: t.field({
      type: RecordRetentionType,
      description: 'What holds now.',
      resolve: (retention) => retention,
    }),
  }),
});

builder.queryFields((t) => ({
  callRecordRetention: t.field({
    type: RecordRetentionType,
    description: "How long your team's call records are kept.",
    resolve: (_root, _args, { services, identity }) => readRecordRetention(services, identity.teamId),
  }),
}));

builder.mutationFields((t) => ({
  setCallRecordRetention: t.field({
    type: SetCallRecordRetentionSuccess,
    description:
      "Decides how long your team's call records are kept one by one. Needs the scope MANAGE; `routingAudit` of the scope `metrics` tells who did.",
    errors: {
      types: [ValidationFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SetCallRecordRetentionResult', description: 'What holds now, or why nothing was changed.' },
    },
    args: { input: t.arg({ type: SetCallRecordRetentionInput, required: true, description: 'What to keep.' }) },
    resolve: (_root, { input }, { services, identity }) => setRecordRetention(services, identity, input),
  }),
}));
