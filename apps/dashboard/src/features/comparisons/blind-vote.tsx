'use client';

import { Button } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import classes from './blind-vote.module.css';
import type { LaneLabel } from './lane.tsx';

interface Props {
  labels: ReadonlyMap<string, LaneLabel>;
  canVote: boolean;
  onVote(laneId: string | null): void;
}

/** Vote without names; the vote reveals them. A tie or "all bad" reveals and leaves nobody marked. */
export function BlindVote({ labels, canVote, onVote }: Props) {
  return (
    <section className={classes.bar} aria-label="Blind vote">
      <IconEyeOff size={16} aria-hidden="true" />
      <p>
        {canVote ? 'Which answer is best?' : 'Names, order and figures are hidden. Vote when all lanes have ended.'}
      </p>
      <div className={classes.votes}>
        {[...labels].map(([laneId, { name }]) => (
          <Button key={laneId} size="compact-sm" variant="default" disabled={!canVote} onClick={() => onVote(laneId)}>
            {name}
          </Button>
        ))}
        <Button size="compact-sm" variant="subtle" color="gray" disabled={!canVote} onClick={() => onVote(null)}>
          Tie
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" disabled={!canVote} onClick={() => onVote(null)}>
          {labels.size === 2 ? 'Both bad' : 'All bad'}
        </Button>
      </div>
    </section>
  );
}
