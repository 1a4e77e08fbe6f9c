import { nearestName } from '../../kernel/index.ts';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { branchTargets, mentionedSteps, type WorkflowGraph, workflowGraph } from '../definition/workflow-graph.ts';
import type { ProblemCollector } from './problem-collector.ts';
import { shown } from './workflow-problem.ts';

/** Steps that do not exist, rings, and steps that can never run. `placeOf` is a step's place in what was read. */
export function checkGraph(
  definition: WorkflowDefinition,
  brokenStepIds: ReadonlySet<string>,
  placeOf: (step: WorkflowStep | undefined) => number,
  problems: ProblemCollector,
): void {
  const graph = workflowGraph(definition);
  const known = [...graph.steps.keys(), ...brokenStepIds];
  for (const step of definition.steps) {
    const at = problems.below('steps', placeOf(step));
    const named = [
      ...mentionedSteps(step)
        .filter(({ path }) => path[0] === 'after' || path[0] === 'from')
        .map(({ on, path }) => ({ id: on, path })),
      ...branchTargets(step).map(({ to, path }) => ({ id: to, path })),
    ];
    for (const { id, path } of named) {
      if (known.includes(id)) continue;
      const near = nearestName(id, known);
      const suggestion = near === undefined ? `Steps: ${shown(known.join(', '), 300)}.` : `Did you mean "${near}"?`;
      at.add('UNKNOWN_STEP', path, `There is no step "${shown(id)}".`, suggestion);
    }
    if (step.type === 'branch' && step.default === undefined) {
      at.add(
        'BRANCH_WITHOUT_DEFAULT',
        ['default'],
        'The branch does not say where to go when no case holds.',
        'Add default with a list of steps, or default: [] to go nowhere.',
      );
    }
  }
  const rings = findRings(graph);
  for (const ring of rings) {
    const [first = ''] = ring;
    const way = shown([...ring, first].join(' → '), 400);
    problems.add(
      'CYCLE',
      ['steps', placeOf(graph.steps.get(first))],
      `These steps wait for each other: ${way}.`,
      'Take one of them out of the ring: remove it from after, or do not refer to its output.',
    );
  }
  if (rings.length === 0) checkReach(definition, graph, placeOf, problems);
}

/** Rings of waiting, each once, beginning with the step that stands first; at least one for every knot. */
export function findRings(graph: WorkflowGraph): readonly (readonly string[])[] {
  const rings: string[][] = [];
  const finished = new Set<string>();
  for (const root of graph.steps.keys()) {
    if (finished.has(root)) continue;
    // Iterative, because steps may form a chain of a thousand.
    const way: string[] = [];
    const onWay = new Map<string, number>();
    const pending: { readonly id: string; next: number }[] = [];
    const enter = (id: string) => {
      onWay.set(id, way.length);
      way.push(id);
      pending.push({ id, next: 0 });
    };
    enter(root);
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const target = graph.dependents.get(top.id)?.[top.next];
      top.next += 1;
      if (target === undefined) {
        finished.add(top.id);
        onWay.delete(top.id);
        way.pop();
        pending.pop();
        continue;
      }
      const start = onWay.get(target);
      if (start !== undefined) rings.push(way.slice(start));
      else if (!finished.has(target)) enter(target);
    }
  }
  return rings;
}

/** Step ids so that everything a step waits for stands before it; of the steps that are in no ring and behind none. */
export function topologicalOrder(graph: WorkflowGraph): readonly string[] {
  const waiting = new Map([...graph.dependencies].map(([id, list]) => [id, list.length]));
  const order = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of order) {
    for (const next of graph.dependents.get(id) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  return order;
}

/** Under which cases of which branches a step runs; a branch that is not there does not matter. */
type Conditions = ReadonlyMap<string, ReadonlySet<number>>;

function checkReach(
  definition: WorkflowDefinition,
  graph: WorkflowGraph,
  placeOf: (step: WorkflowStep | undefined) => number,
  problems: ProblemCollector,
): void {
  for (const step of definition.steps) reportDeadCases(step, problems.below('steps', placeOf(step)));
  const conditions = new Map<string, Conditions | undefined>();
  for (const id of topologicalOrder(graph)) {
    const step = graph.steps.get(id);
    if (!step) continue;
    const ways = (graph.dependencies.get(id) ?? []).map(({ on, isBranchTarget }) => {
      const inherited = conditions.get(on);
      if (!isBranchTarget || !inherited) return inherited;
      const branch = graph.steps.get(on);
      const cases = branch?.type === 'branch' ? casesTo(branch, id) : new Set<number>();
      return both(inherited, new Map([[on, cases]]));
    });
    const possible = ways.filter((way) => way !== undefined);
    const isAny = step.join === 'any';
    const own = ways.length === 0 ? new Map() : isAny ? either(possible) : all(ways);
    conditions.set(id, own);
    if (own === undefined && ways.every((way) => way !== undefined)) {
      problems.add(
        'UNREACHABLE',
        ['steps', placeOf(step)],
        `The step "${id}" can never run: it waits for steps that a branch never takes together.`,
        'Write join: any, so that it runs with whichever of them was taken.',
      );
    }
  }
}

function reportDeadCases(step: WorkflowStep, problems: ProblemCollector): void {
  if (step.type !== 'branch') return;
  const always = step.cases.findIndex(({ when }) => when.trim() === 'true');
  if (always < 0) return;
  for (let place = always + 1; place < step.cases.length; place += 1) {
    const message = `Case ${place + 1} is never looked at: case ${always + 1} always holds.`;
    problems.add('UNREACHABLE', ['cases', place], message, 'Move it up, or remove it.');
  }
}

/** Cases by number that lead to `stepId`; the number behind the last one stands for the default. */
function casesTo(branch: Extract<WorkflowStep, { type: 'branch' }>, stepId: string): ReadonlySet<number> {
  const places = branch.cases.flatMap(({ goTo }, place) => (goTo.includes(stepId) ? [place] : []));
  return new Set(branch.default?.includes(stepId) ? [...places, branch.cases.length] : places);
}

function both(a: Conditions, b: Conditions): Conditions | undefined {
  const merged = new Map(a);
  for (const [branch, cases] of b) {
    const before = merged.get(branch);
    const left = before ? new Set([...cases].filter((each) => before.has(each))) : cases;
    if (left.size === 0) return undefined;
    merged.set(branch, left);
  }
  return merged;
}

function all(ways: readonly (Conditions | undefined)[]): Conditions | undefined {
  let merged: Conditions | undefined = new Map();
  for (const way of ways) merged = merged && way && both(merged, way);
  return merged;
}

function either(ways: readonly Conditions[]): Conditions | undefined {
  const [first, ...rest] = ways;
  if (!first) return undefined;
  const merged = new Map<string, ReadonlySet<number>>();
  for (const [branch, cases] of first) {
    if (!rest.every((way) => way.has(branch))) continue;
    merged.set(branch, new Set([...cases, ...rest.flatMap((way) => [...(way.get(branch) ?? [])])]));
  }
  return merged;
}
