import type { HistogramSample, MetricFamily, NumberSample } from './metric-family.ts';

/** Families as Prometheus text (exposition format 0.0.4): help and type first, then the samples. */
export function formatFamilies(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  for (const { definition, samples } of families) {
    const { name, help, kind, labels, buckets = [] } = definition;
    lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${kind}`);
    for (const sample of samples) {
      const pairs = labels.map((label, index) => `${label}="${escapeValue(sample.values[index] ?? '')}"`);
      if ('counts' in sample) pushHistogram(lines, name, pairs, buckets, sample);
      else lines.push(`${name}${inBraces(pairs)} ${formatNumber(sample.value)}`);
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function pushHistogram(
  lines: string[],
  name: string,
  pairs: readonly string[],
  buckets: readonly number[],
  { counts, sum }: HistogramSample,
): void {
  let total = 0;
  for (const [index, count] of counts.entries()) {
    total += count;
    const bound = buckets[index];
    const le = bound === undefined ? '+Inf' : formatNumber(bound);
    lines.push(`${name}_bucket${inBraces([...pairs, `le="${le}"`])} ${total}`);
  }
  lines.push(`${name}_sum${inBraces(pairs)} ${formatNumber(sum)}`, `${name}_count${inBraces(pairs)} ${total}`);
}

function inBraces(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function formatNumber(value: NumberSample['value']): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
