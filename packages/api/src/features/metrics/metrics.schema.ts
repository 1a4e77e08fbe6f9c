import { defaultMetricGroups, MetricsQueryError, maxMetricGroups } from '@switchyard/core/metrics';
import { builder, listCost } from '../../graphql/builder.ts';
import { DataOriginEnum } from '../../graphql/enums.ts';
import { MetricFiguresType } from './metric-figures.types.ts';
import { toMetricFilter } from './metric-filter.ts';
import {
  MetricDimensionEnum,
  MetricFilterInput,
  MetricIntervalEnum,
  MetricsReportType,
} from './metric-report.types.ts';
import { answer, answerReport, beginOfDays, originOf } from './metrics-answer.ts';
import { type ModelPerformance, readModelPerformance } from './model-performance.ts';
import { selectedPaths } from './selected-paths.ts';

const ModelPerformanceType = builder.objectRef<ModelPerformance>('ModelPerformance').implement({
  description: 'How a model did lately.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'The provider, by its id.' }),
    model: t.exposeString('model', { description: 'The model, as `provider/model`.' }),
    figures: t.expose('figures', { type: MetricFiguresType, description: 'What its calls came to.' }),
  }),
});

export const originArgument = {
  type: DataOriginEnum,
  required: true,
  defaultValue: 'LIVE',
  description: 'Calls of real providers, or simulated ones.',
} as const;

const mostDays = 90;

function readDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= mostDays) return days;
  throw new MetricsQueryError([{ part: 'days', message: `Ask for 1 to ${mostDays} days.` }]);
}

/** Of each group: itself, its two values and its figures. The list itself then costs nothing more. */
const objectsPerGroup = 4;
const costOfReport = ({ first }: { readonly first?: number | null | undefined }) => ({
  field: 20 + objectsPerGroup * Math.min(maxMetricGroups, Math.max(0, first ?? defaultMetricGroups)),
  multiplier: 1,
});

builder.queryFields((t) => ({
  metrics: t.field({
    type: MetricsReportType,
    description:
      "What your team's calls came to in a range: in all, by one or two dimensions, step by step, beside the period before. Complete up to the moment.",
    complexity: costOfReport,
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
      const filter = toMetricFilter(args.filter);
      return answer(() =>
        answerReport(
          context,
          {
            origin: originOf(args.origin),
            fromMs: args.from.getTime(),
            toMs: args.to.getTime(),
            by: args.by,
            ...(filter && { filter }),
            ...(args.interval && { interval: args.interval }),
            timeZone: args.timeZone,
            groups: args.first,
            isWithPrevious: args.isWithPrevious,
          },
          [...selectedPaths(info)],
        ),
      );
    },
  }),
  usage: t.field({
    type: MetricsReportType,
    description:
      "What your team's calls came to over the last days, today among them, day by day and beside the same number of days before.",
    complexity: costOfReport,
    args: {
      days: t.arg.int({ required: true, defaultValue: 30, description: 'How many days, 1 to 90; 1 is today alone.' }),
      origin: t.arg(originArgument),
      by: t.arg({
        type: [MetricDimensionEnum],
        required: true,
        defaultValue: [],
        description: 'None, one or two dimensions to group by.',
      }),
      filter: t.arg({ type: MetricFilterInput, description: 'Which calls.' }),
      timeZone: t.arg.string({
        required: true,
        defaultValue: 'UTC',
        description: 'Name in the IANA database: whose days.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: defaultMetricGroups,
        description: 'So many groups at most, at most 100.',
      }),
    },
    resolve: (_root, args, context, info) =>
      answer(() => {
        const { days, timeZone, by } = args;
        const nowMs = context.services.clock.nowMs();
        const filter = toMetricFilter(args.filter);
        return answerReport(
          context,
          {
            ...{
              origin: originOf(args.origin),
              by,
              timeZone,
              interval: 'day',
              groups: args.first,
              isWithPrevious: true,
            },
            fromMs: beginOfDays(nowMs, timeZone, readDays(days)),
            toMs: nowMs + 1,
            ...(filter && { filter }),
          },
          [...selectedPaths(info)],
        );
      }),
  }),
  modelPerformance: t.field({
    type: [ModelPerformanceType],
    description: 'How each model did over the last hours, most calls first. The same as `GET /api/models/performance`.',
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
