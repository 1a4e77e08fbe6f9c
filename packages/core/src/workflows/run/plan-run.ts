import { defaultParallelCalls, type WorkflowDefinition, type WorkflowStep } from '../definition/workflow-definition.ts';
import { type WorkflowGraph, workflowGraph } from '../definition/workflow-graph.ts';
import { judgeStart } from './judge-start.ts';
import { PlanDraft } from './plan-draft.ts';
import { planStep } from './plan-step.ts';
import type { RunCommand } from './run-command.ts';
import type { RunError } from './run-fact.ts';
import { mostRunCharacters } from './run-size.ts';
import { isSettled, type RunState, stepOf } from './run-state.ts';

/**
 * What has to be done next in a run. Pure: the same state, definition and time give the same commands, so that any
 * process can take a run over from its journal at any point. Deciding commands (`record`) come before doing ones; a call
 * is asked for only after its beginning was recorded, a step only after everything it waits for has ended.
 *
 * `definition` must be valid; `nowMs` is epoch milliseconds.
 */
export function planRun(state: RunState, definition: WorkflowDefinition, nowMs: number): readonly RunCommand[] {
  if (state.status === 'new' || state.status === 'finished') return [];
  if (state.status !== 'running') return planEnd(state);
  if (nowMs >= state.deadlineAtMs) return failing(state, 'RUN.DEADLINE', 'The run took longer than its deadline.');
  if (state.size > mostRunCharacters) {
    const message = `The run holds more than ${mostRunCharacters} characters. Pass on less between its steps, or split the work over several runs.`;
    return failing(state, 'RUN.TOO_LARGE', message);
  }
  const graph = workflowGraph(definition);
  for (const step of definition.steps) {
    const { status, error } = stepOf(state, step.id);
    if (status !== 'failed' || failureMode(step) !== 'fail-run') continue;
    return failing(
      state,
      error?.code ?? 'STEP.FAILED',
      `Step "${step.id}" failed: ${error?.message ?? 'unknown reason'}`,
    );
  }
  return planSteps(state, definition, graph, nowMs);
}

function planSteps(
  state: RunState,
  definition: WorkflowDefinition,
  graph: WorkflowGraph,
  nowMs: number,
): readonly RunCommand[] {
  const draft = new PlanDraft(state, nowMs, definition.maxParallelCalls ?? defaultParallelCalls);
  draft.wakeAt(state.deadlineAtMs);
  let isOver = true;
  for (const step of definition.steps) {
    const current = stepOf(state, step.id);
    if (isSettled(current)) continue;
    isOver = false;
    if (current.status === 'running') planStep(step, current, draft);
    else {
      const place = { stepId: step.id, generation: current.generation };
      const verdict = judgeStart(step, state, graph);
      if (verdict.type === 'start') draft.record({ type: 'step-started', ...place });
      if (verdict.type === 'skip') draft.record({ type: 'step-skipped', ...place, reason: verdict.reason });
    }
  }
  draft.stopStrayCalls();
  if (isOver && Object.keys(state.openCalls).length === 0) {
    draft.evaluate({ key: `outputs:${state.retries}`, what: 'outputs' });
  }
  return draft.finish();
}

/** A run that is to end ends when all its calls have; nothing new is begun. */
function planEnd(state: RunState): readonly RunCommand[] {
  const open = Object.keys(state.openCalls);
  if (open.length > 0) return open.map((callId) => ({ type: 'stop-call', callId }));
  const outcome = state.status === 'cancelling' ? 'cancelled' : 'failed';
  const { error, retries: retry } = state;
  return [{ type: 'record', fact: { type: 'run-finished', retry, outcome, ...(error && { error }) } }];
}

function failing({ retries: retry }: RunState, code: string, message: string): readonly RunCommand[] {
  const error: RunError = { code, message };
  return [{ type: 'record', fact: { type: 'run-failing', retry, error } }];
}

/** What the failure of a step does to its run. */
export const failureMode = (step: WorkflowStep): NonNullable<WorkflowStep['onFailure']> => step.onFailure ?? 'fail-run';
