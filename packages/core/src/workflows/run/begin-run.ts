import { runDeadlineMs, type WorkflowDefinition } from '../definition/workflow-definition.ts';
import { withDependents, workflowGraph } from '../definition/workflow-graph.ts';
import { type InputProblem, readInputs } from './read-inputs.ts';
import type { GivenOutput, JournalFact } from './run-fact.ts';
import { isSettled, type RunState, stepOf } from './run-state.ts';

export type RunBeginning =
  | { readonly isReady: true; readonly fact: Extract<JournalFact, { type: 'run-started' }> }
  | { readonly isReady: false; readonly problems: readonly InputProblem[] };

/**
 * The first fact of a run: its inputs with defaults filled in, and its deadline. `given` are outputs that steps have
 * without being executed: pinned by hand, or taken over from another run.
 */
export function beginRun(
  runId: string,
  definition: WorkflowDefinition,
  given: Readonly<Record<string, unknown>>,
  nowMs: number,
  givenOutputs: Readonly<Record<string, GivenOutput>> = {},
): RunBeginning {
  const read = readInputs(definition, given);
  if (!read.isValid) return { isReady: false, problems: read.problems };
  const fact = {
    type: 'run-started',
    runId,
    inputs: read.inputs,
    deadlineAtMs: nowMs + runDeadlineMs(definition),
    ...(Object.keys(givenOutputs).length > 0 && { given: givenOutputs }),
  } as const;
  return { isReady: true, fact };
}

export type RetryRefusal = 'still-running' | 'completed' | 'unknown-step' | 'nothing-to-retry';

export type RetryPlan =
  | { readonly isReady: true; readonly fact: Extract<JournalFact, { type: 'run-retried' }> }
  | { readonly isReady: false; readonly refusal: RetryRefusal };

/**
 * How a run that has ended goes on. Without `fromStepId`: everything that failed or was not finished, keeping each call
 * and each entry of a map that succeeded, so that nothing is paid twice. With it: that step and all that depend on it
 * anew, whatever they had given; a completed run can only be retried in this way.
 */
export function planRetry(
  state: RunState,
  definition: WorkflowDefinition,
  nowMs: number,
  fromStepId?: string,
): RetryPlan {
  if (state.status !== 'finished') return { isReady: false, refusal: 'still-running' };
  const graph = workflowGraph(definition);
  if (fromStepId !== undefined && !graph.steps.has(fromStepId)) return { isReady: false, refusal: 'unknown-step' };
  if (fromStepId === undefined && state.outcome === 'completed') return { isReady: false, refusal: 'completed' };
  const failed = definition.steps
    .map(({ id }) => id)
    .filter((id) => {
      const step = stepOf(state, id);
      return step.status === 'failed' || (!isSettled(step) && step.status !== 'pending');
    });
  // A step that failed for lack of a fallback resumes; what came after it was decided by its failure and is void.
  const resumed = new Set(failed.filter((id) => id !== fromStepId));
  const reset = new Set(withDependents(graph, fromStepId === undefined ? [] : [fromStepId]));
  for (const id of withDependents(graph, failed)) if (!resumed.has(id)) reset.add(id);
  for (const id of reset) resumed.delete(id);
  const touched = [...reset].filter((id) => stepOf(state, id).status !== 'pending');
  if (resumed.size === 0 && touched.length === 0 && !definition.steps.some(({ id }) => !isSettled(stepOf(state, id)))) {
    return { isReady: false, refusal: 'nothing-to-retry' };
  }
  const fact = {
    type: 'run-retried',
    retry: state.retries + 1,
    resetStepIds: touched,
    resumedStepIds: [...resumed],
    deadlineAtMs: nowMs + runDeadlineMs(definition),
  } as const;
  return { isReady: true, fact };
}
