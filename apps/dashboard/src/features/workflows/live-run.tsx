'use client';

import { useEffect, useMemo } from 'react';
import type { StepState, RunState as WholeState } from '../runs/run-record.ts';
import { shownState, shownSteps } from '../runs/shown-run.ts';
import { type OpenRun, useRun, useStream } from '../runs/use-run.ts';
import type { RunState } from './step-marks.ts';

export interface LiveRunView {
  readonly open: OpenRun;
  readonly state: WholeState;
  /** How each step stands. */
  readonly steps: ReadonlyMap<string, RunState>;
}

const states: Readonly<Record<StepState, RunState>> = {
  PENDING: 'waiting',
  RUNNING: 'running',
  WAITING: 'asking',
  COMPLETED: 'done',
  FAILED: 'failed',
  SKIPPED: 'skipped',
};

interface Props {
  id: string;
  onChange(view: LiveRunView): void;
}

/** Follows the run that the editor started; draws nothing itself. */
export function LiveRun({ id, onChange }: Props) {
  const { open } = useRun(id);
  return open ? <Following open={open} onChange={onChange} /> : null;
}

function Following({ open, onChange }: { open: OpenRun } & Pick<Props, 'onChange'>) {
  // The object around them is made anew with every drawing.
  const { run, store, isReplayed } = open;
  const live = useStream(store, (record) => record.steps);
  const liveState = useStream(store, (record) => record.state);
  const stateSeq = useStream(store, (record) => record.stateSeq);
  const view = useMemo<LiveRunView>(
    () => ({
      open: { run, store, isReplayed },
      state: shownState(run, { state: liveState, stateSeq }),
      steps: new Map(shownSteps(run, live).map(({ details, state }) => [details.stepId, states[state]])),
    }),
    [run, store, isReplayed, live, liveState, stateSeq],
  );
  useEffect(() => onChange(view), [view, onChange]);
  return null;
}
