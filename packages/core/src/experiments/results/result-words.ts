import type { BetterDirection } from '../../stats/index.ts';
import { usualDirection } from '../definition/metric.ts';
import type { StopReason } from '../watch/look-at-watch.ts';
import type { MetricResult } from './results.ts';

/** The name of a metric for people. */
export function metricWords(metric: string): string {
  const names: Readonly<Record<string, string>> = {
    success: 'success rate',
    costUsd: 'cost per answer',
    latencyMs: 'latency',
    timeToFirstTokenMs: 'time to first token',
    outputTokens: 'output tokens',
    rating: 'rating',
  };
  return names[metric] ?? `score "${metric.slice('score:'.length)}"`;
}

/** A value with its unit: points of 100 for what lies within 0 and 1. */
export function valueWords(metric: string, value: number): string {
  if (metric === 'costUsd') return `$${trim(value, 6)}`;
  if (metric.endsWith('Ms')) return `${Math.round(value)} ms`;
  if (metric === 'outputTokens') return `${trim(value, 1)} tokens`;
  return `${trim(value * 100, 1)} points`;
}

/** So many decimals; for what is too small for them three digits that count. */
function trim(value: number, decimals: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 10 ** (1 - decimals);
  const shown = isSmall ? Math.min(15, 2 - Math.floor(Math.log10(Math.abs(value)))) : decimals;
  const text = value.toFixed(shown);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** What is known of one metric, in plain words with the interval. */
export function effectWords(
  variant: string,
  result: Omit<MetricResult, 'words'>,
  better: BetterDirection = usualDirection(result.metric),
): string {
  const { metric, effect, margin } = result;
  if (effect.kind === 'cannot-tell') return `Cannot tell for the ${metricWords(metric)}: ${lowerFirst(effect.message)}`;
  const { estimate, interval } = effect;
  const [low, high] = [interval.low, interval.high].map((value) => valueWords(metric, value));
  const size = valueWords(metric, Math.abs(estimate));
  const range = `(${Math.round(interval.confidence * 1_000) / 10} % interval ${low} to ${high})`;
  const direction = estimate >= 0 ? 'higher' : 'lower';
  const isGood = direction === better;
  const subject = `The ${metricWords(metric)} of "${variant}"`;
  if (interval.low > 0 || interval.high < 0) {
    return `${subject} is ${size} ${direction} ${range}: ${isGood ? 'better' : 'worse'} for sure.`;
  }
  const passed =
    margin?.kind === 'margin' && margin.verdict === 'passed' ? ' It is not worse by more than the margin.' : '';
  return `${subject} is about ${size} ${direction} ${range}: the interval holds zero, so a difference is not shown.${passed}`;
}

/** One sentence on how a test ended, or how it stands. */
export function headlineWords(
  stop: { readonly reason: StopReason; readonly winner: string | undefined } | undefined,
  state: {
    readonly items: number;
    readonly plannedItems: number;
    readonly baseline: string;
    readonly hasCaution: boolean;
  },
): string {
  const { items, plannedItems, baseline } = state;
  if (!stop) return `Running: ${items} of ${plannedItems} items are in.`;
  const after = `after ${items} of ${plannedItems} items`;
  const care = state.hasCaution ? ' Read the cautions first.' : '';
  if (stop.winner !== undefined) return `"${stop.winner}" wins over "${baseline}" ${after}.${care}`;
  switch (stop.reason) {
    case 'harm':
      return `Keep "${baseline}": every other variant is worse for sure, ${after}.${care}`;
    case 'futility':
      return `Keep "${baseline}": no other variant can still show an effect that matters, ${after}.${care}`;
    case 'budget':
      return `Cannot tell: the budget was used up ${after}.${care}`;
    default:
      return `Cannot tell: all ${items} items are in and no variant is shown to be better.${care}`;
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
