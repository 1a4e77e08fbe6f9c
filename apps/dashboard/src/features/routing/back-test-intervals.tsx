import classes from './back-test-tab.module.css';
import { type Interval, intervalFormats, verdictOf } from './back-test-words.ts';

interface Props {
  title: string;
  kind: keyof typeof intervalFormats;
  better: 'lower' | 'higher';
  recorded: Interval | null;
  draft: Interval | null;
  isReliable: boolean;
}

const width = 300;
const inset = 8;

/** Two means with their 95 % intervals over one axis, and what may be concluded from them. */
export function BackTestIntervals({ title, kind, better, recorded, draft, isReliable }: Props) {
  const format = intervalFormats[kind];
  const { tone, words } = verdictOf(recorded, draft, isReliable, better);
  const all = [recorded, draft].filter((each) => each !== null);
  const low = Math.min(...all.map((each) => each.low));
  const high = Math.max(...all.map((each) => each.high));
  const span = high - low || 1;
  const x = (value: number) => inset + ((value - low) / span) * (width - 2 * inset);
  const rows = [
    { name: 'as it was', value: recorded, colour: 'var(--sy-muted)' },
    { name: 'with the draft', value: draft, colour: 'var(--sy-accent)' },
  ];
  return (
    <section className={classes.interval} aria-label={title}>
      <h3 className={classes.intervalTitle}>{title}</h3>
      <p className={classes.verdict} data-tone={tone}>
        {words}
      </p>
      {rows.map(({ name, value, colour }) => (
        <div key={name} className={classes.intervalRow}>
          <p className={classes.intervalWords}>
            <span>{name}</span>
            {value ? (
              <span className="tabular">
                <strong>{format(value.mean)}</strong>{' '}
                <span className={classes.muted}>
                  {format(value.low)} to {format(value.high)}
                </span>
              </span>
            ) : (
              <span className={classes.muted}>unknown</span>
            )}
          </p>
          <svg viewBox={`0 0 ${width} 14`} className={classes.intervalPicture} aria-hidden="true">
            <line x1="0" x2={width} y1="7" y2="7" stroke="var(--sy-border)" />
            {value ? (
              <g stroke={colour} strokeWidth="2" strokeLinecap="round">
                <line x1={x(value.low)} x2={x(value.high)} y1="7" y2="7" strokeWidth="4" opacity="0.45" />
                <line x1={x(value.low)} x2={x(value.low)} y1="3" y2="11" />
                <line x1={x(value.high)} x2={x(value.high)} y1="3" y2="11" />
                <circle cx={x(value.mean)} cy="7" r="4" fill={colour} stroke="none" />
              </g>
            ) : null}
          </svg>
        </div>
      ))}
    </section>
  );
}
