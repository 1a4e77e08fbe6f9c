import type {
  AdjustedLook,
  EndLook,
  ExperimentResults,
  MetricResult,
  VariantResult,
  VariantSummary,
} from '@switchyard/core/experiments';
import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';

interface ShownEffect {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number | undefined;
  readonly pValue: number | undefined;
}

/** What `results` costs is paid by the field that computes them. */
const inMemory = { field: 0, multiplier: 1 };

const EffectType = builder.objectRef<ShownEffect>('ExperimentEffect').implement({
  description: 'A difference, variant minus baseline, in the unit of the metric, with its interval.',
  fields: (t) => ({
    estimate: t.exposeFloat('estimate', { description: 'The best guess.' }),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    confidence: t.float({
      nullable: true,
      description: 'What the interval promises, for example 0.95.',
      resolve: ({ confidence }) => confidence ?? null,
    }),
    pValue: t.float({
      nullable: true,
      description: 'How surprising this would be without any difference; null for quantiles.',
      resolve: ({ pValue }) => pValue ?? null,
    }),
  }),
});

const CountType = builder.objectRef<readonly [reason: string, count: number]>('ExperimentCount').implement({
  description: 'How often something happened.',
  fields: (t) => ({
    reason: t.string({
      description: 'What: an error kind, a reason of a scorer, or what spoilt an answer.',
      resolve: ([reason]) => reason,
    }),
    count: t.int({ description: 'How often.', resolve: ([, count]) => count }),
  }),
});

const countsOf = (counts: Readonly<Record<string, number>>) => Object.entries(counts);

const EndLookType = builder.objectRef<EndLook>('ExperimentEndLook').implement({
  description: 'A difference by the ordinary test for one look.',
  fields: (t) => ({
    method: t.exposeString('method', {
      description: '`mcnemar` (exact, for yes and no), `paired-t`, or `clustered` (CR3 errors by cluster).',
    }),
    estimate: t.exposeFloat('estimate', { description: 'Variant minus baseline.' }),
    low: t.float({ description: 'Lower end of the 95 % interval.', resolve: ({ interval }) => interval.low }),
    high: t.float({ description: 'Upper end.', resolve: ({ interval }) => interval.high }),
    pValue: t.exposeFloat('pValue', { description: 'How surprising this would be without any difference.' }),
    midPValue: t.float({
      nullable: true,
      description: 'Of the exact test: the mid-p value, closer to its level.',
      resolve: ({ midPValue }) => midPValue ?? null,
    }),
    holmPValue: t.float({
      nullable: true,
      description:
        "Holm's correction over all variants and the metrics that decide; null for metrics that are only shown.",
      resolve: ({ holmPValue }) => holmPValue ?? null,
    }),
    n: t.exposeInt('n', { description: 'Items with a pair.' }),
    clusters: t.int({
      nullable: true,
      description: 'Clusters that they are in, which is what counts; null without any.',
      resolve: ({ clusters }) => clusters ?? null,
    }),
    cautions: t.stringList({
      description: '`few-values` or `few-clusters`.',
      resolve: ({ cautions }) => [...cautions],
    }),
  }),
});

const AdjustedLookType = builder.objectRef<AdjustedLook>('ExperimentAdjustedLook').implement({
  description: 'A difference moved to what all items would show (CUPED).',
  fields: (t) => ({
    covariate: t.exposeString('covariate', {
      description:
        '`history`: what the model of the baseline reached on the item in an earlier test. `length`: of the input.',
    }),
    estimate: t.exposeFloat('estimate', { description: 'Variant minus baseline.' }),
    low: t.float({ description: 'Lower end of the 95 % interval.', resolve: ({ interval }) => interval.low }),
    high: t.float({ description: 'Upper end.', resolve: ({ interval }) => interval.high }),
    pValue: t.exposeFloat('pValue', { description: 'For one look, like that of `atEnd`.' }),
    varianceSaved: t.exposeFloat('varianceSaved', {
      description: 'Share of the variance of the estimate that is gone, 0 to 1; nothing when all items are in.',
    }),
    n: t.exposeInt('n', { description: 'Items with a pair.' }),
  }),
});

const MetricResultType = builder.objectRef<MetricResult>('ExperimentMetricResult').implement({
  description: 'One metric of a variant against the baseline.',
  fields: (t) => ({
    metric: t.exposeString('metric', { description: 'For example `success`, `latencyMs` or `score:right`.' }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'Whether the test is decided by it.' }),
    isGuardrail: t.exposeBoolean('isGuardrail', { description: 'Whether it must not get worse.' }),
    baselineMean: t.float({
      nullable: true,
      description: 'Mean of the baseline over the pairs.',
      resolve: ({ baselineMean }) => baselineMean ?? null,
    }),
    variantMean: t.float({
      nullable: true,
      description: 'Mean of the variant over the pairs.',
      resolve: ({ variantMean }) => variantMean ?? null,
    }),
    pairs: t.exposeInt('pairs', { description: 'Items with a value for both.' }),
    effect: t.field({
      type: EffectType,
      complexity: inMemory,
      nullable: true,
      description: 'The difference; its interval holds however often one looks. Null when it cannot be told.',
      resolve: ({ effect }) => {
        if (effect.kind === 'cannot-tell') return null;
        const { estimate, interval, pValue } = effect;
        return { estimate, ...interval, pValue };
      },
    }),
    cannotTell: t.string({
      nullable: true,
      description: 'Why it cannot be told, and what would help.',
      resolve: ({ effect }) => (effect.kind === 'cannot-tell' ? effect.message : null),
    }),
    marginVerdict: t.string({
      nullable: true,
      description:
        '`passed`: not worse by more than the margin. `harmed`: worse for sure. `open`: neither is shown yet.',
      resolve: ({ margin }) => (margin?.kind === 'margin' ? margin.verdict : null),
    }),
    atEnd: t.field({
      type: EndLookType,
      complexity: inMemory,
      nullable: true,
      description:
        'The same by the ordinary test, for who looks once, at the planned end: narrower, and wrong for who looks often. Null when it cannot be told, and for live splits.',
      resolve: ({ atEnd }) => (atEnd?.kind === 'end-look' ? atEnd : null),
    }),
    adjusted: t.field({
      type: AdjustedLookType,
      complexity: inMemory,
      nullable: true,
      description: 'The same with less noise, by what was known of the items before the test. Null when nothing helps.',
      resolve: ({ adjusted }) => (adjusted?.kind === 'adjusted' ? adjusted : null),
    }),
    missing: t.field({
      type: [CountType],
      complexity: inMemory,
      description: 'Items without a pair, by reason.',
      resolve: ({ missing }) => countsOf(missing),
    }),
    words: t.exposeString('words', { description: 'All of it in plain words.' }),
  }),
});

const quantileOf = (quantile: VariantResult['latencyP50Ms']): ShownEffect | null => {
  if (quantile.kind === 'cannot-tell') return null;
  const { low, high, confidence } = quantile.interval;
  return { estimate: quantile.estimate, low, high, confidence, pValue: undefined };
};

const VariantResultType = builder.objectRef<VariantResult>('ExperimentVariantResult').implement({
  description: 'A variant against the baseline.',
  fields: (t) => ({
    variant: t.exposeString('variant', { description: 'Its key.' }),
    verdict: t.exposeString('verdict', { description: '`wins`, `harmed`, `futile` or `open`.' }),
    winPValue: t.exposeFloat('winPValue', {
      description: 'Of "it is not better", corrected for the number of variants.',
    }),
    harmed: t.exposeStringList('harmed', { description: 'Metrics that are worse for sure.' }),
    open: t.exposeStringList('open', { description: 'Metrics that stand in the way of a win.' }),
    metrics: t.field({
      type: [MetricResultType],
      complexity: inMemory,
      description: 'The primary one first, then the guardrails.',
      resolve: ({ metrics }) => [...metrics],
    }),
    latencyPairs: t.int({
      nullable: true,
      description: 'Items that both differences of the latency rest on; null for live splits.',
      resolve: ({ latencyPairs }) => latencyPairs ?? null,
    }),
    latencyP50: t.field({
      type: EffectType,
      complexity: inMemory,
      nullable: true,
      description: 'Difference of the medians of the latency, ms.',
      resolve: ({ latencyP50Ms }) => quantileOf(latencyP50Ms),
    }),
    latencyP95: t.field({
      type: EffectType,
      complexity: inMemory,
      nullable: true,
      description: 'Difference of the 95th percentiles of the latency, ms.',
      resolve: ({ latencyP95Ms }) => quantileOf(latencyP95Ms),
    }),
  }),
});

const SummaryType = builder.objectRef<VariantSummary>('ExperimentVariantSummary').implement({
  description: 'What a variant did; the baseline is one of them.',
  fields: (t) => ({
    variant: t.exposeString('variant', { description: 'Its key.' }),
    answers: t.exposeInt('answers', { description: 'Answers that came.' }),
    failed: t.exposeInt('failed', { description: 'Answers that did not.' }),
    failures: t.field({
      type: [CountType],
      complexity: inMemory,
      description: 'Why they did not.',
      resolve: ({ failures }) => countsOf(failures),
    }),
    contaminated: t.field({
      type: [CountType],
      complexity: inMemory,
      description: 'Answers that are kept apart, by reason.',
      resolve: ({ contaminated }) => countsOf(contaminated),
    }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'Money of all known costs.',
      resolve: ({ costNanoUsd }) => formatUsd(costNanoUsd),
    }),
    unknownCosts: t.exposeInt('unknownCosts', { description: 'Answers whose cost is unknown.' }),
    costPerSuccessUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Money for each answer that came; null when it cannot be told.',
      resolve: ({ costPerSuccessUsd }) =>
        costPerSuccessUsd.kind === 'estimate' ? decimal(costPerSuccessUsd.estimate) : null,
    }),
    costPerSuccessItems: t.int({
      nullable: true,
      description: 'Items whose cost is known, which it rests on; null for live splits.',
      resolve: ({ costPerSuccessItems }) => costPerSuccessItems ?? null,
    }),
    costPerSuccessRangeUsd: t.field({
      type: ['Decimal'],
      nullable: true,
      description: 'Its 95 % interval, lower and upper end.',
      resolve: ({ costPerSuccessUsd }) =>
        costPerSuccessUsd.kind === 'estimate'
          ? [decimal(Math.max(0, costPerSuccessUsd.interval.low)), decimal(costPerSuccessUsd.interval.high)]
          : null,
    }),
  }),
});

const decimal = (usd: number): string => formatUsd(BigInt(Math.round(usd * 1e9)));

const PowerType = builder
  .objectRef<{ readonly variant: string; readonly power: number | null }>('ExperimentPower')
  .implement({
    description: 'What a test can still find.',
    fields: (t) => ({
      variant: t.exposeString('variant', { description: 'Of which variant.' }),
      power: t.exposeFloat('power', { nullable: true, description: '0 to 1; null when it cannot be told yet.' }),
    }),
  });

const HealthType = builder.objectRef<ExperimentResults['health']>('ExperimentHealth').implement({
  description: 'Whether the test itself is sound.',
  fields: (t) => ({
    sampleRatioPValue: t.float({
      description: 'Of "every variant got its share of clean answers".',
      resolve: ({ sampleRatio }) => sampleRatio.pValue,
    }),
    isSampleRatioBroken: t.boolean({
      description: 'Something treats the variants differently: no result can be trusted.',
      resolve: ({ sampleRatio }) => sampleRatio.isBroken,
    }),
    cleanAnswers: t.field({
      type: [CountType],
      complexity: inMemory,
      description: 'Clean answers by variant.',
      resolve: ({ sampleRatio }) => countsOf(sampleRatio.counts),
    }),
    power: t.field({
      type: [PowerType],
      complexity: inMemory,
      description: 'Chance to find the smallest effect that matters by the planned end, with the variance seen so far.',
      resolve: ({ power }) =>
        Object.entries(power).map(([variant, value]) => ({ variant, power: typeof value === 'number' ? value : null })),
    }),
    cautions: t.exposeStringList('cautions', { description: 'What needs care, the gravest first.' }),
  }),
});

export const ExperimentResultsType = builder.objectRef<ExperimentResults>('ExperimentResults').implement({
  description: 'What a test has shown so far. It may be read at any time: looking early does no harm.',
  fields: (t) => ({
    headline: t.exposeString('headline', { description: 'One sentence.' }),
    items: t.exposeInt('items', { description: 'Items that are in.' }),
    plannedItems: t.exposeInt('plannedItems', { description: 'Items that the test was planned for.' }),
    baseline: t.exposeString('baseline', { description: 'The variant that the others are compared with.' }),
    winner: t.string({
      nullable: true,
      description: 'The variant to adopt; null keeps the baseline.',
      resolve: ({ winner }) => winner ?? null,
    }),
    variants: t.field({
      type: [VariantResultType],
      complexity: inMemory,
      description: 'The others against the baseline.',
      resolve: ({ variants }) => [...variants],
    }),
    summaries: t.field({
      type: [SummaryType],
      complexity: inMemory,
      description: 'What each variant did.',
      resolve: ({ summaries }) => [...summaries],
    }),
    health: t.field({
      type: HealthType,
      description: 'Whether the test itself is sound.',
      resolve: ({ health }) => health,
    }),
  }),
});
