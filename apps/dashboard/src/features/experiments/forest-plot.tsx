import classes from './forest-plot.module.css';
import { axisWords, differenceWords, metricName, rangeWords, sizeWords } from './metric-words.ts';

interface Effect {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface ForestRow {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  readonly effect: Effect | null;
  readonly cannotTell: string | null;
  /** `passed`, `harmed` or `open`; null when the metric decides nothing. */
  readonly marginVerdict: string | null;
}

interface Props {
  metric: string;
  better: 'higher' | 'lower';
  /** A loss up to here is fine; 0: any loss is one. */
  margin: number;
  title: string;
  rows: readonly ForestRow[];
}

const width = 400;
const inset = 10;

/** Effects with their intervals around zero on one axis, good to the right; the zone of losses that are fine is marked. */
export function ForestPlot({ metric, better, margin, title, rows }: Props) {
  const sign = better === 'lower' ? -1 : 1;
  const known = rows.flatMap(({ effect }) => effect ?? []);
  const widest = Math.max(0, ...known.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  // A margin far beyond the effects must not press them into a dot.
  const span = Math.max(1e-12, 1.08 * Math.max(widest, Math.min(margin, 4 * widest || margin)));
  const x = (value: number) => width / 2 + Math.max(-1, Math.min(1, (sign * value) / span)) * (width / 2 - inset);
  return (
    <section className={classes.plot} aria-label={`${title}: ${metricName(metric)}`}>
      <header className={classes.head}>
        <h3>{metricName(metric)}</h3>
        <span>{title}</span>
      </header>
      <ul className={classes.rows}>
        {rows.map(({ key, label, colour, effect, cannotTell, marginVerdict }) => (
          <li key={key}>
            <span className={classes.name}>
              <i style={{ background: colour }} aria-hidden="true" />
              {label}
            </span>
            {effect ? (
              <>
                <svg viewBox={`0 0 ${width} 26`} preserveAspectRatio="none" aria-hidden="true" className={classes.axis}>
                  {margin > 0 ? (
                    <rect
                      x={x(-sign * margin)}
                      width={x(0) - x(-sign * margin)}
                      y="0"
                      height="26"
                      className={classes.zone}
                    />
                  ) : null}
                  <line x1={x(0)} x2={x(0)} y1="0" y2="26" className={classes.zero} />
                  <g data-tone={toneOf(effect, sign, marginVerdict)} className={classes.effect}>
                    <line x1={x(effect.low)} x2={x(effect.high)} y1="13" y2="13" className={classes.range} />
                    <line x1={x(effect.low)} x2={x(effect.low)} y1="8" y2="18" className={classes.end} />
                    <line x1={x(effect.high)} x2={x(effect.high)} y1="8" y2="18" className={classes.end} />
                    <line x1={x(effect.estimate)} x2={x(effect.estimate)} y1="13" y2="13" className={classes.dot} />
                  </g>
                </svg>
                <span className={classes.words}>
                  <strong>{differenceWords(metric, effect.estimate)}</strong>
                  <span>{rangeWords(metric, effect.low, effect.high)}</span>
                </span>
              </>
            ) : (
              <span className={classes.unknown}>{cannotTell ?? 'Cannot tell yet.'}</span>
            )}
          </li>
        ))}
      </ul>
      {known.length > 0 ? (
        <p className={classes.scale} aria-hidden="true">
          <span>{axisWords(metric, -sign * span)}</span>
          <span>← worse</span>
          <span>0</span>
          <span>better →</span>
          <span>{axisWords(metric, sign * span)}</span>
        </p>
      ) : null}
      {margin > 0 ? (
        <p className={classes.note}>
          <i aria-hidden="true" />A loss of up to {sizeWords(metric, margin)} is fine.
        </p>
      ) : null}
    </section>
  );
}

function toneOf({ low, high }: Effect, sign: number, marginVerdict: string | null): string {
  if (marginVerdict === 'harmed') return 'bad';
  if (low > 0 || high < 0) return sign * low > 0 ? 'good' : 'bad';
  return marginVerdict === 'passed' ? 'good' : 'open';
}
