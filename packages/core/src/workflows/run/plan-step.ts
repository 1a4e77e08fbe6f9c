import type { ApprovalStep, CallSpec, WorkflowStep } from '../definition/workflow-definition.ts';
import { askForBudget } from './ask-for-budget.ts';
import { modelOutputsOf } from './model-outputs.ts';
import type { PlanDraft } from './plan-draft.ts';
import { planMap } from './plan-map.ts';
import { planSlots } from './plan-slots.ts';
import type { StepState } from './run-state.ts';

/** Decides how a step that has begun goes on. */
export function planStep(step: WorkflowStep, current: StepState, draft: PlanDraft): void {
  const place = { stepId: step.id, generation: current.generation };
  if (step.deadlineMs !== undefined && step.type !== 'approval') {
    const dueAtMs = (current.startedAtMs ?? draft.nowMs) + step.deadlineMs;
    if (draft.nowMs >= dueAtMs) {
      const message = `The step took longer than its deadline of ${step.deadlineMs} ms.`;
      draft.record({ type: 'step-failed', ...place, error: { code: 'STEP.DEADLINE', message } });
      return;
    }
    draft.wakeAt(dueAtMs);
  }
  const evaluate = (what: 'transform' | 'branch' | 'merge') =>
    draft.evaluate({ key: `${what}:${step.id}:${current.generation}`, what, stepId: step.id });
  switch (step.type) {
    case 'prompt':
      planCall(step.id, step, current, draft);
      break;
    case 'merge':
      if (step.mode === 'llm') planCall(step.id, step, current, draft);
      else evaluate('merge');
      break;
    case 'transform':
    case 'branch':
      evaluate(step.type);
      break;
    case 'map':
      planMap(step, current, draft);
      break;
    case 'approval':
      planApproval(step, current, draft);
      break;
  }
}

function planCall(stepId: string, call: CallSpec, current: StepState, draft: PlanDraft): void {
  const place = { stepId, generation: current.generation };
  const { starts, wakeAtMs, refusal, result } = planSlots(call, current.slots, draft.nowMs, draft.callsLeft);
  if (result) {
    const [first] = result.answers;
    if (first) {
      draft.record({
        type: 'step-completed',
        ...place,
        output: first.value,
        modelOutputs: modelOutputsOf(result.answers),
        modelId: first.modelId,
      });
    } else {
      const error = result.error ?? { code: 'MODEL.FAILED', message: 'No model answered.' };
      draft.record({ type: 'step-failed', ...place, error });
    }
    return;
  }
  draft.makeOpenCalls(stepId);
  for (const start of starts) draft.startCall(stepId, undefined, start);
  if (wakeAtMs !== undefined) draft.wakeAt(wakeAtMs);
  if (refusal !== undefined) askForBudget(stepId, current, refusal, draft);
}

function planApproval(step: ApprovalStep, current: StepState, draft: PlanDraft): void {
  const { approval } = current;
  const place = { stepId: step.id, generation: current.generation };
  if (!approval) {
    draft.evaluate({ key: `approval:${step.id}:${current.generation}`, what: 'approval', stepId: step.id });
    return;
  }
  const { approvalId, decision, expiresAtMs, subject } = approval;
  if (decision) {
    if (!decision.isApproved && step.onReject === 'fail-run') {
      const message = decision.comment ?? 'It was not approved.';
      draft.record({ type: 'step-failed', ...place, error: { code: 'APPROVAL.REJECTED', message } });
      return;
    }
    const value = step.canEdit && decision.value !== undefined ? decision.value : (subject ?? null);
    const { isApproved, decidedBy = '', comment = '' } = decision;
    const output = { approved: isApproved, by: decidedBy, comment, value };
    draft.record({ type: 'step-completed', ...place, output });
    return;
  }
  if (expiresAtMs === undefined) return;
  if (draft.nowMs < expiresAtMs) {
    draft.wakeAt(expiresAtMs);
    return;
  }
  const onTimeout = step.onTimeout ?? 'fail';
  if (onTimeout === 'fail') {
    const message = 'Nobody decided in time.';
    draft.record({ type: 'step-failed', ...place, error: { code: 'APPROVAL.TIMEOUT', message } });
    return;
  }
  const isApproved = onTimeout === 'approve';
  draft.record({
    type: 'approval-decided',
    stepId: step.id,
    approvalId,
    isApproved,
    comment: 'Nobody decided in time.',
  });
}
