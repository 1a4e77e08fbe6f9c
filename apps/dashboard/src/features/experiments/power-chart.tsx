import { useId } from 'react';
import { formatCompact, formatShare, formatUsd } from '../../format/number-format.ts';
import classes from './power-chart.module.css';

interface Point {
  readonly items: number;
  readonly power: number;
  readonly costUsd: string | null;
}

interface Props {
  points: readonly Point[];
  /** The chance that is asked for, 0 to 1. */
  power: number;
  plannedItems: number | null;
}

const width = 320;
const height = 120;

/** The chance to find the effect over the number of items, with the one that is asked for and the items there are. */
export function PowerChart({ points, power, plannedItems }: Props) {
  const id = useId();
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || last.items <= first.items) return null;
  const x = (items: number) => ((Math.min(last.items, Math.max(0, items)) - 0) / last.items) * width;
  const y = (value: number) => height - value * (height - 4);
  const line = points.map(({ items, power: value }) => `${x(items).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const words = points
    .filter((_, index) => index % 4 === 0)
    .map(({ items, power: value }) => `${items} items: ${formatShare(value)}`)
    .join('; ');
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <figcaption id={id}>Chance to find the effect, by items</figcaption>
      <div className={classes.plot} role="img" aria-label={words}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {[0.25, 0.5, 0.75, 1].map((share) => (
            <line key={share} x1="0" x2={width} y1={y(share)} y2={y(share)} className={classes.grid} />
          ))}
          <polygon points={`${x(first.items)},${height} ${line} ${width},${height}`} className={classes.area} />
          <polyline points={line} className={classes.line} />
          <line x1="0" x2={width} y1={y(power)} y2={y(power)} className={classes.wanted} />
          {plannedItems === null ? null : (
            <line x1={x(plannedItems)} x2={x(plannedItems)} y1="0" y2={height} className={classes.planned} />
          )}
        </svg>
        <span className={classes.wantedLabel} style={{ top: `${(y(power) / height) * 100}%` }} aria-hidden="true">
          {formatShare(power)}
        </span>
      </div>
      <p className={classes.axis} aria-hidden="true">
        <span>0</span>
        <span>{formatCompact(Math.round(last.items / 2))}</span>
        <span>
          {formatCompact(last.items)} items{last.costUsd ? `, ${formatUsd(last.costUsd)}` : ''}
        </span>
      </p>
      <p className={classes.legend} aria-hidden="true">
        <span data-look="planned">this test</span>
        <span data-look="wanted">asked for</span>
      </p>
    </figure>
  );
}
