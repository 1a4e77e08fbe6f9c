'use client';

import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { formatShare } from '../../format/number-format.ts';
import type { ExperimentFieldsFragment } from '../../gql/experiments.ts';
import { isMap, scorersOf, variantColour } from './definition.ts';
import classes from './health-tab.module.css';
import { JudgeReports } from './judge-reports.tsx';
import { metricName } from './metric-words.ts';
import type { Results } from './use-results.ts';

interface Props {
  experiment: ExperimentFieldsFragment;
  results: Results;
}

/** Whether the test itself is sound: treated alike, nothing missing that matters, and what it can still find. */
export function HealthTab({ experiment, results }: Props) {
  const { health, summaries } = results;
  const most = Math.max(1, ...health.cleanAnswers.map(({ count }) => count));
  const isFine = health.cautions.length === 0;
  const missing = results.variants.flatMap(({ variant, metrics }) => {
    const primary = metrics.find(({ isPrimary }) => isPrimary);
    return (primary?.missing ?? []).map(({ reason, count }) => ({
      variant,
      metric: primary?.metric ?? '',
      reason,
      count,
    }));
  });
  const reasons = summaries.flatMap(({ variant, failures, contaminated }) => [
    ...failures.map(({ reason, count }) => ({ variant, what: 'failed', reason, count })),
    ...contaminated.map(({ reason, count }) => ({ variant, what: 'kept apart', reason, count })),
  ]);
  return (
    <div className={classes.cards}>
      <section className={classes.card} data-wide>
        <h2>{isFine ? 'Nothing stands against these results' : 'Read this first'}</h2>
        {isFine ? (
          <p className={classes.fine}>
            <IconCircleCheck size={18} aria-hidden="true" /> The variants were treated alike and nothing that matters is
            missing.
          </p>
        ) : (
          <ul className={classes.cautions}>
            {health.cautions.map((caution) => (
              <li key={caution}>
                <IconAlertTriangle size={17} aria-hidden="true" /> {caution}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className={classes.card}>
        <h2>Were they treated alike?</h2>
        <ul className={classes.shares} aria-label="Clean answers by variant">
          {health.cleanAnswers.map(({ reason: variant, count }) => (
            <li key={variant}>
              <span>{variant}</span>
              <span className={classes.track} aria-hidden="true">
                <span
                  style={{
                    width: `${(count / most) * 100}%`,
                    background: variantColour(experiment.definition, variant),
                  }}
                />
              </span>
              <span>{count}</span>
            </li>
          ))}
        </ul>
        <p className={classes.note} data-tone={health.isSampleRatioBroken ? 'bad' : undefined}>
          {health.isSampleRatioBroken
            ? 'The numbers differ by more than chance explains: something treats the variants differently, so no result can be trusted.'
            : 'Clean answers are spread as planned.'}{' '}
          p = {health.sampleRatioPValue < 0.001 ? '< 0.001' : health.sampleRatioPValue.toFixed(3)}, readable at every
          look.
        </p>
      </section>
      <section className={classes.card}>
        <h2>{experiment.state === 'running' ? 'What can it still find?' : 'What could it find?'}</h2>
        <ul className={classes.shares} aria-label="Chance to find the effect by variant">
          {health.power.map(({ variant, power }) => (
            <li key={variant}>
              <span>{variant}</span>
              <span className={classes.track} aria-hidden="true">
                <span
                  style={{
                    width: `${(power ?? 0) * 100}%`,
                    background: variantColour(experiment.definition, variant),
                  }}
                />
              </span>
              <span>{power === null ? 'too early' : formatShare(power)}</span>
            </li>
          ))}
        </ul>
        <p className={classes.note}>
          The chance to find the smallest effect that matters by the planned end, with the variation seen so far.
        </p>
      </section>
      {scorersOf(experiment.definition).some(([, scorer]) => isMap(scorer.judge)) ? (
        <section className={classes.card} data-wide>
          <h2>Do the judges agree with people?</h2>
          <JudgeReports id={experiment.id} />
        </section>
      ) : null}
      <section className={classes.card} data-wide>
        <h2>What is missing, and why</h2>
        {missing.length + reasons.length === 0 ? (
          <p className={classes.note}>Nothing: every answer came and was scored.</p>
        ) : (
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Variant</th>
                <th scope="col">What</th>
                <th scope="col">Why</th>
                <th scope="col">How often</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map(({ variant, what, reason, count }) => (
                <tr key={`${variant}${what}${reason}`}>
                  <td>{variant}</td>
                  <td>answer {what}</td>
                  <td>{reason}</td>
                  <td>{count}</td>
                </tr>
              ))}
              {missing.map(({ variant, metric, reason, count }) => (
                <tr key={`${variant}pair${reason}`}>
                  <td>{variant}</td>
                  <td>no pair for {metricName(metric)}</td>
                  <td>{reason}</td>
                  <td>{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}
