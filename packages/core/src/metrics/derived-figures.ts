import { formatUsd } from '../kernel/index.ts';
import type { MetricFigures } from './metrics-reader.ts';

/** 0 to 1, of the calls that nobody stopped; undefined when there are none. */
export function successRate({ calls, cancelled, succeeded }: MetricFigures): number | undefined {
  return calls > cancelled ? succeeded / (calls - cancelled) : undefined;
}

/** Decimal text, rounded to the nearest nano-dollar; undefined when nothing succeeded. */
export function costPerSuccessUsd({ costNanoUsd, succeeded }: MetricFigures): string | undefined {
  if (succeeded === 0) return undefined;
  const count = BigInt(succeeded);
  return formatUsd((costNanoUsd + count / 2n) / count);
}

/** Of successes. */
export function latencyMeanMs({ latencySumMs, succeeded }: MetricFigures): number | undefined {
  return succeeded === 0 ? undefined : latencySumMs / succeeded;
}

/** Mean of the speeds of successes whose speed is known. */
export function tokensPerSecond({ tokenRateSumMilli, tokenRateCalls }: MetricFigures): number | undefined {
  return tokenRateCalls === 0 ? undefined : tokenRateSumMilli / tokenRateCalls / 1_000;
}
