import type { PlanDraft } from './plan-draft.ts';
import type { SlotsPlan } from './plan-slots.ts';
import type { StepState } from './run-state.ts';

/** Asks a person, once, whether calls of a step may go on in spite of a budget. */
export function askForBudget(
  stepId: string,
  current: StepState,
  refusal: NonNullable<SlotsPlan['refusal']>,
  draft: PlanDraft,
): void {
  if (current.approval && !current.approval.decision) return;
  const approvalId = approvalIdOf(stepId, current);
  draft.recordOnce(approvalId, {
    type: 'approval-requested',
    stepId,
    generation: current.generation,
    approvalId,
    kind: 'budget',
    ...refusal,
  });
}

/** Names one request for approval within a run. */
export const approvalIdOf = (stepId: string, { generation, approvals }: StepState): string =>
  `${stepId}:${generation}:${approvals}`;
