import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { workflowGraph } from '../definition/workflow-graph.ts';
import type { GivenOutput } from './run-fact.ts';

/** Sample values for one step: inputs of the workflow, and outputs of the steps that it looks at. */
export interface PreviewSample {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly steps?: Readonly<Record<string, GivenOutput>>;
}

export type Preview =
  | {
      readonly isReady: true;
      /** A workflow of its own: the step, and stand-ins for what it waits for. */
      readonly definition: WorkflowDefinition;
      /** For `beginRun`. */
      readonly given: Readonly<Record<string, GivenOutput>>;
    }
  | { readonly isReady: false; readonly missingStepIds: readonly string[] };

/**
 * Turns one step into a workflow that the same engine runs. Branches that lead to the step are taken, steps it looks at
 * have the sample's outputs and are never executed. Undefined when there is no such step.
 */
export function previewStep(
  definition: WorkflowDefinition,
  stepId: string,
  sample: PreviewSample,
): Preview | undefined {
  const graph = workflowGraph(definition);
  const step = graph.steps.get(stepId);
  if (!step) return undefined;
  const waitsFor = (graph.dependencies.get(stepId) ?? []).filter(({ isBranchTarget }) => !isBranchTarget);
  const samples = sample.steps ?? {};
  const missingStepIds = waitsFor.map(({ on }) => on).filter((id) => !Object.hasOwn(samples, id));
  if (missingStepIds.length > 0) return { isReady: false, missingStepIds };
  const standIns = waitsFor.map(({ on }) => standIn(graph.steps.get(on), on));
  const { outputs: _outputs, ...envelope } = definition;
  return {
    isReady: true,
    definition: { ...envelope, steps: [...standIns, step] },
    given: Object.fromEntries(waitsFor.map(({ on }) => [on, samples[on] ?? { output: null }])),
  };
}

/** Keeps what a merge has to know of its sources; never executed, because its output is given. */
function standIn(step: WorkflowStep | undefined, id: string): WorkflowStep {
  const nothing: WorkflowStep = { id, type: 'transform', value: 'null' };
  if (step?.type === 'prompt') return { id, type: 'prompt', role: 'sample', prompt: '' };
  if (step?.type === 'map') return { id, type: 'map', over: '[]', do: { type: 'transform', value: 'item' } };
  return nothing;
}
