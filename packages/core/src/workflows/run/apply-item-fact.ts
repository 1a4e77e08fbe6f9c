import { chunkedList, entryAt, withEntry } from './chunked-list.ts';
import type { JournalEvent } from './run-fact.ts';
import { sizeOfValue } from './run-size.ts';
import { type ItemState, type ItemsState, newItem, type RunState, stepOf, withStep } from './run-state.ts';

type ItemFact = Extract<JournalEvent, { type: 'items-listed' | 'item-started' | 'item-completed' | 'item-failed' }>;

/** The state after something happened to the entries of a map. */
export function applyItemFact(state: RunState, event: ItemFact): RunState {
  const step = stepOf(state, event.stepId);
  if (step.generation !== event.generation || step.status !== 'running') return state;
  const put = (items: ItemsState) => withStep(state, event.stepId, { ...step, items });
  if (event.type === 'items-listed') return step.items ? state : put(newItems(event.items));
  const { items } = step;
  const item = items && entryAt(items.states, event.itemIndex);
  if (!items || !item) return state;
  const { itemIndex } = event;
  const write = (changed: ItemState) => withEntry(items.states, itemIndex, changed);
  switch (event.type) {
    case 'item-started':
      if (state.status !== 'running' || item.status !== 'pending') return state;
      return put({
        ...items,
        states: write({ ...item, status: 'running' }),
        active: [...items.active, itemIndex].sort((a, b) => a - b),
        next: Math.max(items.next, itemIndex + 1),
        waiting: items.waiting.filter((each) => each !== itemIndex),
      });
    case 'item-completed':
    case 'item-failed': {
      if (item.status !== 'running') return state;
      const isDone = event.type === 'item-completed';
      const changed: ItemState = isDone
        ? { ...item, status: 'completed', output: event.output }
        : { ...item, status: 'failed', error: event.error };
      return put({
        ...items,
        states: write(changed),
        active: items.active.filter((each) => each !== itemIndex),
        completed: items.completed + (isDone ? 1 : 0),
        failed: items.failed + (isDone ? 0 : 1),
        size: items.size + (isDone ? sizeOfValue(event.output) : 0),
      });
    }
  }
}

function newItems(values: readonly unknown[]): ItemsState {
  return {
    values,
    states: chunkedList(values.length, newItem),
    active: [],
    next: 0,
    waiting: [],
    completed: 0,
    failed: 0,
    size: 0,
  };
}
