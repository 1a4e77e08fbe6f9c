'use client';

import { Button } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { LaneDecisionDocument } from '../../gql/routing.ts';
import classes from './lane-why.module.css';

/** Why a lane's model was asked, in one sentence with the way to the rest; nothing when nothing had to be decided. */
export function LaneWhy({ laneId, name, onMore }: { laneId: string; name: string; onMore(): void }) {
  const [{ data }] = useQuery({
    query: LaneDecisionDocument,
    variables: { id: laneId },
    requestPolicy: 'cache-and-network',
  });
  const decision = data?.node?.__typename === 'ComparisonLane' ? data.node.decision : null;
  if (!decision) return null;
  return (
    <div className={classes.why}>
      <p>{decision.explanation}</p>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconRoute size={13} />}
        aria-label={`Why this model: ${name}, all reasons`}
        onClick={onMore}
      >
        Why this model
      </Button>
    </div>
  );
}
