import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import type { RandomWorkflow } from './random-workflow.ts';

/** What a step of a random workflow must have come to. */
export interface ReferenceStep {
  readonly status: 'completed' | 'failed' | 'skipped';
  readonly output: unknown;
  readonly chosen?: readonly string[];
  /** What a merge of the step takes; absent means its one output. */
  readonly candidates?: readonly unknown[];
}

export interface ReferenceRun {
  readonly outcome: 'completed' | 'failed';
  /** Right for all steps when the run completes. */
  readonly steps: ReadonlyMap<string, ReferenceStep>;
}

/**
 * Works out a random workflow in the order of its definition, one step after the other, with nothing in common with the
 * engine: no events, no state, no parallel work.
 */
export function referenceRun(
  { definition, outcomeOf }: RandomWorkflow,
  inputs: { readonly flag: boolean; readonly list: readonly string[] },
): ReferenceRun {
  const steps = new Map<string, ReferenceStep>();
  let outcome: 'completed' | 'failed' = 'completed';
  for (const step of definition.steps) {
    const parents = parentsOf(step, definition);
    const live = parents.map(([id, isTarget]) => {
      const parent = steps.get(id);
      const source = definition.steps.find((each) => each.id === id);
      if (parent?.status === 'skipped') return false;
      if (parent?.status === 'failed') return source?.onFailure === 'continue';
      return !isTarget || (parent?.chosen ?? []).includes(step.id);
    });
    const runs = step.join === 'any' ? live.length === 0 || live.includes(true) : !live.includes(false);
    const result: ReferenceStep = runs
      ? execute(step, steps, inputs, outcomeOf)
      : { status: 'skipped', output: undefined };
    steps.set(step.id, result);
    if (result.status === 'failed' && (step.onFailure ?? 'fail-run') === 'fail-run') outcome = 'failed';
  }
  return { outcome, steps };
}

function parentsOf(step: WorkflowStep, definition: WorkflowDefinition): readonly (readonly [string, boolean])[] {
  const text = JSON.stringify(step);
  return definition.steps.flatMap((other): (readonly [string, boolean])[] => {
    const targets =
      other.type === 'branch' ? [...other.cases.flatMap(({ goTo }) => goTo), ...(other.default ?? [])] : [];
    if (targets.includes(step.id)) return [[other.id, true]];
    const isFrom = step.type === 'merge' && step.from.includes(other.id);
    const isNamed = text.includes(`steps.${other.id}.output`) || step.after?.includes(other.id) || isFrom;
    return isNamed ? [[other.id, false]] : [];
  });
}

function execute(
  step: WorkflowStep,
  steps: ReadonlyMap<string, ReferenceStep>,
  inputs: { readonly flag: boolean; readonly list: readonly string[] },
  outcomeOf: RandomWorkflow['outcomeOf'],
): ReferenceStep {
  const see = (text: string) =>
    text.replace(/\{\{ steps\.(\w+)\.output \}\}/g, (_, id: string) => write(steps.get(id)?.output));
  const ask = (item: number | undefined, slot: number, rounds: number): boolean => {
    for (let attempt = 1; attempt <= rounds; attempt += 1) {
      const outcome = outcomeOf(step.id, item, slot, attempt);
      if (outcome !== 'transient') return outcome === 'answer';
    }
    return false;
  };
  const failed: ReferenceStep = { status: 'failed', output: undefined };
  if (step.type === 'transform') return { status: 'completed', output: see(step.template ?? '') };
  if (step.type === 'branch') {
    const [first] = step.cases;
    const holds = first?.when === 'true' || (first?.when === 'inputs.flag' && inputs.flag);
    const chosen = holds ? (first?.goTo ?? []) : (step.default ?? []);
    return { status: 'completed', output: { chosen, case: holds ? 0 : 1 }, chosen };
  }
  if (step.type === 'prompt') {
    const slots = step.strategy === 'parallel' ? (step.models ?? []).length : 1;
    const answered = Array.from({ length: slots }, (_, slot) => ask(undefined, slot, step.retry?.rounds ?? 1));
    const candidates = answered.filter(Boolean).map(() => see(step.prompt));
    return candidates.length > 0 ? { status: 'completed', output: candidates[0], candidates } : failed;
  }
  if (step.type === 'map' && step.do.type === 'prompt') {
    const { prompt, retry } = step.do;
    const output = inputs.list.map((item, index) =>
      ask(index, 0, retry?.rounds ?? 1) ? see(prompt).replace('{{ item }}', item) : null,
    );
    const most = Math.floor((step.maxFailedShare ?? 0) * inputs.list.length);
    return output.filter((each) => each === null).length > most
      ? failed
      : { status: 'completed', output, candidates: output.filter((each) => each !== null) };
  }
  if (step.type === 'merge' && step.mode === 'concatenate') {
    const found = step.from.flatMap((id) => {
      const source = steps.get(id);
      return source?.status === 'completed' ? (source.candidates ?? [source.output]) : [];
    });
    return found.length > 0 ? { status: 'completed', output: found.map(write).join('+') } : failed;
  }
  return failed;
}

const write = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);
