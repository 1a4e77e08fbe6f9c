import { formatUsd } from '@switchyard/core/kernel';
import {
  defaultMetricGroups,
  type MetricDimension,
  type MetricFigures,
  type MetricPoint,
  MetricsQueryError,
  type MetricsReport,
  type SumName,
  seriesIntervals,
  sketchNames,
} from '@switchyard/core/metrics';
import { builder, listCost } from '../../graphql/builder.ts';
import type { GraphContext } from '../../graphql/context.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { graphError } from '../../graphql/errors.ts';
import { labelValues, type ValueLabel } from './label-values.ts';
import { MetricFiguresType } from './metric-figures.types.ts';
import { toMetricFilter } from './metric-filter.ts';
import { type ModelPerformance, readModelPerformance } from './model-performance.ts';
import { selectedPaths } from './selected-paths.ts';

const MetricDimensionEnum = builder.enumType('MetricDimension', {
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

const MetricIntervalEnum = builder.enumType('MetricInterval', {
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

/** What the fields of a series are made of. */
const seriesSums: readonly (readonly [string, readonly SumName[]])[] = [
  ['calls', ['calls']],
  ['succeeded', ['succeeded']],
  ['failed', ['calls', 'succeeded', 'cancelled']],
  ['cancelled', ['cancelled']],
  ['inputTokens', ['inputTokens']],
  ['outputTokens', ['outputTokens']],
  ['costUsd', ['costNanoUsd']],
];

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

interface Group {
  readonly values: readonly string[];
  readonly figures: MetricFigures;
  readonly previous: MetricFigures | undefined;
  readonly series: readonly MetricPoint[];
  readonly by: readonly MetricDimension[];
  readonly labels: ReadonlyMap<string, ValueLabel>;
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
  }),
});

interface Report extends Omit<MetricsReport, 'groups'> {
  readonly groups: readonly Group[];
}

const MetricsReportType = builder.objectRef<Report>('MetricsReport').implement({
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
      complexity: listCost(defaultMetricGroups),
      resolve: ({ groups }) => [...groups],
    }),
    groupCount: t.exposeInt('groupCount', { description: 'How many groups there are, also those that were cut off.' }),
  }),
});

const ModelPerformanceType = builder.objectRef<ModelPerformance>('ModelPerformance').implement({
  description: 'How a model did lately.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'The provider, by its id.' }),
    model: t.exposeString('model', { description: 'The model, as `provider/model`.' }),
    figures: t.expose('figures', { type: MetricFiguresType, description: 'What its calls came to.' }),
  }),
});

/** Parts of the query that fail, as GraphQL names them. */
const argumentNames: Readonly<Record<string, string>> = { groups: 'first' };

async function answer<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MetricsQueryError)) throw error;
    const issues = error.problems.map(({ part, message }) => ({ path: [argumentNames[part] ?? part], message }));
    throw graphError('BAD_USER_INPUT', error.message, { extensions: { issues } });
  }
}

const originOf = (origin: 'LIVE' | 'SIMULATED' | 'MIXED') => {
  if (origin === 'MIXED')
    throw graphError('BAD_USER_INPUT', 'Live and simulated figures are never added up: ask for one of them.');
  return origin === 'LIVE' ? 'live' : 'simulated';
};

async function withLabels(
  context: GraphContext,
  by: readonly MetricDimension[],
  report: MetricsReport,
): Promise<Report> {
  const labels = await labelValues(context, by, report.groups);
  return { ...report, groups: report.groups.map((group) => ({ ...group, by, labels })) };
}

const originArgument = {
  type: DataOriginEnum,
  required: true,
  defaultValue: 'LIVE',
  description: 'Calls of real providers, or simulated ones.',
} as const;

builder.queryFields((t) => ({
  metrics: t.field({
    type: MetricsReportType,
    description:
      "What your team's calls came to in a range: in all, by one or two dimensions, step by step, beside the period before. Complete up to the moment.",
    authScopes: { scope: 'READ' },
    complexity: { field: 20, multiplier: 1 },
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'From when on calls count, by when they began.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'Until when.' }),
      origin: t.arg(originArgument),
      by: t.arg({
        type: [MetricDimensionEnum],
        required: true,
        defaultValue: [],
        description: 'None, one or two dimensions to group by.',
      }),
      filter: t.arg({ type: MetricFilterInput, description: 'Which calls.' }),
      interval: t.arg({ type: MetricIntervalEnum, description: 'Also a series in steps of this length.' }),
      timeZone: t.arg.string({
        required: true,
        defaultValue: 'UTC',
        description: 'Name in the IANA database: whose days and weeks the series is in.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: defaultMetricGroups,
        description: 'So many groups at most, at most 100.',
      }),
      isWithPrevious: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Also the figures of the period of the same length before.',
      }),
    },
    resolve: (_root, args, context, info) => {
      const paths = [...selectedPaths(info)];
      const asksFor = (pattern: RegExp) => paths.some((path) => pattern.test(path));
      const filter = toMetricFilter(args.filter);
      return answer(async () => {
        const report = await context.services.metrics.reader.read({
          teamId: context.identity.teamId,
          origin: originOf(args.origin),
          fromMs: args.from.getTime(),
          toMs: args.to.getTime(),
          by: args.by,
          ...(filter && { filter }),
          ...(args.interval && { interval: args.interval }),
          timeZone: args.timeZone,
          groups: args.first,
          isWithPrevious: args.isWithPrevious,
          include: {
            failures: asksFor(/\.failures$/),
            percentiles: sketchNames.filter((name) => asksFor(new RegExp(`(otal|figures|previous)\\.${name}$`))),
            seriesSums: [
              ...new Set(
                seriesSums.filter(([field]) => asksFor(new RegExp(`series\\.${field}$`))).flatMap(([, sums]) => sums),
              ),
            ],
            seriesPercentiles: sketchNames.filter((name) => asksFor(new RegExp(`series\\.${name}P`))),
          },
        });
        return withLabels(context, args.by, report);
      });
    },
  }),
  modelPerformance: t.field({
    type: [ModelPerformanceType],
    description: 'How each model did over the last hours, most calls first. The same as `GET /api/models/performance`.',
    authScopes: { scope: 'READ' },
    complexity: listCost(20),
    args: {
      hours: t.arg.int({ required: true, defaultValue: 24, description: 'How many hours back, at most 2,160.' }),
      origin: t.arg(originArgument),
      workflow: t.arg.string({ description: 'Only calls of this workflow.' }),
      step: t.arg.string({ description: 'Only calls of this step.' }),
    },
    resolve: (_root, args, { services, identity }) =>
      answer(() =>
        readModelPerformance(services, identity.teamId, {
          ...{ hours: args.hours, origin: originOf(args.origin) },
          ...(args.workflow && { workflow: args.workflow }),
          ...(args.step && { step: args.step }),
        }),
      ),
  }),
}));
