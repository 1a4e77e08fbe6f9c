import type { RunCommand, RunState, StepState, WorkflowDefinition } from '@switchyard/core/workflows';
import type { RunStateName } from './run-record.ts';
import type { ApprovalRule, RunSummary } from './run-write.ts';

/**
 * What the row of a run shows of `state`. `commands` are what the engine plans to do next: with nothing but approvals
 * to wait for, the run is waiting.
 */
export function summarizeRun(
  state: RunState,
  definition: WorkflowDefinition,
  commands: readonly RunCommand[],
): RunSummary {
  const { outputs, error, retries, endedAtMs, deadlineAtMs, totals } = state;
  const isSettled = ({ status }: StepState) => status === 'completed' || status === 'failed' || status === 'skipped';
  const steps = Object.values(state.steps);
  return {
    state: nameState(state, commands),
    outputs: outputs === undefined ? null : JSON.stringify(outputs),
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    retries,
    settledSteps: steps.filter(isSettled).length,
    activeStepIds: definition.steps.map(({ id }) => id).filter((id) => state.steps[id]?.status === 'running'),
    totals: JSON.stringify(Object.values(totals)),
    deadlineAtMs,
    endedAtMs: endedAtMs ?? null,
  };
}

function nameState(state: RunState, commands: readonly RunCommand[]): RunStateName {
  if (state.status === 'finished') return state.outcome ?? 'failed';
  if (state.status === 'cancelling') return 'cancelling';
  const isIdle = commands.every(({ type }) => type === 'wake') && Object.keys(state.openCalls).length === 0;
  return isIdle && hasOpenApproval(state) ? 'waiting' : 'running';
}

export function hasOpenApproval({ steps }: RunState): boolean {
  return Object.values(steps).some(({ status, approval }) => status === 'running' && approval && !approval.decision);
}

/** Who may decide the approvals of a workflow, by step. */
export function approvalRulesOf({ steps }: WorkflowDefinition): Readonly<Record<string, ApprovalRule>> {
  return Object.fromEntries(
    steps.flatMap((step) =>
      step.type === 'approval'
        ? [[step.id, { approvers: step.approvers ?? 'developer', canEdit: step.canEdit ?? false }] as const]
        : [],
    ),
  );
}

/** Whether a step chooses by what is known of the quality of answers. */
export function looksAtRatings({ steps }: WorkflowDefinition): boolean {
  return steps.some((step) => step.type === 'merge' && step.mode === 'best' && step.by === 'rating');
}
