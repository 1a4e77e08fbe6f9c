'use client';

import { useMemo } from 'react';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import type { LiveRunView } from './live-run.tsx';
import type { StepMark, StepMarks } from './step-marks.ts';
import type { Pins } from './use-pins.ts';
import { useStepFigures } from './use-step-figures.ts';
import type { WorkflowEditor } from './use-workflow-editor.ts';

/** What cards show beyond their definition: the run that is on, pins, and cost and speed of 30 days when asked for. */
export function useStepMarks(
  { workflow, definition }: WorkflowEditor,
  isHeatShown: boolean,
  pins: Pins['outputs'],
  live: LiveRunView | undefined,
): StepMarks {
  const figures = useStepFigures(workflow.name, isHeatShown);
  return useMemo(() => {
    const marks = new Map<string, StepMark>();
    const dearest = Math.max(0, ...[...(figures?.values() ?? [])].map(({ costUsd }) => costUsd));
    for (const { id } of definition.steps) {
      const run = live?.steps.get(id);
      const isPinned = pins[id] !== undefined;
      const known = isHeatShown ? figures?.get(id) : undefined;
      if (!known) {
        if (run || isPinned) marks.set(id, { run, isPinned });
        continue;
      }
      const speed = known.p95Ms === undefined ? '' : ` · p95 ${formatDuration(known.p95Ms)}`;
      const share = dearest > 0 ? known.costUsd / dearest : 0;
      marks.set(id, { run, isPinned, heat: { share, words: `${formatUsd(known.costUsd)}${speed}` } });
    }
    return marks;
  }, [figures, definition, isHeatShown, pins, live]);
}
