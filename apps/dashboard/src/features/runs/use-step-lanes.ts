'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { RunStepLanesDocument } from '../../gql/runs.ts';
import { emptyLane, type RunLane } from './run-record.ts';
import { type OpenRun, useStream } from './use-run.ts';

const mostLanes = 100;

/** What the models of a step wrote, by entry and slot: from the stream, or asked for where that was not heard from its beginning. */
export function useStepLanes({ run, store, isReplayed }: OpenRun, stepId: string): readonly RunLane[] {
  const lanes = useStream(store, (record) => record.lanes);
  const [{ data }] = useQuery({
    query: RunStepLanesDocument,
    variables: { id: run.id, stepId, first: mostLanes, offset: 0 },
    pause: isReplayed,
  });
  return useMemo(() => {
    const asked = (data?.run?.step?.lanes ?? []).map(({ place, ...lane }): RunLane => {
      const { laneId, modelId, output, reasoning, isComplete, outputProblem, finishReason, servedModel } = lane;
      const { costUsd, latencyMs, timeToFirstTokenMs } = lane;
      const known = { modelId, output, reasoning, isComplete, outputProblem, finishReason, servedModel };
      return { ...emptyLane(laneId, place), ...known, costUsd, latencyMs, timeToFirstTokenMs };
    });
    const found = new Map(asked.map((lane) => [lane.laneId, lane]));
    for (const lane of Object.values(lanes)) if (lane.place.stepId === stepId) found.set(lane.laneId, lane);
    return [...found.values()].sort(
      (a, b) => (a.place.itemIndex ?? 0) - (b.place.itemIndex ?? 0) || a.place.slot - b.place.slot,
    );
  }, [data, lanes, stepId]);
}
