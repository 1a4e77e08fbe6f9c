import { formatUsd } from '@switchyard/core/kernel';
import type { Comparison, Estimate } from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';
import { RoutingStrategyEnum } from './decision.types.ts';
import { RoutingRuleInput, RoutingWeightsInput } from './routing.inputs.ts';
import type { BackTestResult } from './run-back-test.ts';

interface NumberEstimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const EstimateType = builder.objectRef<NumberEstimate>('RoutingEstimate').implement({
  description: 'A mean with its 95 % interval.',
  fields: (t) => ({
    mean: t.exposeFloat('mean', { description: 'The mean.' }),
    low: t.exposeFloat('low', { description: 'Lower end.' }),
    high: t.exposeFloat('high', { description: 'Upper end.' }),
  }),
});

const EstimateComparisonType = builder.objectRef<Comparison<number>>('RoutingEstimateComparison').implement({
  description: 'How traffic fared and is estimated to fare under the draft. Null: not enough is known.',
  fields: (t) => ({
    recorded: t.field({
      type: EstimateType,
      nullable: true,
      description: 'As it was.',
      resolve: (c) => c.recorded ?? null,
    }),
    draft: t.field({
      type: EstimateType,
      nullable: true,
      description: 'With the draft.',
      resolve: (c) => c.draft ?? null,
    }),
  }),
});

const MoneyEstimateType = builder.objectRef<Estimate<bigint>>('RoutingMoneyEstimate').implement({
  description: 'A mean amount with its 95 % interval.',
  fields: (t) => ({
    meanUsd: t.field({ type: 'Decimal', description: 'The mean.', resolve: ({ mean }) => formatUsd(mean) }),
    lowUsd: t.field({ type: 'Decimal', description: 'Lower end.', resolve: ({ low }) => formatUsd(low) }),
    highUsd: t.field({ type: 'Decimal', description: 'Upper end.', resolve: ({ high }) => formatUsd(high) }),
  }),
});

const MoneyComparisonType = builder.objectRef<Comparison<bigint>>('RoutingMoneyComparison').implement({
  description: 'What a call cost and is estimated to cost under the draft. Null: not enough is known.',
  fields: (t) => ({
    recorded: t.field({
      type: MoneyEstimateType,
      nullable: true,
      description: 'As it was.',
      resolve: (c) => c.recorded ?? null,
    }),
    draft: t.field({
      type: MoneyEstimateType,
      nullable: true,
      description: 'With the draft.',
      resolve: (c) => c.draft ?? null,
    }),
  }),
});

const ModelShareType = builder
  .objectRef<{ readonly modelId: string; readonly recorded: number; readonly draft: number }>('RoutingModelShare')
  .implement({
    description: 'How much of the traffic a model gets.',
    fields: (t) => ({
      modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
      recorded: t.exposeFloat('recorded', { description: 'As it was, 0 to 1.' }),
      draft: t.exposeFloat('draft', { description: 'With the draft, 0 to 1.' }),
    }),
  });

export const BackTestSuccess = builder.objectRef<BackTestResult>('BackTestSuccess').implement({
  description: 'Recorded decisions planned anew.',
  fields: (t) => ({
    decisions: t.exposeInt('decisions', { description: 'How many were planned anew.' }),
    recorded: t.exposeInt('recorded', { description: 'How many there are of that time.' }),
    isSample: t.exposeBoolean('isSample', { description: 'Only the newest were looked at.' }),
    movedShare: t.exposeFloat('movedShare', { description: 'Share that would go elsewhere, 0 to 1.' }),
    unroutableShare: t.exposeFloat('unroutableShare', { description: 'Share for which no model would be left.' }),
    shares: t.field({
      type: [ModelShareType],
      description: 'By model, the largest first.',
      resolve: ({ recordedShares, draftShares }) =>
        [...new Set([...Object.keys(recordedShares), ...Object.keys(draftShares)])]
          .map((modelId) => ({ modelId, recorded: recordedShares[modelId] ?? 0, draft: draftShares[modelId] ?? 0 }))
          .sort((a, b) => b.draft - a.draft || b.recorded - a.recorded),
    }),
    costPerCall: t.field({ type: MoneyComparisonType, description: 'Cost of a call.', resolve: (r) => r.costNanoUsd }),
    latencyMs: t.field({
      type: EstimateComparisonType,
      description: 'Latency of a call.',
      resolve: (r) => r.latencyMs,
    }),
    quality: t.field({ type: EstimateComparisonType, description: 'Quality, 0 to 1.', resolve: (r) => r.quality }),
    coveredShare: t.exposeFloat('coveredShare', {
      description: 'How much of what the draft would do was ever tried: the estimates speak for this part only.',
    }),
    effectiveDecisions: t.exposeFloat('effectiveDecisions', {
      description: 'As how many independent decisions the weighted ones count.',
    }),
    isReliable: t.exposeBoolean('isReliable', { description: 'False: the figures of the draft are hints at most.' }),
  }),
});

export const BackTestInput = builder.inputType('BackTestRulesInput', {
  description: 'A draft and the traffic to try it on.',
  fields: (t) => ({
    rules: t.field({ type: [RoutingRuleInput], description: 'The draft; the published rules when absent.' }),
    strategy: t.field({ type: RoutingStrategyEnum, description: 'In place of the one that was used.' }),
    weights: t.field({ type: RoutingWeightsInput, description: 'In place of those that were used.' }),
    from: t.field({ type: 'DateTime', required: true, description: 'Decisions since then.' }),
    to: t.field({ type: 'DateTime', required: true, description: 'Decisions before then; 31 days at the most.' }),
  }),
});
