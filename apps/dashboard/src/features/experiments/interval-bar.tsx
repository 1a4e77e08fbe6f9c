import classes from './interval-bar.module.css';

interface Props {
  effect: { readonly estimate: number; readonly low: number; readonly high: number };
  /** Half of the axis: it goes from minus this to plus this. */
  span: number;
  better: 'higher' | 'lower';
  /** The same in words, for those who do not see it. */
  label: string;
}

const width = 120;

/** An effect as a dot with its interval around zero; green or red only when zero is outside. */
export function IntervalBar({ effect: { estimate, low, high }, span, better, label }: Props) {
  const x = (value: number) => width / 2 + (Math.max(-span, Math.min(span, value)) / span) * (width / 2 - 5);
  const isSure = low > 0 || high < 0;
  const isGood = estimate > 0 === (better === 'higher');
  const tone = isSure ? (isGood ? 'good' : 'bad') : 'open';
  return (
    <svg viewBox={`0 0 ${width} 18`} className={classes.bar} data-tone={tone} role="img" aria-label={label}>
      <line x1={width / 2} x2={width / 2} y1="1" y2="17" className={classes.zero} />
      <line x1={x(low)} x2={x(high)} y1="9" y2="9" className={classes.range} />
      <circle cx={x(estimate)} cy="9" r="3.5" className={classes.dot} />
    </svg>
  );
}
