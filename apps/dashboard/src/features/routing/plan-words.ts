import { formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import type { PlanFieldsFragment } from '../../gql/routing.ts';

export type Plan = Omit<PlanFieldsFragment, '__typename'>;
export type Candidate = Plan['candidates'][number];
type Criterion = Candidate['criteria'][number];

export const criterionLabels = {
  COST: 'Cost',
  LATENCY: 'Latency',
  QUALITY: 'Quality',
  RELIABILITY: 'Reliability',
} as const;

/** The figure behind a score, in its unit: `$0.0021`, `412 ms`, `0.81`, `1.5 % errors`. */
export function figureOf({ criterion, value }: Criterion): string {
  if (value === null) return criterion === 'COST' ? 'price unknown' : 'not measured';
  if (criterion === 'COST') return formatUsd(value / 1e9);
  if (criterion === 'LATENCY') return formatDuration(value);
  if (criterion === 'QUALITY') return value.toFixed(2);
  return `${formatShare(value)} errors`;
}

/** A probability for people: never a false 100 % or 0 %. */
export function formatChance(value: number | null): string {
  if (value === null) return '—';
  if (value > 0.999 && value < 1) return '> 99.9 %';
  if (value > 0 && value < 0.001) return '< 0.1 %';
  return formatShare(value);
}

/** `TOO_EXPENSIVE` → `too expensive`. */
export const codeWords = (code: string) => code.toLowerCase().replaceAll('_', ' ');
