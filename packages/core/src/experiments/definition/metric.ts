import type { BetterDirection } from '../../stats/index.ts';

/** Metrics that every test measures, beside the scores of its scorers. */
export const builtInMetrics = [
  'success',
  'costUsd',
  'latencyMs',
  'timeToFirstTokenMs',
  'outputTokens',
  'rating',
] as const;

export type BuiltInMetric = (typeof builtInMetrics)[number];

/** A built-in metric, or `score:<id of a scorer or judge>`. */
export type MetricName = BuiltInMetric | `score:${string}`;

const directions: Readonly<Record<BuiltInMetric, BetterDirection>> = {
  success: 'higher',
  costUsd: 'lower',
  latencyMs: 'lower',
  timeToFirstTokenMs: 'lower',
  outputTokens: 'lower',
  rating: 'higher',
};

/** Which way is good unless the test says otherwise. */
export function usualDirection(metric: string): BetterDirection {
  return directions[metric as BuiltInMetric] ?? 'higher';
}

/** Whether all values lie within 0 and 1, so that differences lie within −1 and 1. */
export function isShareMetric(metric: string): boolean {
  return metric === 'success' || metric === 'rating' || metric.startsWith('score:');
}

/** The scorer behind `score:<id>`; undefined for built-in metrics. */
export function scorerOfMetric(metric: string): string | undefined {
  return metric.startsWith('score:') ? metric.slice('score:'.length) : undefined;
}
