import { createHash } from 'node:crypto';
import { canonicalForm, canonicalJson } from '../definition/canonical-form.ts';
import { textsOfStep } from '../definition/texts-of-step.ts';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { referencesOf, type WorkflowGraph, workflowGraph } from '../definition/workflow-graph.ts';
import type { GivenOutput } from './run-fact.ts';
import { type RunState, stepOf } from './run-state.ts';

/**
 * Which outputs of an earlier run hold in a new one with another definition or other inputs: those of completed steps
 * that are the same, look at the same inputs, and depend on nothing that changed. Whoever changes the last prompt of a
 * long workflow pays for the last prompt only. Branches and approvals are decided anew.
 *
 * What a role leads to is not looked at: pass the steps to execute in any case as `changedStepIds`.
 */
export function reuseOutputs(
  earlier: { readonly definition: WorkflowDefinition; readonly state: RunState },
  definition: WorkflowDefinition,
  inputs: Readonly<Record<string, unknown>>,
  changedStepIds: readonly string[] = [],
): Readonly<Record<string, GivenOutput>> {
  const before = new Fingerprints(earlier.definition, earlier.state.inputs);
  const after = new Fingerprints(definition, inputs, changedStepIds);
  const given: [string, GivenOutput][] = [];
  for (const { id, type } of definition.steps) {
    const { status, output, modelOutputs } = stepOf(earlier.state, id);
    if (status !== 'completed' || type === 'branch' || type === 'approval') continue;
    if (before.of(id) !== after.of(id)) continue;
    given.push([id, { output, ...(modelOutputs && { modelOutputs }), fromRunId: earlier.state.runId }]);
  }
  return Object.fromEntries(given);
}

/** What the output of each step depends on, as a hash. */
class Fingerprints {
  readonly #graph: WorkflowGraph;
  readonly #inputs: Readonly<Record<string, unknown>>;
  readonly #steps: ReadonlyMap<string, WorkflowStep>;
  readonly #changed: ReadonlySet<string>;
  readonly #known = new Map<string, string>();

  constructor(
    definition: WorkflowDefinition,
    inputs: Readonly<Record<string, unknown>>,
    changed: readonly string[] = [],
  ) {
    this.#graph = workflowGraph(definition);
    this.#inputs = inputs;
    this.#steps = new Map(canonicalForm(definition).steps.map((step) => [step.id, step]));
    this.#changed = new Set(changed);
  }

  /** Depth is bounded by the longest way through the workflow. */
  of(stepId: string): string {
    const known = this.#known.get(stepId);
    if (known !== undefined) return known;
    const step = this.#steps.get(stepId);
    const { title: _title, description: _description, ...meaning } = step ?? {};
    const looksAt = step ? inputsOf(step) : [];
    const values = looksAt.includes('*')
      ? this.#inputs
      : Object.fromEntries(looksAt.map((name) => [name, this.#inputs[name] ?? null]));
    const ways = (this.#graph.dependencies.get(stepId) ?? []).map(({ on }) => [on, this.of(on)]);
    const changed = this.#changed.has(stepId) ? 'changed' : '';
    const text = canonicalJson([meaning, values, ways.sort(), changed]);
    const fingerprint = createHash('sha256').update(text).digest('hex');
    this.#known.set(stepId, fingerprint);
    return fingerprint;
  }
}

function inputsOf(step: WorkflowStep): readonly string[] {
  const names = textsOfStep(step).flatMap((text) =>
    referencesOf(text).flatMap(({ path: [root, name] }) => {
      if (root !== 'inputs') return [];
      return [typeof name === 'string' ? name : '*'];
    }),
  );
  return [...new Set(names)].sort();
}
