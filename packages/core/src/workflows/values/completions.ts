import { textsOfStep } from '../definition/texts-of-step.ts';
import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import { withDependents, workflowGraph } from '../definition/workflow-graph.ts';
import { allowedFunctions } from '../expressions/expression-environment.ts';
import { filterNames, tagNames } from '../templates/template-engine.ts';
import { formatReference } from './reference.ts';
import { WorkflowTypes } from './scope-types.ts';
import { describeType, type ValueType } from './value-type.ts';

/** One way into the context that an editor offers. */
export interface Completion {
  /** As it is written: `steps.plan.output`, `steps.ask.modelOutputs.openai["gpt-5"]`. */
  readonly text: string;
  /** `list of string`. */
  readonly type: string;
}

export interface Completions {
  readonly variables: readonly Completion[];
  readonly tags: readonly string[];
  readonly filters: readonly string[];
  /** Of expressions. */
  readonly functions: readonly string[];
}

const deepest = 6;
const mostVariables = 500;

/**
 * What the texts of a step can name, with types: inputs, the outputs of steps that do not wait for it, and the names of
 * its own (`item`, `candidates`, …). Undefined when there is no such step.
 */
export function completionsAt(definition: WorkflowDefinition, stepId: string): Completions | undefined {
  const graph = workflowGraph(definition);
  const step = graph.steps.get(stepId);
  if (!step) return undefined;
  // Naming a step that waits for this one would close a ring.
  const later = withDependents(graph, [stepId]);
  const earlier = new Set([...graph.steps.keys()].filter((id) => !later.has(id)));
  const names = new Set(['inputs', 'steps', ...textsOfStep(step).flatMap((text) => text.names)]);
  const scope = new WorkflowTypes(definition).scopeOf(step, [...names], earlier);
  const variables: Completion[] = [];
  for (const [name, type] of Object.entries(scope)) collect([name], type, variables);
  return {
    variables: variables.slice(0, mostVariables),
    tags: tagNames,
    filters: filterNames,
    functions: [...allowedFunctions].sort(),
  };
}

function collect(path: readonly (string | number)[], type: ValueType, found: Completion[]): void {
  const isRoot = path.length === 1 && (path[0] === 'inputs' || path[0] === 'steps');
  if (!isRoot) found.push({ text: formatReference(path), type: describeType(type) });
  if (type.kind !== 'object' || path.length > deepest || found.length > mostVariables) return;
  for (const [name, each] of Object.entries(type.fields)) collect([...path, name], each, found);
}
