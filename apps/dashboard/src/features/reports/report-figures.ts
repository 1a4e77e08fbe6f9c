import { formatCompact, formatCount, formatUsd } from '../../format/number-format.ts';
import type { ReportExploreQuery } from '../../gql/reports.ts';

export type ExploreReport = ReportExploreQuery['metrics'];
export type ExploreGroup = ExploreReport['groups'][number];
export type ExploreTotals = ExploreReport['total'];
type Series = NonNullable<ExploreReport['series']>;

/** What the chart can show, step by step. */
export const chartFigures = [
  {
    value: 'cost',
    label: 'Spend',
    read: ({ costUsd }: Series, step: number) => Number(costUsd[step] ?? 0),
    format: formatUsd,
  },
  { value: 'calls', label: 'Calls', read: ({ calls }: Series, step: number) => calls[step] ?? 0, format: formatCount },
  {
    value: 'failed',
    label: 'Failed calls',
    read: ({ failed }: Series, step: number) => failed[step] ?? 0,
    format: formatCount,
  },
  {
    value: 'tokens',
    label: 'Tokens',
    read: ({ inputTokens, outputTokens }: Series, step: number) => (inputTokens[step] ?? 0) + (outputTokens[step] ?? 0),
    format: (value: number) => formatCompact(Math.round(value)),
  },
] as const;
export type ChartFigure = (typeof chartFigures)[number];

export const chartFigureOf = (name: string | null): ChartFigure =>
  chartFigures.find(({ value }) => value === name) ?? chartFigures[0];

/** `+12 %`, `−3 %`, `new`; undefined when there is nothing to compare. */
export function changeText(now: number, before: number | undefined | null): string | undefined {
  if (before === undefined || before === null) return undefined;
  if (before === 0) return now === 0 ? undefined : 'new';
  const share = (now - before) / before;
  if (Math.abs(share) < 0.0005) return '±0 %';
  const size = Math.abs(share) * 100;
  return `${share > 0 ? '+' : '−'}${size >= 1_000 ? formatCompact(Math.round(size)) : size.toFixed(size < 10 ? 1 : 0)} %`;
}

export const nameOf = (group: ExploreGroup): string => group.values.map(({ label }) => label).join(' · ');
export const keyOf = (group: ExploreGroup): string => group.values.map(({ value }) => value).join('\n');
