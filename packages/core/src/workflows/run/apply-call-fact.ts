import { entryAt, withEntry } from './chunked-list.ts';
import type { JournalEvent } from './run-fact.ts';
import { addSpend, newSlot, type RunState, type SlotState, type StepState, stepOf } from './run-state.ts';

type CallFact = Extract<JournalEvent, { type: 'call-started' | 'output-completed' | 'call-failed' }>;

/** The state after a call began or ended. A call that ended is paid for, whatever has become of its step. */
export function applyCallFact(state: RunState, event: CallFact): RunState {
  return event.type === 'call-started' ? startCall(state, event) : endCall(state, event);
}

function startCall(state: RunState, event: Extract<CallFact, { type: 'call-started' }>): RunState {
  const step = stepOf(state, event.stepId);
  const slot = readSlot(step, event.itemIndex, event.slot);
  const mayStart = state.status === 'running' && step.status === 'running' && slot && slot.status !== 'started';
  if (!mayStart || event.attempt !== slot.attempt + 1) return state;
  const { callId, stepId, itemIndex, attempt, purpose } = event;
  const open = {
    callId,
    stepId,
    ...(itemIndex !== undefined && { itemIndex }),
    slot: event.slot,
    attempt,
    purpose,
  };
  const started: SlotState = {
    ...slot,
    status: 'started',
    attempt,
    repairs: slot.repairs + (purpose === 'repair' ? 1 : 0),
  };
  return {
    ...state,
    openCalls: { ...state.openCalls, [callId]: open },
    steps: { ...state.steps, [stepId]: writeSlot(step, itemIndex, event.slot, started) },
  };
}

function endCall(state: RunState, event: Exclude<CallFact, { type: 'call-started' }>): RunState {
  if (!Object.hasOwn(state.openCalls, event.callId)) return state;
  const { [event.callId]: _ended, ...openCalls } = state.openCalls;
  let { totals } = state;
  for (const spend of event.spend) {
    totals = { ...totals, [spend.providerId]: addSpend(totals[spend.providerId], spend) };
  }
  const paid = { ...state, openCalls, totals };
  const step = stepOf(state, event.stepId);
  const slot = readSlot(step, event.itemIndex, event.slot);
  if (slot?.status !== 'started' || slot.attempt !== event.attempt) return paid;
  const ended = writeSlot(step, event.itemIndex, event.slot, endSlot(slot, event));
  return { ...paid, steps: { ...state.steps, [event.stepId]: ended } };
}

function endSlot(slot: SlotState, event: Exclude<CallFact, { type: 'call-started' }>): SlotState {
  const endedAtMs = event.atMs;
  if (event.type === 'output-completed') {
    const { answer } = event;
    if (answer.outputProblem === undefined) return { ...slot, status: 'answered', answer, endedAtMs };
    const error = { code: 'OUTPUT.INVALID', message: answer.outputProblem };
    return { ...slot, status: 'invalid', answer, error, isTransient: false, endedAtMs };
  }
  const { error, isTransient, needsApproval, budgetApprovalId } = event;
  return {
    ...slot,
    status: needsApproval ? 'refused' : 'failed',
    error,
    isTransient,
    ...(budgetApprovalId !== undefined && { budgetApprovalId }),
    rounds: slot.rounds + 1,
    endedAtMs,
  };
}

/** The slot of a step or of an entry; undefined when there is no such entry, or when it is not at work. */
function readSlot(step: StepState, itemIndex: number | undefined, slot: number): SlotState | undefined {
  if (itemIndex === undefined) return step.slots[slot] ?? newSlot;
  const item = step.items && entryAt(step.items.states, itemIndex);
  return item?.status === 'running' ? (item.slots[slot] ?? newSlot) : undefined;
}

function writeSlot(step: StepState, itemIndex: number | undefined, place: number, slot: SlotState): StepState {
  const write = (slots: readonly SlotState[]): readonly SlotState[] =>
    Array.from({ length: Math.max(slots.length, place + 1) }, (_, index) =>
      index === place ? slot : (slots[index] ?? newSlot),
    );
  if (itemIndex === undefined) return { ...step, slots: write(step.slots) };
  const { items } = step;
  const item = items && entryAt(items.states, itemIndex);
  if (!items || !item) return step;
  const states = withEntry(items.states, itemIndex, { ...item, slots: write(item.slots) });
  return { ...step, items: { ...items, states } };
}
