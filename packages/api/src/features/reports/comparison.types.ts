import { formatUsd } from '@switchyard/core/kernel';
import type { MeasuredCriterion, RankRange, ReportCriterion } from '@switchyard/core/reports';
import {
  type ComparedSubject,
  type CriterionResult,
  reportCriteria,
  type SureDifference,
} from '@switchyard/core/reports';
import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enums.ts';
import { embedded } from '../runs/embedded.ts';
import { type ModelTier, modelTiers, type ProviderComparison } from './compare-providers.ts';

export const ModelTierEnum = builder.enumType('ModelTier', {
  description: 'The class of a model, by its price or its size.',
  values: valuesOf<ModelTier>(
    {
      frontier: 'The best that vendors sell.',
      strong: 'Good at most things.',
      fast: 'Quick and cheap.',
      small: 'The cheapest.',
    },
    modelTiers,
  ),
});

const ReportCriterionEnum = builder.enumType('ReportCriterion', {
  description: 'By what providers and models are compared.',
  values: valuesOf<ReportCriterion>(
    {
      latency: 'Median time until the whole answer, in milliseconds; less is better.',
      cost: 'Cost of all calls per success, in USD; less is better.',
      quality: 'Mean of the judgements, 0 to 1; more is better.',
      reliability: 'Share of successes, 0 to 1; more is better.',
    },
    reportCriteria,
  ),
});

const RankRangeType = builder.objectRef<RankRange>('RankRange').implement({
  description: 'The places that the data leave open: 1 and 1 is the first for sure, 1 and 2 one of the first two.',
  fields: (t) => ({
    best: t.exposeInt('best', { description: 'The best place that it may have.' }),
    worst: t.exposeInt('worst', { description: 'The worst place that it may have.' }),
  }),
});

const measuredOf = ({ measured }: CriterionResult): MeasuredCriterion | undefined =>
  measured.kind === 'measured' ? measured : undefined;

const CriterionResultType = builder.objectRef<CriterionResult>('CriterionResult').implement({
  description: 'One provider or model by one criterion.',
  fields: (t) => ({
    criterion: t.field({
      type: ReportCriterionEnum,
      description: 'Which.',
      resolve: ({ criterion }) => criterion,
    }),
    value: t.float({
      nullable: true,
      description: 'In the unit of the criterion; null when it cannot be told.',
      resolve: (result) => measuredOf(result)?.value ?? null,
    }),
    low: t.float({
      nullable: true,
      description: 'The true value is at least this, with 95 %.',
      resolve: (result) => measuredOf(result)?.interval.low ?? null,
    }),
    high: t.float({
      nullable: true,
      description: 'The true value is at most this, with 95 %.',
      resolve: (result) => measuredOf(result)?.interval.high ?? null,
    }),
    samples: t.int({
      nullable: true,
      description: 'Of how many calls, or judged answers.',
      resolve: (result) => measuredOf(result)?.samples ?? null,
    }),
    rank: t.field({
      complexity: embedded,
      type: RankRangeType,
      nullable: true,
      description: 'Its places among those that can be told.',
      resolve: ({ rank }) => rank ?? null,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it cannot be told.',
      resolve: ({ measured }) => (measured.kind === 'measured' ? null : measured.message),
    }),
  }),
});

interface SubjectOf {
  readonly compared: ComparedSubject;
  readonly comparison: ProviderComparison;
}

const ComparedSubjectType = builder.objectRef<SubjectOf>('ComparedSubject').implement({
  description: 'A provider or model beside others.',
  fields: (t) => ({
    value: t.string({
      description: 'The value to filter by: the provider, or `provider/model`.',
      resolve: ({ compared }) => compared.subject.key,
    }),
    tier: t.field({
      type: ModelTierEnum,
      nullable: true,
      description: 'The class of the model; null for providers and where nothing tells.',
      resolve: ({ compared, comparison }) => comparison.tierOf(compared) ?? null,
    }),
    calls: t.float({ description: 'How many calls.', resolve: ({ compared }) => compared.subject.calls }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What they cost, as far as it is known.',
      resolve: ({ compared }) => formatUsd(compared.subject.costNanoUsd),
    }),
    latencyP95Ms: t.float({
      nullable: true,
      description: '95 of 100 answers were whole by then.',
      resolve: ({ compared }) => compared.subject.latencyP95?.valueMs ?? null,
    }),
    latencyP95LowMs: t.float({
      nullable: true,
      description: 'Its interval of 95 % begins here; null below 72 successes.',
      resolve: ({ compared }) => compared.subject.latencyP95?.interval?.low ?? null,
    }),
    latencyP95HighMs: t.float({
      nullable: true,
      description: 'Its interval of 95 % ends here; null below 72 successes.',
      resolve: ({ compared }) => compared.subject.latencyP95?.interval?.high ?? null,
    }),
    criteria: t.field({
      complexity: embedded,
      type: [CriterionResultType],
      description: 'By each criterion: latency, cost, quality, reliability.',
      resolve: ({ compared }) => [...compared.criteria],
    }),
    overall: t.field({
      complexity: embedded,
      type: RankRangeType,
      nullable: true,
      description:
        'One stands before another when it is surely better by a criterion and surely worse by none; null when nothing can be told of it.',
      resolve: ({ compared }) => compared.overall ?? null,
    }),
  }),
});

const SureDifferenceType = builder.objectRef<SureDifference>('SureDifference').implement({
  description: 'Two of which one is surely better.',
  fields: (t) => ({
    criterion: t.field({ type: ReportCriterionEnum, description: 'By what.', resolve: ({ criterion }) => criterion }),
    better: t.exposeString('better', { description: 'Which is better.' }),
    worse: t.exposeString('worse', { description: 'Which is worse.' }),
    pValue: t.exposeFloat('pValue', { description: 'Adjusted for all pairs of the criterion (Holm); at most 0.05.' }),
  }),
});

export const ProviderComparisonType = builder.objectRef<ProviderComparison>('ProviderComparison').implement({
  description: 'Providers or models side by side.',
  fields: (t) => ({
    subjects: t.field({
      complexity: embedded,
      type: [ComparedSubjectType],
      description: 'The best first; those that cannot be told apart share their places.',
      resolve: (comparison) => comparison.subjects.map((compared) => ({ compared, comparison })),
    }),
    differences: t.field({
      complexity: embedded,
      type: [SureDifferenceType],
      description: 'All differences that are more than chance.',
      resolve: ({ differences }) => [...differences],
    }),
  }),
});
