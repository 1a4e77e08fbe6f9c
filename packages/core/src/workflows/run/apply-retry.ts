import { entriesOf, withEntry } from './chunked-list.ts';
import type { JournalFact } from './run-fact.ts';
import { type ItemsState, newStep, type RunState, type SlotState, type StepState, stepOf } from './run-state.ts';

/** The state after a run that had ended was begun again. A retry that was applied before changes nothing. */
export function applyRetry(state: RunState, event: Extract<JournalFact, { type: 'run-retried' }>): RunState {
  if (state.status !== 'finished' || event.retry !== state.retries + 1) return state;
  const { outcome: _outcome, error: _error, outputs: _outputs, endedAtMs: _endedAtMs, ...rest } = state;
  const steps = { ...state.steps };
  for (const id of event.resetStepIds) steps[id] = resetStep(stepOf(state, id), false);
  for (const id of event.resumedStepIds) steps[id] = resetStep(stepOf(state, id), true);
  // A run that was broken off may have left calls open that nobody waits for: they are asked anew, not both.
  return { ...rest, status: 'running', retries: event.retry, deadlineAtMs: event.deadlineAtMs, steps, openCalls: {} };
}

function resetStep(step: StepState, keepsResults: boolean): StepState {
  const items = step.items && keepsResults ? takeBack(step.items) : undefined;
  return {
    ...newStep,
    generation: step.generation + 1,
    slots: step.slots.map((slot) => (keepsResults ? resumeSlot(slot) : forgetSlot(slot))),
    ...(items && { items }),
  };
}

const resumeSlot = (slot: SlotState): SlotState => (slot.status === 'answered' ? slot : forgetSlot(slot));
const forgetSlot = ({ attempt }: SlotState): SlotState => ({ status: 'idle', attempt, repairs: 0, rounds: 0 });

/** Entries that are not completed are begun again. */
function takeBack(items: ItemsState): ItemsState {
  const waiting: number[] = [];
  let { states } = items;
  for (const [index, item] of entriesOf(states).entries()) {
    if (item.status === 'completed' || index >= items.next) continue;
    waiting.push(index);
    states = withEntry(states, index, { status: 'pending', slots: item.slots.map(resumeSlot) });
  }
  return { ...items, states, active: [], waiting, failed: 0 };
}
