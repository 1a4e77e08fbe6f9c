import classes from './score-line.module.css';

interface Props {
  score: number | null;
  missing: string | null;
  why: string;
  changedWithOrder: boolean | null;
}

/** A score as a bar and a number, with the reason; a missing one says why and is never drawn as 0. */
export function ScoreLine({ score, missing, why, changedWithOrder }: Props) {
  return (
    <div className={classes.line} data-missing={score === null || undefined}>
      {score === null ? (
        <b>no score</b>
      ) : (
        <>
          <span className={classes.bar} aria-hidden="true">
            <i style={{ width: `${score * 100}%` }} data-tone={score >= 0.7 ? 'good' : score >= 0.4 ? 'warn' : 'bad'} />
          </span>
          <b>{Number(score.toFixed(3))}</b>
        </>
      )}
      <span>{why || missing}</span>
      {changedWithOrder ? <em>It chose another one when the two changed places.</em> : null}
    </div>
  );
}
