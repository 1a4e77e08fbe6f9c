'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { ExperimentJudgesDocument } from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import classes from './health-tab.module.css';

/** What is known of each judge of a test: agreement with people, bias by position, favour for its own model. */
export function JudgeReports({ id }: { id: string }) {
  const [{ data, error }] = useQuery({
    query: ExperimentJudgesDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const judges = data?.experiment?.judges;
  if (error && !data) return <p className={classes.note}>{describeFailure(error).message}</p>;
  if (!judges) return <Skeleton h={60} radius={8} />;
  return (
    <ul className={classes.judges}>
      {judges.map(({ scorer, model, verdicts, words, positionBias, selfPreference }) => (
        <li key={scorer}>
          <strong>{scorer}</strong> by {model}, {verdicts} verdicts
          {positionBias?.isBiased ? <span className={classes.flag}>prefers a position</span> : null}
          {selfPreference.isFlagged ? <span className={classes.flag}>prefers its own</span> : null}
          <ul>
            {words.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
