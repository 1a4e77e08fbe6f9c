'use client';

import { Drawer, Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { LaneDecisionDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PlanView } from './plan-view.tsx';
import { ReplayDecision } from './replay-decision.tsx';

/** Why a lane's model was asked: the stored decision, or that nothing had to be decided. */
export function WhyThisModel({ laneId, name, onClose }: { laneId: string; name: string; onClose(): void }) {
  const [{ data, error }, reload] = useQuery({
    query: LaneDecisionDocument,
    variables: { id: laneId },
    requestPolicy: 'cache-and-network',
  });
  const lane = data?.node?.__typename === 'ComparisonLane' ? data.node : undefined;
  const plan = lane?.decision?.plan;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={720}
      title={`Why this model: ${name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error && !lane ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {data || error ? null : <Skeleton h={300} radius={12} />}
      {plan ? <PlanView plan={plan} /> : null}
      {lane?.decision ? <ReplayDecision key={lane.decision.id} decisionId={lane.decision.id} /> : null}
      {data && !plan ? (
        <p>It was asked for by name, and no rule, limit or chain had a say: nothing had to be decided.</p>
      ) : null}
    </Drawer>
  );
}
