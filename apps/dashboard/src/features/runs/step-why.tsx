'use client';

import { Drawer, SegmentedControl, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { RunStepDecisionsDocument } from '../../gql/runs.ts';
import { PlanView } from '../routing/plan-view.tsx';
import type { RouteDetails, StepDetails } from './run-record.ts';
import classes from './step-why.module.css';

interface Props {
  runId: string;
  details: StepDetails;
  name: string;
  onClose(): void;
}

const labelOf = ({ place }: RouteDetails) =>
  `${place.itemIndex === null ? '' : `entry ${place.itemIndex + 1}, `}model ${place.slot + 1}${place.attempt > 1 ? `, call ${place.attempt}` : ''}`;

/** Why the models of a step were asked: what was decided for each call, with all scores where they are still kept. */
export function StepWhy({ runId, details, name, onClose }: Props) {
  const routes = details.routes.slice(-12);
  const [place, setPlace] = useState(String(Math.max(0, routes.length - 1)));
  const [{ data, fetching }] = useQuery({
    query: RunStepDecisionsDocument,
    variables: { id: runId, stepId: details.stepId },
    requestPolicy: 'cache-and-network',
  });
  const route = routes[Number(place)];
  const plan = data?.run?.step?.routes.find(
    (each) => each.place.callId === route?.place.callId && each.at === route?.at,
  )?.decision?.plan;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={720}
      title={`Why this model: ${name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.why}>
        {routes.length > 1 ? (
          <SegmentedControl
            size="xs"
            aria-label="Which call"
            data={routes.map((each, index) => ({ value: String(index), label: labelOf(each) }))}
            value={place}
            onChange={setPlace}
            className={classes.calls}
          />
        ) : null}
        {route?.role ? (
          <p className={classes.role}>
            The step asks for <code>role:{route.role}</code>.
          </p>
        ) : null}
        {plan ? (
          <PlanView plan={plan} />
        ) : fetching && !data ? (
          <Skeleton h={240} radius={12} />
        ) : route ? (
          <PlainRoute route={route} />
        ) : null}
      </div>
    </Drawer>
  );
}

function PlainRoute({ route }: { route: RouteDetails }) {
  return (
    <>
      <p>{route.explanation}</p>
      <ol className={classes.candidates} aria-label="Who was asked, in this order">
        {route.candidates.map(({ modelId }) => (
          <li key={modelId}>{modelId}</li>
        ))}
      </ol>
      {route.rejected.length > 0 ? (
        <ul className={classes.rejected} aria-label="Left out">
          {route.rejected.map(({ modelId, reason }) => (
            <li key={`${modelId}${reason}`}>
              <strong>{modelId}</strong> {reason}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
