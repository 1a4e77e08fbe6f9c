'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconArrowsLeftRight } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { formatShare } from '../../format/number-format.ts';
import { type ExperimentFieldsFragment, ExperimentRankingDocument } from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { isLiveSplit, variantColour } from './definition.ts';
import { voteHref } from './experiment-links.ts';
import { RankingPicture } from './ranking-picture.tsx';
import classes from './ranking-tab.module.css';

/** Who wins by blind votes: points with intervals, and the places that the votes allow. */
export function RankingTab({ experiment }: { experiment: ExperimentFieldsFragment }) {
  const { id, definition } = experiment;
  const [{ data, error }, refetch] = useQuery({
    query: ExperimentRankingDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const board = data?.experiment?.leaderboard;
  const vote = (
    <Button component={AppLink} href={voteHref(id)} leftSection={<IconArrowsLeftRight size={16} />}>
      Vote blind
    </Button>
  );
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  if (!board) return <Skeleton h={200} radius={12} />;
  if (isLiveSplit(definition))
    return (
      <EmptyState picture={<RankingPicture />} title="Nothing to vote on">
        In a live split every execution has one answer, so there are no two to put side by side. Rate answers under
        Answers, or compare the same variants on a dataset.
      </EmptyState>
    );
  if (board.votes === 0)
    return (
      <EmptyState picture={<RankingPicture />} title="Nobody has voted yet" action={vote}>
        Two answers to one item, without their makers: choose the better one. A ranking with its uncertainty appears
        here.
      </EmptyState>
    );
  const ends = board.rows.flatMap(({ lowPoints, highPoints }) => [lowPoints, highPoints]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (points: number) => ((points - low) / Math.max(1e-9, high - low)) * 96 + 2;
  return (
    <section className={classes.card} aria-labelledby="ranking-title">
      <header className={classes.head}>
        <h2 id="ranking-title">
          {board.votes} blind {board.votes === 1 ? 'vote' : 'votes'}
        </h2>
        {vote}
      </header>
      {board.cannotTell ? <p className={classes.cannot}>No ranking yet: {board.cannotTell}</p> : null}
      <ol className={classes.rows}>
        {board.rows.map((row) => {
          const places =
            row.bestRank === row.worstRank ? `place ${row.bestRank}` : `place ${row.bestRank} to ${row.worstRank}`;
          const colour = variantColour(definition, row.variant);
          return (
            <li key={row.variant}>
              <span className={classes.name}>
                <i style={{ background: colour }} aria-hidden="true" />
                <strong>{row.variant}</strong>
                <span>{places}</span>
              </span>
              <span className={classes.axis} style={{ color: colour }} aria-hidden="true">
                <span style={{ left: `${x(row.lowPoints)}%`, right: `${100 - x(row.highPoints)}%` }} />
                <i style={{ left: `${x(row.points)}%` }} />
              </span>
              <span className={classes.figures}>
                <strong>{Math.round(row.points)}</strong>
                <span>
                  {Math.round(row.lowPoints)} to {Math.round(row.highPoints)} · wins {formatShare(row.winShare)} ·{' '}
                  {row.votes} votes
                  {row.bothBad > 0 ? `, ${row.bothBad} both bad` : ''}
                </span>
              </span>
            </li>
          );
        })}
      </ol>
      {board.rows.length > 0 ? (
        <p className={classes.note}>
          Points by Bradley-Terry: 1,000 is average, 400 more are odds of ten to one. Places that overlap are not
          decided by these votes.
        </p>
      ) : null}
    </section>
  );
}
