import type { BranchCase, Definition, Step, StepType } from './definition.ts';
import { stepAt } from './definition.ts';
import { freeId, newStep } from './new-step.ts';
import { renameInText, renameInTexts } from './step-references.ts';
import { movedEntry } from './value-path.ts';
import type { Link } from './workflow-links.ts';

/** The definition after an edit, and the step that should be looked at next. */
export interface Edited {
  readonly definition: Definition;
  readonly stepId: string;
}

const idsOf = ({ steps }: Definition) => new Set(steps.map(({ id }) => id));

/** `definition` with `change` made to one step. */
export function changeStep(definition: Definition, id: string, change: (step: Step) => Step): Definition {
  return { ...definition, steps: definition.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function insertAt(definition: Definition, index: number, step: Step): Definition {
  return { ...definition, steps: [...definition.steps.slice(0, index), step, ...definition.steps.slice(index)] };
}

/** A new step behind `afterId`, reading its output; at the end and reading the first input when there is none. */
export function addStep(definition: Definition, type: StepType, afterId: string | undefined): Edited {
  const source = stepAt(definition, afterId);
  const step = newStep(type, definition, source?.type === 'branch' ? undefined : source);
  const index = source ? definition.steps.indexOf(source) + 1 : definition.steps.length;
  const added = insertAt(definition, index, step);
  // What follows a branch runs because the branch goes there.
  const joined = source?.type === 'branch' ? connect(added, source.id, step.id, { kind: 'case', caseIndex: 0 }) : added;
  return { definition: joined, stepId: step.id };
}

/** A new step between two that are linked: it reads what flowed, and what waited for the first waits for it. */
export function insertOnLink(definition: Definition, type: StepType, link: Link): Edited {
  const { from, to, kind } = link;
  const { definition: added, stepId } = addStep(definition, type, kind === 'case' ? undefined : from);
  const fresh = stepAt(added, stepId) as Step;
  const rest = added.steps.filter(({ id }) => id !== stepId);
  const index = Math.max(rest.findIndex(({ id }) => id === from) + 1, 0);
  let next: Definition = { ...added, steps: [...rest.slice(0, index), fresh, ...rest.slice(index)] };
  const swapped = (list: readonly string[]) => list.map((id) => (id === from ? stepId : id));
  if (kind === 'case') {
    next = changeStep(next, from, (step) =>
      redirect(step, link, (goTo) => goTo.map((id) => (id === to ? stepId : id))),
    );
    return { definition: waitFor(next, to, stepId), stepId };
  }
  if (type === 'branch') {
    const open = (step: Step) => redirect(step, { caseIndex: 0 }, () => [to]);
    return { definition: dropAfter(changeStep(next, stepId, open), to, from), stepId };
  }
  const passesOn = type !== 'approval';
  next = changeStep(next, to, (step) => ({
    ...(passesOn ? renameInTexts(step, new Map([[from, stepId]])) : step),
    ...(step.after && { after: swapped(step.after) }),
    ...(step.from && { from: swapped(step.from) }),
  }));
  return { definition: passesOn ? next : waitFor(next, to, stepId), stepId };
}

const waitFor = (definition: Definition, id: string, on: string): Definition =>
  changeStep(definition, id, (step) => ({ ...step, after: [...new Set([...(step.after ?? []), on])] }));

const dropAfter = (definition: Definition, id: string, on: string): Definition =>
  changeStep(definition, id, (step) => without(step, 'after', on));

function without(step: Step, field: 'after' | 'from' | 'default', id: string): Step {
  const list = step[field];
  if (!list?.includes(id)) return step;
  const left = list.filter((each) => each !== id);
  if (left.length > 0 || field === 'from' || field === 'default') return { ...step, [field]: left };
  const { [field]: _gone, ...rest } = step;
  return rest as Step;
}

/** Changes where one way out of a branch leads; case -1 is the default. */
function redirect(
  step: Step,
  { caseIndex = 0 }: { readonly caseIndex?: number | undefined },
  change: (goTo: readonly string[]) => readonly string[],
): Step {
  if (caseIndex === -1) return { ...step, default: change(step.default ?? []) };
  const cases = (step.cases ?? []).map(
    (each, index): BranchCase => (index === caseIndex ? { ...each, goTo: change(each.goTo) } : each),
  );
  return { ...step, cases };
}

/**
 * Without the step. Lists of others no longer name it, and who waited for it waits for what it waited for. Texts that
 * look at it stay as they are: the problems say where.
 */
export function removeSteps(definition: Definition, ids: ReadonlySet<string>): Definition {
  const bridges = new Map(definition.steps.filter(({ id }) => ids.has(id)).map(({ id, after }) => [id, after ?? []]));
  const bridged = (list: readonly string[], seen: ReadonlySet<string> = new Set()): string[] =>
    list.flatMap((id) => {
      if (!ids.has(id)) return [id];
      return seen.has(id) ? [] : bridged(bridges.get(id) ?? [], new Set([...seen, id]));
    });
  const steps = definition.steps
    .filter(({ id }) => !ids.has(id))
    .map((step): Step => {
      const { after, ...rest } = step;
      const waits = [...new Set(bridged(after ?? []))].filter((id) => id !== step.id);
      return {
        ...rest,
        ...(waits.length > 0 && { after: waits }),
        ...(step.from && { from: step.from.filter((id) => !ids.has(id)) }),
        ...(step.default && { default: step.default.filter((id) => !ids.has(id)) }),
        ...(step.cases && {
          cases: step.cases.map((each) => ({ ...each, goTo: each.goTo.filter((id) => !ids.has(id)) })),
        }),
      } as Step;
    });
  return { ...definition, steps };
}

/** A copy of the step right behind it, under a name of its own. Nothing waits for it yet. */
export function duplicateStep(definition: Definition, id: string): Edited | undefined {
  const step = stepAt(definition, id);
  if (!step) return undefined;
  const copyId = freeId(id, idsOf(definition));
  const copy: Step = { ...step, id: copyId, ...(step.title && { title: `${step.title} (copy)`.slice(0, 120) }) };
  return { definition: insertAt(definition, definition.steps.indexOf(step) + 1, copy), stepId: copyId };
}

/** The step `by` places further down the list (up when negative), as far as the list goes. */
export function moveStep(definition: Definition, id: string, by: number): Definition {
  const from = definition.steps.findIndex((step) => step.id === id);
  const to = Math.min(definition.steps.length - 1, Math.max(0, from + by));
  return from < 0 || to === from ? definition : { ...definition, steps: movedEntry(definition.steps, from, to) };
}

/** The step under another id, everywhere: lists, templates, expressions, outputs of the workflow. */
export function renameStep(definition: Definition, id: string, next: string): Definition {
  if (id === next || idsOf(definition).has(next)) return definition;
  const names = new Map([[id, next]]);
  const named = (list: readonly string[]) => list.map((each) => names.get(each) ?? each);
  const { outputs } = definition;
  return {
    ...definition,
    steps: definition.steps.map((step) => ({
      ...renameInTexts(renameInLists(step, named), names),
      id: names.get(step.id) ?? step.id,
    })),
    ...(outputs && {
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, text]) => [name, renameInText(text, 'expression', names)]),
      ),
    }),
  };
}

/** `step` with other ids in its lists. */
export function renameInLists(step: Step, named: (list: readonly string[]) => readonly string[]): Step {
  return {
    ...step,
    ...(step.after && { after: named(step.after) }),
    ...(step.from && { from: named(step.from) }),
    ...(step.default && { default: named(step.default) }),
    ...(step.cases && { cases: step.cases.map((each) => ({ ...each, goTo: named(each.goTo) })) }),
  };
}

/** How one step can be made to follow another. */
export type Way = { readonly kind: 'case'; readonly caseIndex: number } | { readonly kind: 'from' | 'text' | 'after' };

/** The ways that make sense, the usual one first; nothing for a step and itself. */
export function waysToConnect(definition: Definition, from: string, to: string): readonly Way[] {
  const [source, target] = [stepAt(definition, from), stepAt(definition, to)];
  if (!source || !target || from === to) return [];
  if (source.type === 'branch') {
    const ways = (source.cases ?? []).map((_, caseIndex): Way => ({ kind: 'case', caseIndex }));
    return [...ways, { kind: 'case', caseIndex: -1 }];
  }
  if (target.type === 'merge') return target.mode === 'llm' ? [{ kind: 'from' }, { kind: 'text' }] : [{ kind: 'from' }];
  const takesText = target.type === 'prompt' || target.type === 'approval' || typeof target.template === 'string';
  return takesText ? [{ kind: 'text' }, { kind: 'after' }] : [{ kind: 'after' }];
}

/** `to` follows `from` in one of the ways of {@link waysToConnect}; already so: unchanged. */
export function connect(definition: Definition, from: string, to: string, way: Way): Definition {
  if (way.kind === 'case') {
    return changeStep(definition, from, (step) => redirect(step, way, (goTo) => [...new Set([...goTo, to])]));
  }
  if (way.kind === 'after') return waitFor(definition, to, from);
  return changeStep(definition, to, (step) => {
    if (way.kind === 'from') return { ...step, from: [...new Set([...(step.from ?? []), from])] };
    const field = step.type === 'approval' ? 'message' : step.type === 'transform' ? 'template' : 'prompt';
    const text = typeof step[field] === 'string' ? step[field] : '';
    const mention = `{{ steps.${from}.output }}`;
    if (text.includes(mention)) return step;
    return { ...step, [field]: text.trim() === '' ? mention : `${text.trimEnd()}\n\n${mention}` };
  });
}

/** Without the link; a text that looks at the step has to be changed by hand, so it stays. */
export function disconnect(definition: Definition, link: Link): Definition {
  if (link.kind === 'case') {
    const drop = (goTo: readonly string[]) => goTo.filter((id) => id !== link.to);
    return changeStep(definition, link.from, (step) => redirect(step, link, drop));
  }
  return changeStep(definition, link.to, (step) => without(without(step, 'after', link.from), 'from', link.from));
}
