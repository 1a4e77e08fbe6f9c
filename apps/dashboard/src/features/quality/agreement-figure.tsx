import classes from './agreement-figure.module.css';

interface Figure {
  estimate: number | null;
  low: number | null;
  high: number | null;
  cannotTell: string | null;
}

interface Props {
  label: string;
  hint?: string | undefined;
  figure: Figure;
  /** The ends of the scale that is drawn. */
  from: number;
  to: number;
  /** Where nothing is told: chance, or no difference. */
  neutral?: number;
  asPercent?: boolean;
}

/** A figure with its 95 % interval drawn on its scale, or why it cannot be told. */
export function AgreementFigure({ label, hint, figure, from, to, neutral, asPercent = false }: Props) {
  const { estimate, low, high, cannotTell } = figure;
  const say = (value: number) => (asPercent ? `${Math.round(value * 100)} %` : value.toFixed(2));
  const at = (value: number) => `${(100 * (Math.min(to, Math.max(from, value)) - from)) / (to - from)}%`;
  const isKnown = estimate !== null && low !== null && high !== null;
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        {isKnown ? (
          <>
            <b>{say(estimate)}</b> {say(low)} to {say(high)}
          </>
        ) : (
          <b>cannot tell</b>
        )}
      </dd>
      {isKnown || cannotTell || hint ? (
        <dd className={classes.below}>
          {isKnown ? (
            <div className={classes.axis} aria-hidden="true">
              {neutral === undefined ? null : <u style={{ left: at(neutral) }} />}
              <i style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
              <span className={classes.mark} style={{ left: at(estimate) }} />
            </div>
          ) : null}
          {cannotTell ?? hint}
        </dd>
      ) : null}
    </div>
  );
}
