import { cachedExpression } from '../definition/compile-text.ts';
import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import { mentionedSteps, workflowGraph } from '../definition/workflow-graph.ts';
import { type RunState, type StepState, stepOf } from './run-state.ts';

/** What templates and expressions find under `inputs` and `steps`. */
export interface RunContext {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly steps: Readonly<Record<string, unknown>>;
}

/**
 * The context of a step: the inputs and those steps that it waits for, and no others, because what others have come to
 * depends on how fast they were.
 */
export function contextOfStep(state: RunState, definition: WorkflowDefinition, stepId: string): RunContext {
  const graph = workflowGraph(definition);
  const step = graph.steps.get(stepId);
  const ids = step ? mentionedSteps(step).map(({ on }) => on) : [];
  return makeContext(state, new Set(ids.filter((id) => graph.steps.has(id))));
}

/** The context of the expressions that make the outputs of a run. */
export function contextOfOutputs(state: RunState, definition: WorkflowDefinition): RunContext {
  const ids = Object.values(definition.outputs ?? {}).flatMap((source) => {
    const result = cachedExpression(source, 'workflow');
    if (!result.isValid) return [];
    return result.expression.references.flatMap(({ path: [root, id] }) =>
      root === 'steps' && typeof id === 'string' ? [id] : [],
    );
  });
  return makeContext(state, new Set(ids));
}

function makeContext(state: RunState, ids: ReadonlySet<string>): RunContext {
  const steps = [...ids].map((id) => [id, stepContext(stepOf(state, id))]);
  return { inputs: state.inputs, steps: Object.fromEntries(steps) };
}

function stepContext(step: StepState): Readonly<Record<string, unknown>> {
  const { status, output, error, modelOutputs, modelId, failures } = step;
  return {
    output: output ?? null,
    status,
    error: error ?? null,
    modelOutputs: modelOutputs ?? {},
    model: modelId ?? null,
    failures: failures ?? [],
  };
}
