import { formatUsd } from '@switchyard/core/kernel';
import {
  type MetricDimension,
  type MetricFigures,
  type MetricPoint,
  type MetricsReport,
  seriesIntervals,
} from '@switchyard/core/metrics';
import type { QualitySums } from '@switchyard/core/reports';
import { builder, listCost } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enums.ts';
import type { ValueLabel } from './label-values.ts';
import { MetricFiguresType } from './metric-figures.types.ts';
import { MetricQualityType } from './metric-quality.types.ts';
import { computeTrend, MetricTrendType, TrendFigureEnum, type TrendSteps } from './metric-trend.types.ts';

export const MetricDimensionEnum = builder.enumType('MetricDimension', {
  description: 'By what calls can be told apart in figures.',
  values: {
    PROVIDER: { value: 'provider', description: 'The provider, by its id.' },
    MODEL: { value: 'model', description: 'The model, as `provider/model`.' },
    MEMBER: { value: 'member', description: 'The member who made the call, or the key for it.' },
    API_KEY: { value: 'apiKey', description: 'The API key that made the call.' },
    WORKFLOW: { value: 'workflow', description: 'The workflow.' },
    STEP: { value: 'step', description: 'The step of a workflow.' },
    ROLE: { value: 'role', description: 'The model role.' },
    TASK_CLASS: { value: 'taskClass', description: 'The kind of task that the router took the request for.' },
    TAG: { value: 'tag', description: 'A tag; a call with several counts for each.' },
    SOURCE: { value: 'source', description: 'Where the call came from: comparison-lane, complete, openai-compatible.' },
  } as const satisfies Record<string, { value: MetricDimension; description: string }>,
});

export const MetricIntervalEnum = builder.enumType('MetricInterval', {
  description: 'How long the steps of a series are.',
  values: valuesOf(
    {
      minute: 'A minute.',
      hour: 'An hour of UTC.',
      day: 'A day of the time zone.',
      week: 'A week of the time zone, from Monday.',
    },
    seriesIntervals,
  ),
});

const list = (description: string) => ({ description });

export const MetricFilterInput = builder.inputType('MetricFilterInput', {
  description:
    'Only calls with one of these values in every field that is given. With what figures are grouped by, at most two dimensions; provider and model count as one, so do workflow and step, and member and API key.',
  fields: (t) => ({
    providers: t.stringList(list('Ids of providers.')),
    models: t.stringList(list('Models as `provider/model`.')),
    members: t.idList(list('Members, by the ids of their users.')),
    apiKeys: t.idList(list('API keys.')),
    workflows: t.stringList(list('Workflows.')),
    steps: t.stringList(list('Steps.')),
    roles: t.stringList(list('Model roles.')),
    taskClasses: t.stringList(list('Kinds of tasks.')),
    tag: t.string({ description: 'A tag.' }),
    sources: t.stringList(list('Where calls came from.')),
  }),
});

interface Series {
  readonly points: readonly MetricPoint[];
}

const numbers = (description: string, read: (figures: MetricFigures) => number) => ({
  description,
  resolve: ({ points }: Series) => points.map(({ figures }) => read(figures)),
});
const percentiles = (description: string, read: (figures: MetricFigures) => number | undefined) => ({
  type: ['Float' as const] as ['Float'],
  nullable: { list: false, items: true } as const,
  description: `${description}; null for steps without a success.`,
  resolve: ({ points }: Series) => points.map(({ figures }) => read(figures) ?? null),
});

const MetricSeriesType = builder.objectRef<Series>('MetricSeries').implement({
  description:
    'Figures step by step, one list for each figure, as charts take them. `stepStarts` of the report has when.',
  fields: (t) => ({
    calls: t.floatList(numbers('How many calls.', ({ calls }) => calls)),
    succeeded: t.floatList(numbers('Calls with a whole answer.', ({ succeeded }) => succeeded)),
    failed: t.floatList(numbers('Calls that failed.', ({ failed }) => failed)),
    cancelled: t.floatList(numbers('Calls that were stopped.', ({ cancelled }) => cancelled)),
    inputTokens: t.floatList(numbers('All input.', ({ inputTokens }) => inputTokens)),
    outputTokens: t.floatList(numbers('All output.', ({ outputTokens }) => outputTokens)),
    costUsd: t.field({
      type: ['Decimal'],
      description: 'What the calls cost whose cost is known.',
      resolve: ({ points }) => points.map(({ figures }) => formatUsd(figures.costNanoUsd)),
    }),
    latencyP50Ms: t.field(percentiles('Median time until the whole answer', ({ latency }) => latency?.p50Ms)),
    latencyP95Ms: t.field(percentiles('95 of 100 answers were whole by then', ({ latency }) => latency?.p95Ms)),
    timeToFirstTokenP50Ms: t.field(
      percentiles('Median time until the first token', ({ timeToFirstToken }) => timeToFirstToken?.p50Ms),
    ),
  }),
});

const MetricValueType = builder
  .objectRef<{ readonly dimension: MetricDimension; readonly value: string; readonly label: ValueLabel }>('MetricValue')
  .implement({
    description: 'What the calls of a group have in common.',
    fields: (t) => ({
      dimension: t.expose('dimension', { type: MetricDimensionEnum, description: 'In which respect.' }),
      value: t.exposeString('value', { description: 'The value to filter by; an id for members and API keys.' }),
      label: t.string({ description: 'How people call it.', resolve: ({ label }) => label }),
    }),
  });

/** Judgements in the range and in the one before; read when they are asked for. */
export interface LazyQuality {
  current(): Promise<ReadonlyMap<string, QualitySums>>;
  previous(): Promise<ReadonlyMap<string, QualitySums>>;
}

export interface Group {
  readonly values: readonly string[];
  readonly figures: MetricFigures;
  readonly previous: MetricFigures | undefined;
  readonly series: readonly MetricPoint[];
  readonly by: readonly MetricDimension[];
  readonly labels: ReadonlyMap<string, ValueLabel>;
  readonly steps: TrendSteps;
  readonly quality: LazyQuality;
}

const MetricGroupType = builder.objectRef<Group>('MetricGroup').implement({
  description: 'The calls with the same value, or pair of values.',
  fields: (t) => ({
    values: t.field({
      type: [MetricValueType],
      description: 'In the order asked for.',
      complexity: listCost(2),
      resolve: ({ values, by, labels }) =>
        by.map((dimension, index) => {
          const value = values[index] ?? '';
          return { dimension, value, label: labels.get(`${dimension} ${value}`) ?? value };
        }),
    }),
    figures: t.expose('figures', { type: MetricFiguresType, description: 'In the range.' }),
    previous: t.field({
      type: MetricFiguresType,
      nullable: true,
      description: 'In the period before; null unless asked for.',
      resolve: ({ previous }) => previous ?? null,
    }),
    series: t.field({
      type: MetricSeriesType,
      nullable: true,
      description: 'Step by step; null unless an interval was given.',
      resolve: ({ series }) => (series.length > 0 ? { points: series } : null),
    }),
    quality: t.field({
      type: MetricQualityType,
      nullable: true,
      description: 'How good the answers were; null when none was judged.',
      resolve: async ({ quality, values }) => (await quality.current()).get(values.join('\0')) ?? null,
    }),
    previousQuality: t.field({
      type: MetricQualityType,
      nullable: true,
      description: 'The same in the period before; null when none was judged.',
      resolve: async ({ quality, values }) => (await quality.previous()).get(values.join('\0')) ?? null,
    }),
    trend: t.field({
      type: MetricTrendType,
      nullable: true,
      description:
        'Whether a figure rises or falls over the whole steps of the series; null unless an interval was given.',
      args: { of: t.arg({ type: TrendFigureEnum, required: true, description: 'Which figure.' }) },
      resolve: ({ series, steps }, args) => (series.length > 0 ? computeTrend(series, steps, args.of) : null),
    }),
  }),
});

export interface Report extends Omit<MetricsReport, 'groups'> {
  readonly groups: readonly Group[];
  readonly steps: TrendSteps;
  readonly quality: LazyQuality;
}

/** Of the calls without regard to groups: it stands under a key of its own. */
export const totalKey = '\0total';

const totalQuality = (qualities: ReadonlyMap<string, QualitySums>) => qualities.get(totalKey) ?? null;

export const MetricsReportType = builder.objectRef<Report>('MetricsReport').implement({
  description: 'Figures of a range.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'From when on calls count. What is too old to be told exactly begins at a full hour or UTC day.',
      resolve: ({ fromMs }) => new Date(fromMs),
    }),
    to: t.field({ type: 'DateTime', description: 'Until when.', resolve: ({ toMs }) => new Date(toMs) }),
    previousFrom: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the period before begins; it ends where the range begins.',
      resolve: ({ previousFromMs }) => (previousFromMs === undefined ? null : new Date(previousFromMs)),
    }),
    total: t.expose('total', { type: MetricFiguresType, description: 'All calls that the filter lets through.' }),
    previousTotal: t.field({
      type: MetricFiguresType,
      nullable: true,
      description: 'The same of the period before; null unless asked for.',
      resolve: ({ previousTotal }) => previousTotal ?? null,
    }),
    quality: t.field({
      type: MetricQualityType,
      nullable: true,
      description: 'How good the answers were; null when none was judged.',
      resolve: async ({ quality }) => totalQuality(await quality.current()),
    }),
    previousQuality: t.field({
      type: MetricQualityType,
      nullable: true,
      description: 'The same in the period before; null when none was judged.',
      resolve: async ({ quality }) => totalQuality(await quality.previous()),
    }),
    trend: t.field({
      type: MetricTrendType,
      nullable: true,
      description:
        'Whether a figure rises or falls over the whole steps of the series; null unless an interval was given.',
      args: { of: t.arg({ type: TrendFigureEnum, required: true, description: 'Which figure.' }) },
      resolve: ({ series, steps }, args) => (series.length > 0 ? computeTrend(series, steps, args.of) : null),
    }),
    stepStarts: t.field({
      type: ['DateTime'],
      description: 'When the steps of all series begin; empty unless an interval was given.',
      resolve: ({ series }) => series.map(({ fromMs }) => new Date(fromMs)),
    }),
    series: t.field({
      type: MetricSeriesType,
      nullable: true,
      description: 'The total step by step; null unless an interval was given.',
      resolve: ({ series }) => (series.length > 0 ? { points: series } : null),
    }),
    groups: t.field({
      type: [MetricGroupType],
      description: 'Most calls first. Calls without a value are in the total and in no group.',
      // `metrics` and `usage` count them: they know how many were asked for.
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ groups }) => [...groups],
    }),
    groupCount: t.exposeInt('groupCount', { description: 'How many groups there are, also those that were cut off.' }),
  }),
});
