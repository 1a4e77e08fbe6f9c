import { defaultMapConcurrency, type MapStep } from '../definition/workflow-definition.ts';
import { askForBudget } from './ask-for-budget.ts';
import { entriesOf, entryAt } from './chunked-list.ts';
import type { PlanDraft } from './plan-draft.ts';
import { planSlots } from './plan-slots.ts';
import type { RunError } from './run-fact.ts';
import { mostMapCharacters } from './run-size.ts';
import type { ItemsState, StepState } from './run-state.ts';

/** Decides how a map goes on: which entries begin, which have ended, whether the step has. */
export function planMap(step: MapStep, current: StepState, draft: PlanDraft): void {
  const { items } = current;
  const place = { stepId: step.id, generation: current.generation };
  if (!items) {
    draft.evaluate({ key: `list-items:${step.id}:${current.generation}`, what: 'list-items', stepId: step.id });
    return;
  }
  const { length } = items.values;
  const mayFail = Math.floor((step.maxFailedShare ?? 0) * length);
  if (items.failed > mayFail) {
    draft.record({ type: 'step-failed', ...place, error: firstFailure(items) });
    return;
  }
  if (items.size > mostMapCharacters) {
    const done = items.completed + items.failed;
    const message = `The outputs of ${done} of ${length} entries have more than ${mostMapCharacters} characters together. Let each entry answer shorter, or split the list over several runs.`;
    draft.record({ type: 'step-failed', ...place, error: { code: 'MAP.OUTPUTS_TOO_LARGE', message } });
    return;
  }
  if (items.completed + items.failed === length) {
    const states = entriesOf(items.states);
    const output = states.map((item) => (item.status === 'completed' ? item.output : null));
    const failures = states.flatMap(({ error }, index) => (error ? [{ index, ...error }] : []));
    draft.record({ type: 'step-completed', ...place, output, ...(failures.length > 0 && { failures }) });
    return;
  }
  if (step.do.type === 'prompt') draft.makeOpenCalls(step.id);
  for (const index of items.active) planItem(step, current, items, index, draft);
  const free = (step.concurrency ?? defaultMapConcurrency) - items.active.length;
  for (const index of nextEntries(items, free)) draft.record({ type: 'item-started', ...place, itemIndex: index });
}

function planItem(step: MapStep, current: StepState, items: ItemsState, index: number, draft: PlanDraft): void {
  const place = { stepId: step.id, generation: current.generation, itemIndex: index };
  const item = entryAt(items.states, index);
  if (!item) return;
  if (step.do.type === 'transform') {
    draft.evaluate({
      key: `item:${step.id}:${current.generation}:${index}`,
      what: 'item',
      stepId: step.id,
      itemIndex: index,
    });
    return;
  }
  const { starts, wakeAtMs, refusal, result } = planSlots(step.do, item.slots, draft.nowMs, draft.callsLeft);
  if (result) {
    const [first] = result.answers;
    if (first) draft.record({ type: 'item-completed', ...place, output: first.value });
    else {
      const error = result.error ?? { code: 'MODEL.FAILED', message: 'No model answered.' };
      draft.record({ type: 'item-failed', ...place, error });
    }
    return;
  }
  for (const start of starts) draft.startCall(step.id, index, start);
  if (wakeAtMs !== undefined) draft.wakeAt(wakeAtMs);
  if (refusal !== undefined) askForBudget(step.id, current, refusal, draft);
}

/** The next `count` entries to begin: first those that a retry took back. */
function nextEntries(items: ItemsState, count: number): readonly number[] {
  if (count <= 0) return [];
  const again = items.waiting.slice(0, count);
  const fresh = Math.min(count - again.length, items.values.length - items.next);
  return [...again, ...Array.from({ length: Math.max(0, fresh) }, (_, offset) => items.next + offset)];
}

function firstFailure(items: ItemsState): RunError {
  const states = entriesOf(items.states);
  const index = states.findIndex(({ status }) => status === 'failed');
  const error = states[index]?.error;
  return {
    code: error?.code ?? 'MODEL.FAILED',
    message: `Entry ${index + 1} of ${items.values.length} failed: ${error?.message ?? 'unknown reason'}`,
  };
}
