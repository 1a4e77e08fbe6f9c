import { formatDuration, formatUsd } from '../../format/number-format.ts';

const names: Readonly<Record<string, string>> = {
  success: 'success rate',
  costUsd: 'cost per answer',
  latencyMs: 'latency',
  timeToFirstTokenMs: 'time to first token',
  outputTokens: 'output tokens',
  rating: 'rating by people',
};

export const builtInMetrics = Object.keys(names);

/** The name of a metric for people. */
export const metricName = (metric: string): string =>
  names[metric] ?? (metric.startsWith('score:') ? `score “${metric.slice('score:'.length)}”` : metric);

/** Whether all its values lie within 0 and 1; shown as points of 100. */
export const isShareMetric = (metric: string): boolean =>
  metric === 'success' || metric === 'rating' || metric.startsWith('score:');

/** Up to so many decimals, without zeros at the end. */
function trim(value: number, decimals: number): string {
  const shown = value.toFixed(decimals);
  return shown.includes('.') ? shown.replace(/\.?0+$/, '') : shown;
}

/** A size without its sign: `8 points`, `412 ms`, `$0.0012`, `34 tokens`. */
export function sizeWords(metric: string, value: number): string {
  const size = Math.abs(value);
  if (metric === 'costUsd') return formatUsd(size);
  if (metric.endsWith('Ms')) return formatDuration(size);
  if (metric === 'outputTokens') return `${trim(size, 1)} tokens`;
  if (!isShareMetric(metric)) return trim(size, 3);
  const points = trim(size * 100, size < 0.1 ? 1 : 0);
  return `${points} ${points === '1' ? 'point' : 'points'}`;
}

/** The same in as few letters as an axis needs: `8`, `412 ms`. */
export function axisWords(metric: string, value: number): string {
  if (value === 0) return '0';
  const sign = value < 0 ? '−' : '+';
  return sign + sizeWords(metric, value).replace(/ (points?|tokens)$/, '');
}

/** A difference with its sign: `+8 points`, `−120 ms`. */
export function differenceWords(metric: string, value: number): string {
  const size = sizeWords(metric, value);
  const isNothing = /^\$?0( |$)/.test(size);
  return isNothing ? size : `${value < 0 ? '−' : '+'}${size}`;
}

/** An interval: the unit once where it is the same, `+3 to +13 points`. */
export function rangeWords(metric: string, low: number, high: number, between = 'to'): string {
  const [first, last] = [differenceWords(metric, low), differenceWords(metric, high)];
  const unit = / (?:points?|tokens|ms|s)$/;
  const isShared = unit.exec(first)?.[0].replace(/s$/, '') === unit.exec(last)?.[0].replace(/s$/, '');
  return `${isShared ? first.replace(unit, '') : first} ${between} ${last}`;
}

/** A value as such: shares as percent. */
export function levelWords(metric: string, value: number): string {
  return isShareMetric(metric) ? `${trim(value * 100, 1)} %` : sizeWords(metric, value);
}

/** What a share metric counts in the editor's own unit, else the unit of the metric. */
export function unitOf(metric: string): string {
  if (isShareMetric(metric)) return 'points';
  if (metric === 'costUsd') return 'USD';
  if (metric.endsWith('Ms')) return 'ms';
  return metric === 'outputTokens' ? 'tokens' : '';
}

/** A p-value as people write it; a dash for none. */
export function pWords(value: number | null): string {
  if (value === null) return '—';
  return value < 0.001 ? '< 0.001' : value.toFixed(value < 0.1 ? 3 : 2);
}
