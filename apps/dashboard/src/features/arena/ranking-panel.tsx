import { formatCount, formatShare } from '../../format/number-format.ts';
import type { ArenaStandingFragment } from '../../gql/arena.ts';
import classes from './ranking-panel.module.css';

interface Props {
  board: ArenaStandingFragment['leaderboard'];
  tally: ArenaStandingFragment['voting']['tally'];
}

/** The ranking that votes give so far: each variant with the places that the votes allow, drawn; counted votes before there is one. */
export function RankingPanel({ board, tally }: Props) {
  const { rows, cannotTell, caution, votes } = board;
  return (
    <section className={classes.panel} aria-labelledby="arena-ranking">
      <h2 id="arena-ranking">Ranking so far</h2>
      {votes === 0 ? <p>There is no vote yet.</p> : cannotTell ? <p>{cannotTell}</p> : null}
      {votes > 0 && rows.length === 0 ? (
        <ul className={classes.rows} aria-label="Votes so far">
          {tally.map(({ variant, wins, losses, ties, bothBad }) => (
            <li key={variant}>
              <div className={classes.head}>
                <b>{variant}</b>
                <span>
                  {wins} won, {losses} lost, {ties} as good, {bothBad} both bad
                </span>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {rows.length > 0 ? (
        <>
          <p>
            From {formatCount(votes)} {votes === 1 ? 'vote' : 'votes'}. A bar covers the places that the votes allow;
            bars that overlap are not decided. {caution}
          </p>
          <ol className={classes.rows}>
            {rows.map(({ variant, bestRank, worstRank, winShare, points, lowPoints, highPoints, bothBad }) => (
              <li key={variant}>
                <div className={classes.head}>
                  <b>{variant}</b>
                  <span>{bestRank === worstRank ? `place ${bestRank}` : `place ${bestRank} to ${worstRank}`}</span>
                </div>
                <div className={classes.track} aria-hidden="true">
                  {rows.map((_row, index) => (
                    <i key={index} data-on={(index + 1 >= bestRank && index + 1 <= worstRank) || undefined} />
                  ))}
                </div>
                <small>
                  wins {formatShare(winShare)} against an average one; {Math.round(points)} points (
                  {Math.round(lowPoints)} to {Math.round(highPoints)})
                  {bothBad > 0 ? `; ${bothBad} of ${formatCount(votes)} both bad` : ''}
                </small>
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </section>
  );
}
