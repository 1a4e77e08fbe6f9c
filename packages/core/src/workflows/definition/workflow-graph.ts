import type { ProblemPath } from '../validation/workflow-problem.ts';
import type { Reference } from '../values/reference.ts';
import { cachedExpression, cachedTemplate } from './compile-text.ts';
import { type StepText, textsOfStep } from './texts-of-step.ts';
import type { WorkflowDefinition, WorkflowStep } from './workflow-definition.ts';

/** One step waits for another. */
export interface Dependency {
  readonly on: string;
  /** Where the definition says so, within the step. For a branch's target: within the branch. */
  readonly path: ProblemPath;
  /** The step is where the branch `on` may go: it runs only if the branch goes there. */
  readonly isBranchTarget: boolean;
}

/** Who waits for whom, read from what steps say (`after`, `from`, `goTo`) and from what their texts look at. */
export interface WorkflowGraph {
  readonly steps: ReadonlyMap<string, WorkflowStep>;
  /** Of every step; each step waited for once, branches of which it is the target apart. Unknown ids are left out. */
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** Steps that nothing depends on, in the order of the definition. */
  readonly sinks: readonly string[];
}

const graphs = new WeakMap<WorkflowDefinition, WorkflowGraph>();

/** The graph of `definition`, worked out once for each definition object. Definitions are never changed in place. */
export function workflowGraph(definition: WorkflowDefinition): WorkflowGraph {
  const known = graphs.get(definition);
  if (known) return known;
  const graph = buildGraph(definition);
  graphs.set(definition, graph);
  return graph;
}

function buildGraph({ steps: list }: WorkflowDefinition): WorkflowGraph {
  const steps = new Map(list.map((step) => [step.id, step]));
  const dependencies = new Map<string, Map<string, Dependency>>(list.map(({ id }) => [id, new Map()]));
  const add = (id: string, on: string, path: ProblemPath, isBranchTarget: boolean) => {
    const known = dependencies.get(id);
    if (!known || !steps.has(on)) return;
    const before = known.get(on);
    if (!before || (isBranchTarget && !before.isBranchTarget)) known.set(on, { on, path, isBranchTarget });
  };
  for (const step of list) {
    for (const { on, path } of mentionedSteps(step)) add(step.id, on, path, false);
    for (const { to, path } of branchTargets(step)) add(to, step.id, path, true);
  }
  const dependents = new Map<string, string[]>(list.map(({ id }) => [id, []]));
  for (const [id, known] of dependencies) for (const on of known.keys()) dependents.get(on)?.push(id);
  return {
    steps,
    dependencies: new Map([...dependencies].map(([id, known]) => [id, [...known.values()]])),
    dependents,
    sinks: list.map(({ id }) => id).filter((id) => dependents.get(id)?.length === 0),
  };
}

/** Steps that `step` waits for by its own words, those that do not exist included. */
export function mentionedSteps(step: WorkflowStep): readonly { readonly on: string; readonly path: ProblemPath }[] {
  const after = (step.after ?? []).map((on, index) => ({ on, path: ['after', index] }));
  const from = step.type === 'merge' ? step.from.map((on, index) => ({ on, path: ['from', index] })) : [];
  const referred = textsOfStep(step).flatMap((text) =>
    referencesOf(text).flatMap(({ path: [root, id] }) =>
      root === 'steps' && typeof id === 'string' ? [{ on: id, path: text.path }] : [],
    ),
  );
  return [...after, ...from, ...referred];
}

/** Steps that a branch may go to, those that do not exist included. */
export function branchTargets(step: WorkflowStep): readonly { readonly to: string; readonly path: ProblemPath }[] {
  if (step.type !== 'branch') return [];
  const ofCases = step.cases.flatMap(({ goTo }, place) =>
    goTo.map((to, index) => ({ to, path: ['cases', place, 'goTo', index] })),
  );
  return [...ofCases, ...(step.default ?? []).map((to, index) => ({ to, path: ['default', index] }))];
}

/** What `text` looks at; nothing when it cannot be read. */
export function referencesOf(text: StepText): readonly Reference[] {
  if (text.kind === 'template') {
    const result = cachedTemplate(text.source);
    return result.isValid ? result.template.references : [];
  }
  const result = cachedExpression(text.source, text.scope);
  return result.isValid ? result.expression.references : [];
}

/** `roots` and every step that waits for one of them, directly or not. */
export function withDependents(graph: WorkflowGraph, roots: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>(roots);
  for (const id of found) for (const next of graph.dependents.get(id) ?? []) found.add(next);
  return found;
}
