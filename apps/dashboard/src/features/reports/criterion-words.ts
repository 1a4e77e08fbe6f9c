import { formatCount, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import type { ReportComparisonQuery, ReportCriterion } from '../../gql/reports.ts';

export type Compared = ReportComparisonQuery['providerComparison']['subjects'][number];
export type CriterionView = Compared['criteria'][number];

export const criteria: Record<
  ReportCriterion,
  { readonly label: string; readonly better: string; readonly samples: string; format(value: number): string }
> = {
  LATENCY: { label: 'Latency', better: 'faster', samples: 'successes', format: formatDuration },
  COST: { label: 'Cost per success', better: 'cheaper', samples: 'successes', format: formatUsd },
  QUALITY: { label: 'Quality', better: 'better', samples: 'judged', format: (value) => value.toFixed(2) },
  RELIABILITY: { label: 'Success', better: 'more reliable', samples: 'calls', format: formatShare },
};
export const criterionNames = [
  'LATENCY',
  'COST',
  'QUALITY',
  'RELIABILITY',
] as const satisfies readonly ReportCriterion[];

/** `1`, `1–2`; places that the data leave open. */
export function placeText(rank: { readonly best: number; readonly worst: number } | null): string {
  if (!rank) return '—';
  return rank.best === rank.worst ? String(rank.best) : `${rank.best}–${rank.worst}`;
}

export function intervalWords({ criterion, low, high, samples }: CriterionView): string {
  const { format, samples: noun } = criteria[criterion];
  return low === null || high === null ? '' : `${format(low)} to ${format(high)}, ${formatCount(samples ?? 0)} ${noun}`;
}

type SureDifference = ReportComparisonQuery['providerComparison']['differences'][number];

/** One line for each that is better than others by a criterion: pair by pair they would be dozens. */
export function gatherDifferences(differences: readonly SureDifference[]) {
  const lines = new Map<string, { criterion: ReportCriterion; better: string; worse: string[] }>();
  for (const { criterion, better, worse } of differences) {
    const line = lines.get(`${criterion} ${better}`) ?? { criterion, better, worse: [] };
    line.worse.push(worse);
    lines.set(`${criterion} ${better}`, line);
  }
  return [...lines.values()].sort(
    (a, b) =>
      criterionNames.indexOf(a.criterion) - criterionNames.indexOf(b.criterion) || b.worse.length - a.worse.length,
  );
}
