import type { ItemState, ItemsState, RunState, SlotState, StepState } from '@switchyard/core/workflows';

/**
 * `state` without the answers of calls and the entries of maps: most of it, which stands in the outputs of steps too.
 * Events behind it change it in the same way as the whole state, as far as readers of a run see.
 */
export function leanState(state: RunState): RunState {
  return withSteps(state, (step) => ({
    ...step,
    slots: step.slots.map(leanSlot),
    ...(step.items && { items: { ...step.items, values: [], states: leanItems(step.items) } }),
  }));
}

/** What {@link leanState} made, with as many entries as there were. */
export function expandState(state: RunState): RunState {
  return withSteps(state, (step) =>
    step.items ? { ...step, items: { ...step.items, values: new Array(step.items.states.length).fill(null) } } : step,
  );
}

function withSteps(state: RunState, change: (step: StepState) => StepState): RunState {
  return {
    ...state,
    steps: Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, change(step)])),
  };
}

function leanItems({ states }: ItemsState): ItemsState['states'] {
  return { ...states, chunks: states.chunks.map((chunk) => chunk.map(leanItem)) };
}

/** An entry that is completed stays so, until its step is begun anew. */
function leanItem({ output: _output, ...item }: ItemState): ItemState {
  return { ...item, slots: item.status === 'completed' ? [] : item.slots.map(leanSlot) };
}

const leanSlot = ({ answer: _answer, ...slot }: SlotState): SlotState => slot;
