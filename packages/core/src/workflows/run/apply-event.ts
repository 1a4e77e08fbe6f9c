import { applyCallFact } from './apply-call-fact.ts';
import { applyItemFact } from './apply-item-fact.ts';
import { applyRetry } from './apply-retry.ts';
import { isJournalEvent, type JournalEvent, type JournalFact, type RunEvent } from './run-fact.ts';
import { sizeOfFact } from './run-size.ts';
import { isSettled, newStep, type RunState, type SlotState, type StepState, stepOf, withStep } from './run-state.ts';

/**
 * The state after `event`. Pure, and safe against everything that storage and crashes do to a journal: an event that was
 * applied before (by its number or by what it says), that belongs to a step begun anew since, or that comes when nothing
 * may be started any more changes nothing. Events that only tell of progress change nothing either.
 */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  if (event.seq <= state.lastSeq) return state;
  if (!isJournalEvent(event)) return { ...state, lastSeq: event.seq };
  return { ...applyJournalEvent(state, event), size: state.size + sizeOfFact(event), lastSeq: event.seq };
}

/** The state of a run from its journal, in the order of `seq`. */
export function replayRun(events: Iterable<RunEvent>, from: RunState): RunState {
  let state = from;
  for (const event of events) state = applyEvent(state, event);
  return state;
}

function applyJournalEvent(state: RunState, event: JournalEvent): RunState {
  if (event.type === 'run-started') return state.status === 'new' ? startRun(state, event) : state;
  if (event.type === 'run-retried') return applyRetry(state, event);
  if (state.status === 'new') return state;
  // A call that ends after its run is paid for all the same.
  if (event.type === 'output-completed' || event.type === 'call-failed') return applyCallFact(state, event);
  if (state.status === 'finished') return state;
  if ('retry' in event && event.retry !== state.retries) return state;
  switch (event.type) {
    case 'call-started':
    case 'call-interrupted':
      return applyCallFact(state, event);
    case 'items-listed':
    case 'item-started':
    case 'item-completed':
    case 'item-failed':
      return applyItemFact(state, event);
    case 'cancel-requested':
      return state.status === 'running' ? { ...state, status: 'cancelling' } : state;
    case 'run-failing':
      return state.status === 'running' ? { ...state, status: 'failing', error: event.error } : state;
    case 'run-finished': {
      const { outcome, outputs, error, atMs } = event;
      return {
        ...state,
        status: 'finished',
        outcome,
        endedAtMs: atMs,
        ...(outputs && { outputs }),
        ...(error && { error }),
      };
    }
    case 'approval-decided':
      return decideApproval(state, event);
    default:
      return applyStepFact(state, event);
  }
}

function startRun(
  state: RunState,
  event: Extract<JournalFact, { type: 'run-started' }> & { readonly atMs: number },
): RunState {
  const { runId, inputs, deadlineAtMs, atMs } = event;
  const given = Object.entries(event.given ?? {}).map(([id, { output, modelOutputs }]): [string, StepState] => [
    id,
    {
      ...newStep,
      status: 'completed',
      startedAtMs: atMs,
      endedAtMs: atMs,
      output,
      ...(modelOutputs && { modelOutputs }),
    },
  ]);
  return {
    ...state,
    runId,
    inputs,
    deadlineAtMs,
    status: 'running',
    startedAtMs: atMs,
    steps: Object.fromEntries(given),
  };
}

type StepFact = Extract<
  JournalEvent,
  { type: 'step-started' | 'step-completed' | 'step-failed' | 'step-skipped' | 'approval-requested' }
>;

function applyStepFact(state: RunState, event: StepFact): RunState {
  const step = stepOf(state, event.stepId);
  if (event.generation !== step.generation || isSettled(step)) return state;
  const put = (changes: Partial<StepState>) => withStep(state, event.stepId, { ...step, ...changes });
  const endedAtMs = event.atMs;
  switch (event.type) {
    case 'step-started':
      if (state.status !== 'running' || step.status !== 'pending') return state;
      return put({ status: 'running', startedAtMs: event.atMs });
    case 'step-skipped':
      return step.status === 'pending' ? put({ status: 'skipped', endedAtMs }) : state;
    case 'step-failed':
      return put({ status: 'failed', endedAtMs, error: event.error });
    case 'step-completed': {
      const { output, modelOutputs, modelId, chosen, failures } = event;
      return put({
        status: 'completed',
        endedAtMs,
        output,
        ...(modelOutputs && { modelOutputs }),
        ...(modelId !== undefined && { modelId }),
        ...(chosen && { chosen }),
        ...(failures && { failures }),
      });
    }
    case 'approval-requested': {
      const isOpen = step.approval !== undefined && step.approval.decision === undefined;
      if (step.status !== 'running' || isOpen || step.approval?.approvalId === event.approvalId) return state;
      const { approvalId, kind, budgetApprovalId, expiresAtMs, subject } = event;
      const approval = {
        approvalId,
        kind,
        ...(budgetApprovalId !== undefined && { budgetApprovalId }),
        ...(expiresAtMs !== undefined && { expiresAtMs }),
        ...(subject !== undefined && { subject }),
      };
      return put({ approval, approvals: step.approvals + 1 });
    }
  }
}

function decideApproval(state: RunState, event: Extract<JournalEvent, { type: 'approval-decided' }>): RunState {
  const step = stepOf(state, event.stepId);
  const { approval } = step;
  if (approval?.approvalId !== event.approvalId || approval.decision || isSettled(step)) return state;
  const { isApproved, decidedBy, comment, value } = event;
  const decision = {
    isApproved,
    ...(decidedBy !== undefined && { decidedBy }),
    ...(comment !== undefined && { comment }),
    ...(value !== undefined && { value }),
  };
  const decided: StepState = { ...step, approval: { ...approval, decision } };
  if (approval.kind === 'step') return withStep(state, event.stepId, decided);
  const settle = (slot: SlotState): SlotState => {
    if (slot.status !== 'refused') return slot;
    return isApproved ? { ...slot, status: 'idle' } : { ...slot, status: 'failed', isTransient: false };
  };
  const { items } = step;
  return withStep(state, event.stepId, {
    ...decided,
    slots: step.slots.map(settle),
    ...(items && {
      items: {
        ...items,
        states: {
          ...items.states,
          chunks: items.states.chunks.map((chunk) =>
            chunk.some(({ slots }) => slots.some(({ status }) => status === 'refused'))
              ? chunk.map((item) => ({ ...item, slots: item.slots.map(settle) }))
              : chunk,
          ),
        },
      },
    }),
  });
}
