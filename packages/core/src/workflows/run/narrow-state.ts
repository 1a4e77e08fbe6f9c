import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import { mentionedSteps, workflowGraph } from '../definition/workflow-graph.ts';
import { aroundEntry } from './chunked-list.ts';
import type { RunState, StepState } from './run-state.ts';

/**
 * What one evaluation or one prompt of `stepId` looks at, and no more, so that it can be sent to another thread cheaply:
 * `evaluateCommand` and `prepareCall` give the same with it as with the whole state. Without a step (for the outputs of
 * the run) nothing is left out but the entries of maps.
 */
export function narrowState(
  state: RunState,
  definition: WorkflowDefinition,
  stepId: string | undefined,
  itemIndex?: number,
): RunState {
  const step = stepId === undefined ? undefined : workflowGraph(definition).steps.get(stepId);
  const ids = step
    ? [step.id, ...mentionedSteps(step).map(({ on }) => on), ...(step.type === 'merge' ? step.from : [])]
    : Object.keys(state.steps);
  // Answers stand in the outputs too; only a merge looks at them one by one.
  const keepsAnswers = !step || step.type === 'merge';
  const steps: Record<string, StepState> = {};
  for (const id of ids) {
    const found = Object.hasOwn(state.steps, id) ? state.steps[id] : undefined;
    if (found && id === stepId) steps[id] = withOneItem(found, itemIndex);
    else if (found) steps[id] = { ...withoutItems(found), slots: keepsAnswers ? found.slots : [] };
  }
  return { ...state, steps, openCalls: {}, totals: {} };
}

function withoutItems({ items: _items, ...step }: StepState): StepState {
  return step;
}

function withOneItem(step: StepState, itemIndex: number | undefined): StepState {
  const { items } = step;
  if (!items || itemIndex === undefined) return withoutItems(step);
  // Lists with holes: what is asked for stands in its place, and hardly anything else.
  const values: unknown[] = [];
  values[itemIndex] = items.values[itemIndex];
  return {
    ...step,
    items: { ...items, values, states: aroundEntry(items.states, itemIndex), active: [], waiting: [] },
  };
}
