import { builder } from '../../graphql/builder.ts';
import type { StoredLimits } from './lane-limits-input.ts';

export const ModelLimitsInput = builder.inputType('ModelLimitsInput', {
  description: 'What one model may use for one answer, all its attempts together.',
  fields: (t) => ({
    costLimitUsd: t.field({
      type: 'Decimal',
      description: 'The most that it may cost. A call that may cost more is not made.',
    }),
    tokenLimit: t.int({ description: 'The most tokens of input and output together.' }),
    latencyTargetMs: t.int({
      description: 'How long the answer should take at most; a slower one stands and is told.',
    }),
    dropIfOverBudget: t.boolean({
      description: 'Over a limit: true (the default) asks the next model, false ends with the refusal.',
    }),
  }),
});

export const ModelLimitsType = builder.objectRef<StoredLimits>('ModelLimits').implement({
  description: 'What one model may use for one answer, all its attempts together.',
  fields: (t) => ({
    costLimitUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The most that it may cost.',
      resolve: ({ costLimitUsd }) => costLimitUsd ?? null,
    }),
    tokenLimit: t.int({
      nullable: true,
      description: 'The most tokens of input and output together.',
      resolve: ({ tokenLimit }) => tokenLimit ?? null,
    }),
    latencyTargetMs: t.int({
      nullable: true,
      description: 'How long the answer should take at most.',
      resolve: ({ latencyTargetMs }) => latencyTargetMs ?? null,
    }),
    dropIfOverBudget: t.boolean({
      description: 'Whether the next model is asked when this one is over a limit.',
      resolve: ({ dropIfOverBudget }) => dropIfOverBudget ?? true,
    }),
  }),
});

export const ComparisonLaneInput = builder.inputType('ComparisonLaneInput', {
  description: 'A model of a comparison, with what it may use and who stands in for it.',
  fields: (t) => ({
    model: t.string({ required: true, description: '`provider/model`, an alias or a chain.' }),
    limits: t.field({ type: ModelLimitsInput, description: 'What it may use; absent: what budgets leave.' }),
    fallbacks: t.stringList({ description: 'Asked in order when it cannot answer or may not: at most five.' }),
  }),
});
