import { entryAt, withEntry } from './chunked-list.ts';
import type { JournalEvent, ProviderSpend } from './run-fact.ts';
import { addSpend, newSlot, type RunState, type SlotState, type StepState, stepOf } from './run-state.ts';

type CallFact = Extract<
  JournalEvent,
  { type: 'call-started' | 'output-completed' | 'call-failed' | 'call-interrupted' }
>;

/** The state after a call began or ended. A call that ended is paid for, whatever has become of its step. */
export function applyCallFact(state: RunState, event: CallFact): RunState {
  if (event.type === 'call-started') return startCall(state, event);
  return event.type === 'call-interrupted' ? interruptCall(state, event) : endCall(state, event);
}

/** The call stays open: whoever goes on with the run makes it again. */
function interruptCall(state: RunState, event: Extract<CallFact, { type: 'call-interrupted' }>): RunState {
  const open = Object.hasOwn(state.openCalls, event.callId) ? state.openCalls[event.callId] : undefined;
  if (!open || event.interruption !== (open.interruptions ?? 0) + 1) return state;
  const openCalls = { ...state.openCalls, [event.callId]: { ...open, interruptions: event.interruption } };
  return { ...state, openCalls, totals: addSpends(state.totals, event.spend) };
}

function addSpends(totals: RunState['totals'], spends: readonly ProviderSpend[]): RunState['totals'] {
  const sum = { ...totals };
  for (const spend of spends) sum[spend.providerId] = addSpend(sum[spend.providerId], spend);
  return sum;
}

type CallEndFact = Extract<CallFact, { type: 'output-completed' | 'call-failed' }>;

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

function endCall(state: RunState, event: CallEndFact): RunState {
  if (!Object.hasOwn(state.openCalls, event.callId)) return state;
  const { [event.callId]: _ended, ...openCalls } = state.openCalls;
  const paid = { ...state, openCalls, totals: addSpends(state.totals, event.spend) };
  const step = stepOf(state, event.stepId);
  const slot = readSlot(step, event.itemIndex, event.slot);
  if (slot?.status !== 'started' || slot.attempt !== event.attempt) return paid;
  const ended = writeSlot(step, event.itemIndex, event.slot, endSlot(slot, event));
  return { ...paid, steps: { ...state.steps, [event.stepId]: ended } };
}

function endSlot(slot: SlotState, event: CallEndFact): SlotState {
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
