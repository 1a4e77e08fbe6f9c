import type { TimelineEntryFieldsFragment } from '../../gql/comparisons.ts';
import { codeWords, formatChance } from './plan-words.ts';
import classes from './route-step.module.css';
import { strategyLabel } from './strategy-words.ts';

type Route = NonNullable<TimelineEntryFieldsFragment['route']>;

/** What the router went by, as a lane's timeline keeps it: figures first, the lists behind one press. */
export function RouteStep({ route }: { route: Route }) {
  const { candidates, rejected, rejectedCount, matchedRules, propensity, isExploration } = route;
  const hidden = rejectedCount - rejected.length;
  return (
    <div className={classes.route}>
      <p className={classes.meta}>
        {strategyLabel(route.strategy)} · chosen with a chance of {formatChance(propensity)}
        {isExploration ? ' · tried to learn' : ''}
      </p>
      <details>
        <summary>
          {counted(candidates.length, 'candidate')}, {rejectedCount} rejected, {counted(matchedRules.length, 'rule')}
        </summary>
        {matchedRules.length > 0 ? (
          <ul className={classes.list} aria-label="Rules that took part">
            {matchedRules.map(({ ruleId, name, effects }) => (
              <li key={ruleId}>
                <strong>{name}</strong>: {effects.join('; ')}
              </li>
            ))}
          </ul>
        ) : null}
        <ol className={classes.list} aria-label="Candidates with their scores">
          {candidates.map(({ modelId, score, propensity: chance }) => (
            <li key={modelId}>
              <span>{modelId}</span>
              <span className={classes.figure}>
                {score.toFixed(3)}
                {chance === null ? '' : ` · ${formatChance(chance)}`}
              </span>
            </li>
          ))}
        </ol>
        {rejected.length > 0 ? (
          <ul className={classes.list} aria-label="Rejected">
            {rejected.map(({ modelId, code, reason }) => (
              <li key={`${modelId}${code}`}>
                {modelId}: {reason} <span className={classes.code}>{codeWords(code)}</span>
              </li>
            ))}
            {hidden > 0 ? <li>{hidden} more</li> : null}
          </ul>
        ) : null}
      </details>
    </div>
  );
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
