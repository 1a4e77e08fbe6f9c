import { formatUsd } from '@switchyard/core/kernel';
import {
  costPerSuccessUsd,
  type LatencyPercentiles,
  latencyMeanMs,
  type MetricFigures,
  type MillisecondInterval,
  successRate,
  tokensPerSecond,
} from '@switchyard/core/metrics';
import { builder } from '../../graphql/builder.ts';
import { ProviderErrorKindEnum } from '../../graphql/enums.ts';
import { failureKinds } from './rollup-columns.ts';

const MillisecondIntervalType = builder.objectRef<MillisecondInterval>('MillisecondInterval').implement({
  description: 'Where a true percentile lies with 95 %, whatever the shape of the times; each end is within 1 %.',
  fields: (t) => ({
    lowMs: t.exposeFloat('lowMs', { description: 'At least this.' }),
    highMs: t.exposeFloat('highMs', { description: 'At most this.' }),
  }),
});

export const MetricPercentilesType = builder.objectRef<LatencyPercentiles>('MetricPercentiles').implement({
  description: 'How long successful calls took; each figure is within 1 % of the exact one.',
  fields: (t) => ({
    count: t.exposeFloat('count', { description: 'Of how many calls; a whole number.' }),
    p50Ms: t.exposeFloat('p50Ms', { description: 'Half took at most this long.' }),
    p90Ms: t.exposeFloat('p90Ms', { description: '90 of 100 took at most this long.' }),
    p95Ms: t.exposeFloat('p95Ms', { description: '95 of 100 took at most this long.' }),
    p99Ms: t.exposeFloat('p99Ms', { description: '99 of 100 took at most this long.' }),
    p50Interval: t.field({
      type: MillisecondIntervalType,
      nullable: true,
      description: 'Of `p50Ms`; null below 6 calls, and in series.',
      resolve: ({ p50Interval }) => p50Interval ?? null,
    }),
    p95Interval: t.field({
      type: MillisecondIntervalType,
      nullable: true,
      description: 'Of `p95Ms`; null below 72 calls, and in series.',
      resolve: ({ p95Interval }) => p95Interval ?? null,
    }),
  }),
});

type FailureKind = (typeof failureKinds)[number];

const MetricFailureType = builder
  .objectRef<{ readonly kind: FailureKind; readonly calls: number }>('MetricFailure')
  .implement({
    description: 'How many calls failed in one way.',
    fields: (t) => ({
      kind: t.field({
        type: ProviderErrorKindEnum,
        nullable: true,
        description: 'What went wrong; null when nobody said.',
        resolve: ({ kind }) => (kind === 'other' ? null : kind),
      }),
      calls: t.exposeFloat('calls', { description: 'How many calls; a whole number.' }),
    }),
  });

export const MetricFiguresType = builder.objectRef<MetricFigures>('MetricFigures').implement({
  description:
    'What calls came to. Counts are whole numbers, as Float because they may be larger than an Int. Each attempt is a call.',
  fields: (t) => ({
    calls: t.exposeFloat('calls', { description: 'How many calls.' }),
    succeeded: t.exposeFloat('succeeded', { description: 'Calls with a whole answer.' }),
    failed: t.exposeFloat('failed', { description: 'Calls that failed.' }),
    cancelled: t.exposeFloat('cancelled', { description: 'Calls that were stopped.' }),
    successRate: t.float({
      nullable: true,
      description: '0 to 1, of the calls that nobody stopped; null when there are none.',
      resolve: (figures) => successRate(figures) ?? null,
    }),
    failures: t.field({
      type: [MetricFailureType],
      description: 'Failed calls by what went wrong, only what occurred.',
      resolve: ({ failures }) =>
        failureKinds.flatMap((kind) => {
          const calls = failures[kind];
          return calls === undefined ? [] : [{ kind, calls }];
        }),
    }),
    retries: t.exposeFloat('retries', { description: 'Calls that were not the first attempt.' }),
    hedges: t.exposeFloat('hedges', { description: 'Calls made beside another one that was silent.' }),
    estimatedCalls: t.exposeFloat('estimated', {
      description: "Calls whose tokens are our own count in place of the provider's.",
    }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'All input, cached input included.' }),
    cachedInputTokens: t.exposeFloat('cachedInputTokens', { description: "Input read from the provider's cache." }),
    cacheWriteTokens: t.exposeFloat('cacheWriteTokens', { description: "Input written to the provider's cache." }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'All output, reasoning included.' }),
    reasoningTokens: t.exposeFloat('reasoningTokens', { description: 'The part of the output that was reasoning.' }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What the calls cost whose cost is known.',
      resolve: ({ costNanoUsd }) => formatUsd(costNanoUsd),
    }),
    costPerSuccessUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Known cost of all calls for each that succeeded; null when none did.',
      resolve: (figures) => costPerSuccessUsd(figures) ?? null,
    }),
    unknownCostCalls: t.exposeFloat('unknownCost', { description: 'Calls whose cost is not known.' }),
    latencyMeanMs: t.float({
      nullable: true,
      description: 'Mean time until the whole answer, of successes; null when there are none.',
      resolve: (figures) => latencyMeanMs(figures) ?? null,
    }),
    latency: t.field({
      type: MetricPercentilesType,
      nullable: true,
      description: 'Time until the whole answer; null when no call succeeded.',
      resolve: ({ latency }) => latency ?? null,
    }),
    timeToFirstToken: t.field({
      type: MetricPercentilesType,
      nullable: true,
      description: 'Time until the first token; null when no success had one.',
      resolve: ({ timeToFirstToken }) => timeToFirstToken ?? null,
    }),
    tokensPerSecond: t.float({
      nullable: true,
      description: 'Mean writing speed of successes; null when it is not known of any.',
      resolve: (figures) => tokensPerSecond(figures) ?? null,
    }),
  }),
});
