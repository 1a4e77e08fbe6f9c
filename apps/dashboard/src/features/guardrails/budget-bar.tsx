import { Tooltip } from '@mantine/core';
import { layOutBar } from './bar-geometry.ts';
import classes from './budget-bar.module.css';
import type { WindowView } from './budget-view.ts';
import { formatAmount, type Unit } from './budget-words.ts';

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

/** The one live bar of a window: spent, reserved and free, thresholds as ticks, and where it will end. */
export function BudgetBar({
  budget,
  window,
}: {
  budget: { name: string; unit: Unit; alertThresholds: readonly number[] };
  window: WindowView;
}) {
  const { unit } = budget;
  const likely = window.forecast?.projectedAtEnd ?? undefined;
  const bar = layOutBar({
    spent: Number(window.spent),
    reserved: Number(window.reserved),
    limit: Number(window.limit),
    forecast: likely === undefined ? undefined : Number(likely),
    thresholds: budget.alertThresholds,
  });
  const used = Number(window.spent) + Number(window.reserved);
  const share = Number(window.limit) > 0 ? used / Number(window.limit) : used > 0 ? 1 : 0;
  const words = [
    `${formatAmount(unit, window.spent)} spent`,
    Number(window.reserved) > 0 ? `${formatAmount(unit, window.reserved)} reserved` : '',
    `${formatAmount(unit, window.free)} free of ${formatAmount(unit, window.limit)}`,
    likely === undefined ? '' : `about ${formatAmount(unit, likely)} expected at the end`,
  ].filter(Boolean);
  return (
    <div className={classes.bar} data-tone={bar.tone}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn in parts. */}
      <div
        className={classes.track}
        role="meter"
        aria-label={`${budget.name}, ${window.origin === 'LIVE' ? 'live' : 'simulated'}${window.subject ? `, ${window.subject}` : ''}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={words.join(', ')}
      >
        <span className={classes.spent} style={{ width: percent(bar.spent) }} />
        <span className={classes.reserved} style={{ left: percent(bar.spent), width: percent(bar.reserved) }} />
        {bar.limit < 1 ? <span className={classes.beyond} style={{ left: percent(bar.limit) }} /> : null}
      </div>
      {bar.ticks.map(({ share: threshold, at, isReached }) => (
        <Tooltip key={threshold} label={`People are told at ${Math.round(threshold * 100)} %`}>
          <span className={classes.tick} data-reached={isReached || undefined} style={{ left: percent(at) }} />
        </Tooltip>
      ))}
      {bar.limit < 1 ? <span className={classes.limit} style={{ left: percent(bar.limit) }} /> : null}
      {bar.forecast === undefined || likely === undefined ? null : (
        <Tooltip
          multiline
          maw={280}
          label={`Expected at the end: ${formatAmount(unit, likely)} (${formatAmount(unit, window.forecast?.low ?? likely)} to ${formatAmount(unit, window.forecast?.high ?? likely)})`}
        >
          <span
            className={classes.forecast}
            data-beyond={bar.isForecastBeyond || undefined}
            style={{ left: percent(bar.forecast) }}
          />
        </Tooltip>
      )}
    </div>
  );
}
