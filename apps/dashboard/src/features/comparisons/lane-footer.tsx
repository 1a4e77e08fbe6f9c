'use client';

import { Button, Rating, Tooltip } from '@mantine/core';
import { IconTrophy, IconTrophyFilled } from '@tabler/icons-react';
import { memo } from 'react';
import { CopyButton } from '../../shell/copy-button.tsx';
import type { LaneRecord } from './comparison-record.ts';
import type { ComparisonStore } from './comparison-store.ts';
import type { LaneActions } from './lane.tsx';
import { LaneDetails } from './lane-details.tsx';
import classes from './lane-footer.module.css';

interface Props {
  store: ComparisonStore;
  laneId: string;
  state: LaneRecord['state'];
  hasOutput: boolean;
  warningCount: number;
  name: string;
  rating: number | null;
  isBest: boolean;
  isBlind: boolean;
  actions: LaneActions;
}

/** Judging and taking away; always in place, usable once there is something to judge. */
export const LaneFooter = memo(function LaneFooter({
  store,
  laneId,
  state,
  hasOutput,
  warningCount,
  name,
  rating,
  isBest,
  isBlind,
  actions,
}: Props) {
  const hasEnded = state !== 'RUNNING' && state !== 'QUEUED';
  const canJudge = hasEnded && state !== 'FAILED' && hasOutput;
  return (
    <footer className={classes.footer}>
      <Rating
        size="sm"
        value={rating ?? 0}
        readOnly={!canJudge}
        className={classes.rating}
        data-off={canJudge ? undefined : true}
        getSymbolLabel={(value) => `${name}: ${value} of 5`}
        onChange={(value) => actions.rate(laneId, value === rating ? null : value)}
      />
      {isBlind ? null : (
        <Tooltip label={isBest ? 'Take the mark back' : 'Mark as the best answer'}>
          <Button
            size="compact-xs"
            variant={isBest ? 'light' : 'subtle'}
            color={isBest ? 'iris' : 'gray'}
            className={classes.best}
            disabled={!canJudge}
            aria-pressed={isBest}
            aria-label={`Best answer: ${name}`}
            leftSection={isBest ? <IconTrophyFilled size={14} /> : <IconTrophy size={14} />}
            onClick={() => actions.markBest(isBest ? null : laneId)}
          >
            Best
          </Button>
        </Tooltip>
      )}
      <span className={classes.end}>
        {isBlind ? null : <LaneDetails store={store} laneId={laneId} warningCount={warningCount} name={name} />}
        <CopyButton value={() => store.lane(laneId).output} label={`Copy the answer of ${name}`} size={28} />
      </span>
    </footer>
  );
});
