import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { formatCompact, formatCount, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import type { TrendDirection } from '../../gql/reports.ts';
import { changeText, type ExploreReport } from './report-figures.ts';
import classes from './reports.module.css';

interface Tile {
  readonly label: string;
  readonly value: string;
  readonly change: string | undefined;
  readonly note?: string | undefined;
  readonly trend?: TrendDirection | undefined;
}

function tilesOf(report: ExploreReport): readonly Tile[] {
  const { total, previousTotal: before, quality, previousQuality } = report;
  const share = (value: number | null) => (value === null ? '—' : formatShare(value));
  const points = (now: number | null, then: number | null | undefined) =>
    now === null || then === null || then === undefined
      ? undefined
      : `${now >= then ? '+' : '−'}${(Math.abs(now - then) * 100).toFixed(1)} points`;
  const tokens = total.inputTokens + total.outputTokens;
  return [
    {
      label: 'Spend',
      value: formatUsd(total.costUsd),
      change: changeText(Number(total.costUsd), before && Number(before.costUsd)),
      note: total.unknownCostCalls > 0 ? `without ${formatCount(total.unknownCostCalls)} of unknown cost` : undefined,
      trend: report.costTrend?.direction,
    },
    {
      label: 'Calls',
      value: formatCount(total.calls),
      change: changeText(total.calls, before?.calls),
      note: total.failed > 0 ? `${formatCount(total.failed)} failed` : undefined,
      trend: report.callsTrend?.direction,
    },
    {
      label: 'Success',
      value: share(total.successRate),
      change: points(total.successRate, before?.successRate),
      trend: report.successTrend?.direction,
    },
    {
      label: 'Latency, 95 %',
      value: total.latency ? formatDuration(total.latency.p95Ms) : '—',
      change: total.latency ? changeText(total.latency.p95Ms, before?.latency?.p95Ms) : undefined,
      note: total.latency ? `median ${formatDuration(total.latency.p50Ms)}` : undefined,
      trend: report.latencyTrend?.direction,
    },
    {
      label: 'Tokens',
      value: formatCompact(tokens),
      change: changeText(tokens, before && before.inputTokens + before.outputTokens),
      trend: report.tokensTrend?.direction,
    },
    {
      label: 'Quality',
      value: quality ? quality.mean.toFixed(2) : '—',
      change: quality && previousQuality ? changeText(quality.mean, previousQuality.mean) : undefined,
      note: quality
        ? `${quality.low !== null && quality.high !== null ? `${quality.low.toFixed(2)} to ${quality.high.toFixed(2)}, ` : ''}${formatCount(quality.judgedCalls)} judged`
        : 'nothing was judged',
    },
  ];
}

/** The whole range at a look, beside the period before; "rising" and "falling" only where that is more than chance. */
export function FigureTiles({ report }: { report: ExploreReport }) {
  return (
    <dl className={classes.tiles}>
      {tilesOf(report).map(({ label, value, change, note, trend }) => (
        <div key={label} className={classes.tile}>
          <dt>{label}</dt>
          <dd>
            <strong>{value}</strong>
            {change ? (
              <span>
                {change}
                <span className="visually-hidden"> against the period before</span>
              </span>
            ) : null}
          </dd>
          {trend === 'RISING' || trend === 'FALLING' ? (
            <dd className={classes.trend}>
              {trend === 'RISING' ? (
                <IconArrowUpRight size={14} aria-hidden="true" />
              ) : (
                <IconArrowDownRight size={14} aria-hidden="true" />
              )}
              {trend === 'RISING' ? 'rising' : 'falling'}
            </dd>
          ) : null}
          {note ? <dd className={classes.note}>{note}</dd> : null}
        </div>
      ))}
    </dl>
  );
}
