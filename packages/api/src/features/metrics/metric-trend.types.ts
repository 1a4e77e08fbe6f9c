import {
  type MetricFigures,
  type MetricPoint,
  type SeriesInterval,
  stepBoundaries,
  successRate,
} from '@switchyard/core/metrics';
import { estimateTrend, type Trend } from '@switchyard/core/reports';
import type { CannotTell } from '@switchyard/core/stats';
import { builder } from '../../graphql/builder.ts';

/** How the steps of a series were made, and what time it is: a step that goes on is no whole one. */
export interface TrendSteps {
  readonly interval: SeriesInterval | undefined;
  readonly timeZone: string;
  readonly nowMs: number;
}

const usd = ({ costNanoUsd }: MetricFigures) => Number(costNanoUsd) / 1e9;

/** What may have a trend. Sums are 0 in a step without calls; shares and means have no value there. */
const trendFigures = {
  CALLS: ({ calls }: MetricFigures) => calls,
  FAILED: ({ failed }: MetricFigures) => failed,
  COST_USD: usd,
  TOKENS: ({ inputTokens, outputTokens }: MetricFigures) => inputTokens + outputTokens,
  SUCCESS_RATE: successRate,
  LATENCY_MEAN_MS: ({ latencySumMs, succeeded }: MetricFigures) =>
    succeeded === 0 ? undefined : latencySumMs / succeeded,
  COST_PER_SUCCESS_USD: (figures: MetricFigures) =>
    figures.succeeded === 0 ? undefined : usd(figures) / figures.succeeded,
} as const satisfies Record<string, (figures: MetricFigures) => number | undefined>;
type TrendFigure = keyof typeof trendFigures;

export const TrendFigureEnum = builder.enumType('TrendFigure', {
  description: 'A figure that may rise or fall.',
  values: {
    CALLS: { value: 'CALLS', description: 'How many calls.' },
    FAILED: { value: 'FAILED', description: 'How many failed.' },
    COST_USD: { value: 'COST_USD', description: 'What they cost.' },
    TOKENS: { value: 'TOKENS', description: 'Input and output.' },
    SUCCESS_RATE: { value: 'SUCCESS_RATE', description: 'The share of successes.' },
    LATENCY_MEAN_MS: { value: 'LATENCY_MEAN_MS', description: 'The mean time until the whole answer.' },
    COST_PER_SUCCESS_USD: { value: 'COST_PER_SUCCESS_USD', description: 'The cost of a success.' },
  } as const satisfies Record<TrendFigure, { value: TrendFigure; description: string }>,
});

const TrendDirectionEnum = builder.enumType('TrendDirection', {
  description: 'Where a figure goes.',
  values: {
    RISING: { value: 'rising', description: 'It rises: its interval lies above zero.' },
    FALLING: { value: 'falling', description: 'It falls: its interval lies below zero.' },
    LEVEL: { value: 'level', description: 'Nothing shows that it rises or falls.' },
    UNKNOWN: { value: 'unknown', description: 'There are too few whole steps to tell.' },
  } as const,
});

export const MetricTrendType = builder.objectRef<Trend | CannotTell>('MetricTrend').implement({
  description: 'The line through the whole steps of a series.',
  fields: (t) => ({
    direction: t.field({
      type: TrendDirectionEnum,
      description: 'Rising or falling only where that is more than chance.',
      resolve: (trend) => (trend.kind === 'trend' ? trend.direction : 'unknown'),
    }),
    changePerStep: t.float({
      nullable: true,
      description: 'In the unit of the figure; null when it cannot be told.',
      resolve: (trend) => (trend.kind === 'trend' ? trend.slope : null),
    }),
    low: t.float({
      nullable: true,
      description: 'The true change per step is at least this, with 95 %.',
      resolve: (trend) => (trend.kind === 'trend' ? trend.interval.low : null),
    }),
    high: t.float({
      nullable: true,
      description: 'The true change per step is at most this, with 95 %.',
      resolve: (trend) => (trend.kind === 'trend' ? trend.interval.high : null),
    }),
    steps: t.int({
      description: 'Of how many whole steps.',
      resolve: (trend) => (trend.kind === 'trend' ? trend.steps : 0),
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it cannot be told.',
      resolve: (trend) => (trend.kind === 'trend' ? null : trend.message),
    }),
  }),
});

const longestStepMs = 8 * 86_400_000;
const longestShortStepMs = 2 * 3_600_000;

/** The trend over the whole steps of `series`: the first and the last are often cut, and today is not over. */
export function computeTrend(
  series: readonly MetricPoint[],
  { interval = 'day', timeZone, nowMs }: TrendSteps,
  figure: TrendFigure,
): Trend | CannotTell {
  const reachMs = interval === 'minute' || interval === 'hour' ? longestShortStepMs : longestStepMs;
  const range = { fromMs: series[0]!.fromMs - reachMs, toMs: series.at(-1)!.toMs + reachMs };
  // The ends of the wider range are no boundaries of steps.
  const whole = new Set(stepBoundaries(range, interval, timeZone, Number.POSITIVE_INFINITY).slice(1, -1));
  const values = series.flatMap((point) => {
    const isWhole = whole.has(point.fromMs) && whole.has(point.toMs) && point.toMs <= nowMs;
    return isWhole ? [trendFigures[figure](point.figures)] : [];
  });
  return estimateTrend(values);
}
