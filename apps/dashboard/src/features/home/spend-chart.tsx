import { formatUsd } from '../../format/number-format.ts';
import type { DayHours } from './day-hours.ts';
import classes from './home-page.module.css';

const width = 720;
const height = 170;
const left = 4;
const bottom = 2;
const top = 14;
const hoursOfDay = 24;

const highestOf = ({ today, yesterday }: DayHours) => Math.max(today.at(-1) ?? 0, yesterday.at(-1) ?? 0, 1e-12);

/** A cap far above everything would press the curve flat: then it is named and not drawn. */
export const canDrawCap = (days: DayHours, capUsd: number): boolean => capUsd > 0 && capUsd <= highestOf(days) * 8;

/** Today's spend hour by hour and summed up, yesterday's sum behind it, and the cap of the daily budget. */
export function SpendChart({ days, capUsd }: { days: DayHours; capUsd: number | undefined }) {
  const total = days.today.at(-1) ?? 0;
  const highest = highestOf(days);
  const isCapDrawn = capUsd !== undefined && canDrawCap(days, capUsd);
  const scale = (isCapDrawn ? Math.max(highest, capUsd) : highest) * 1.08;
  const x = (hour: number) => left + (hour / hoursOfDay) * (width - 2 * left);
  const y = (amount: number) => height - bottom - (amount / scale) * (height - bottom - top);
  const tallest = Math.max(...days.hours, 1e-12);
  const line = (sums: readonly number[], until: number) =>
    [
      `M${x(0)} ${y(0)}`,
      ...sums.map((sum, hour) => `L${x(Math.min(hour + 1, until)).toFixed(1)} ${y(sum).toFixed(1)}`),
    ].join(' ');
  const words = `Spent today ${formatUsd(total)}; yesterday in all ${formatUsd(days.yesterday.at(-1) ?? 0)}${capUsd === undefined ? '' : `; daily cap ${formatUsd(capUsd)}`}.`;
  return (
    <div>
      <svg className={classes.chart} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <line x1={left} x2={width - left} y1={y(0)} y2={y(0)} className={classes.axis} />
        {days.hours.map((amount, hour) =>
          amount > 0 ? (
            <rect
              key={hour}
              className={classes.hour}
              x={x(hour) + 2}
              width={x(1) - x(0) - 4}
              y={y(0) - Math.max(2, (amount / tallest) * (height - bottom - top) * 0.45)}
              height={Math.max(2, (amount / tallest) * (height - bottom - top) * 0.45)}
              rx="2"
            >
              <title>{`${String(hour).padStart(2, '0')}:00, ${formatUsd(amount)}`}</title>
            </rect>
          ) : null,
        )}
        <path d={line(days.yesterday, hoursOfDay)} className={classes.yesterday} />
        <path d={line(days.today, days.elapsedHours)} className={classes.today} />
        <circle cx={x(days.elapsedHours)} cy={y(total)} r="4" className={classes.nowDot} />
        {isCapDrawn ? (
          <>
            <line x1={left} x2={width - left} y1={y(capUsd)} y2={y(capUsd)} className={classes.cap} />
            <text x={width - left} y={y(capUsd) - 4} textAnchor="end" className={classes.capText}>
              cap {formatUsd(capUsd)}
            </text>
          </>
        ) : null}
      </svg>
      <p className={classes.hourMarks} aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}:00</span>
        ))}
      </p>
    </div>
  );
}
