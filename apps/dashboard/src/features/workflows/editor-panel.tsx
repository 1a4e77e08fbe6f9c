'use client';

import { Skeleton, Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import type { Ref } from 'react';
import { stepAt, stepName } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import classes from './editor-panel.module.css';
import type { LiveRunView } from './live-run.tsx';
import { splitWords } from './model-words.ts';
import { stepOfProblem } from './problem-place.ts';
import { StepPanel } from './step-panel.tsx';
import type { Pins } from './use-pins.ts';
import { parsePath } from './value-path.ts';
import { WorkflowPanel } from './workflow-panel.tsx';
import { type WorkflowProblem, WorkflowProblemList } from './workflow-problem-list.tsx';

const RunPanel = dynamic(() => import('./run-panel.tsx').then((module) => module.RunPanel), {
  ssr: false,
  loading: () => <Skeleton h={160} radius={8} />,
});

export type PanelTab = 'step' | 'workflow' | 'problems' | 'run';

interface Props {
  ref: Ref<HTMLDivElement>;
  tab: PanelTab;
  onTab(tab: PanelTab): void;
  onOpenProblem(problem: WorkflowProblem): void;
  onRenamed(id: string): void;
  live: LiveRunView | undefined;
  pins: Pins;
  onStarted(runId: string): void;
}

/** The fields of the step that is chosen, of the workflow, and everything that is wrong. */
export function EditorPanel({ ref, tab, onTab, onOpenProblem, onRenamed, live, pins, onStarted }: Props) {
  const { editor, actions, problems } = useEditorParts();
  const { definition } = editor;
  const step = stepAt(definition, actions.selectedId);
  const placeOf = (problem: WorkflowProblem) => {
    const of = stepOfProblem(definition, problem);
    const names = parsePath(problem.path).slice(of ? 2 : 0);
    const field = names.map((part) => (typeof part === 'number' ? `${part + 1}` : splitWords(part))).join(' ');
    const line = problem.position ? `line ${problem.position.line}, column ${problem.position.column}` : '';
    return [of ? stepName(of) : '', field, line].filter((part) => part !== '').join(' · ');
  };
  return (
    <Tabs ref={ref} value={tab} onChange={(value) => onTab((value ?? 'step') as PanelTab)} keepMounted={false}>
      <Tabs.List className={classes.tabs} aria-label="Details">
        <Tabs.Tab value="step">Step</Tabs.Tab>
        <Tabs.Tab value="workflow">Workflow</Tabs.Tab>
        <Tabs.Tab value="run">Run</Tabs.Tab>
        <Tabs.Tab value="problems">
          Problems
          {problems.all.length > 0 ? (
            <span className={classes.count} data-tone={problems.errorCount > 0 ? 'bad' : 'warn'}>
              {problems.all.length}
            </span>
          ) : null}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="step" className={classes.panel}>
        {step ? (
          <StepPanel key={`${step.type} ${definition.steps.indexOf(step)}`} step={step} onRenamed={onRenamed} />
        ) : (
          <p className={classes.none}>
            {actions.selectedIds.length > 1
              ? `${actions.selectedIds.length} steps are chosen. Copy, duplicate or delete them with the keyboard.`
              : definition.steps.length === 0
                ? 'Add the first step, and its fields stand here.'
                : 'Choose a step to see and change it.'}
          </p>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="workflow" className={classes.panel}>
        <WorkflowPanel />
      </Tabs.Panel>
      <Tabs.Panel value="run" className={classes.panel}>
        <RunPanel live={live} pins={pins} onStarted={onStarted} />
      </Tabs.Panel>
      <Tabs.Panel value="problems" className={classes.panel}>
        {problems.all.length === 0 ? (
          <p className={classes.none}>{problems.isChecking ? 'Checking…' : 'Nothing is wrong with it.'}</p>
        ) : (
          <WorkflowProblemList problems={problems.all} placeOf={placeOf} onOpen={onOpenProblem} />
        )}
      </Tabs.Panel>
    </Tabs>
  );
}
