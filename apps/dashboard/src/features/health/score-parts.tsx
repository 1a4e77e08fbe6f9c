import { formatCount } from '../../format/number-format.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import classes from './score-parts.module.css';

const parts = [
  { key: 'uptime', label: 'Uptime', weight: 40, words: 'Was something answered in every ten seconds with calls?' },
  { key: 'latency', label: 'Latency', weight: 30, words: 'Did answers begin in the usual time of each model?' },
  { key: 'errorRate', label: 'Errors', weight: 30, words: 'No failure is 100; a quarter of the calls is 0.' },
] as const;

const toneOf = (value: number) => (value >= 92 ? 'good' : value >= 60 ? 'warn' : 'bad');

/** The score and what it is made of: three parts with their weights, what they measure, and how many points they bring. */
export function ScoreParts({ condition: { score, components, sampleCount } }: { condition: ProviderCondition }) {
  return (
    <section className={classes.card} aria-label="Score">
      <p className={classes.score}>
        <strong>{score ?? '—'}</strong> <span>{score === null ? 'no score yet' : 'of 100'}</span>
      </p>
      {components ? (
        <dl className={classes.parts}>
          {parts.map(({ key, label, weight, words }) => {
            const value = components[key];
            return (
              <div key={key}>
                <dt>
                  {label} <span className={classes.weight}>{weight} % of the score</span>
                </dt>
                <dd>
                  <span className={classes.points}>
                    {Math.round(value)} of 100, so {formatPoints((value * weight) / 100)} of {weight} points
                  </span>
                  <span className={classes.track} aria-hidden="true">
                    <span data-tone={toneOf(value)} style={{ width: `${Math.max(0, Math.min(100, value))}%` }} />
                  </span>
                  <span className={classes.words}>{words}</span>
                </dd>
              </div>
            );
          })}
        </dl>
      ) : (
        <p className={classes.words}>
          Nothing was heard for a quarter of an hour. The next call or check gives it a score.
        </p>
      )}
      {components ? (
        <p className={classes.words}>
          From {formatCount(sampleCount)} {sampleCount === 1 ? 'call or check' : 'calls and checks'} of the last
          minutes.
        </p>
      ) : null}
    </section>
  );
}

function formatPoints(points: number): string {
  return points.toFixed(1).replace(/\.0$/, '');
}
