import type { Definition, Step } from './definition.ts';
import { isMap, readDraft } from './definition.ts';
import { renameInLists } from './edit-steps.ts';
import { freeId } from './new-step.ts';
import { renameInTexts } from './step-references.ts';

/** What lies in the clipboard: JSON that a person can read, and that no other program takes for its own. */
export function copyText(definition: Definition, ids: ReadonlySet<string>): string {
  const steps = definition.steps.filter(({ id }) => ids.has(id));
  return JSON.stringify({ 'switchyard-steps': 1, steps }, null, 2);
}

/** Steps in a text: copied here, or a whole definition as JSON. Undefined when it is something else. */
export function readCopy(text: string): readonly Step[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMap(value) || !Array.isArray(value.steps)) return undefined;
  const { definition, unreadableSteps } = readDraft(value, 'copied');
  return unreadableSteps > 0 || definition.steps.length === 0 ? undefined : definition.steps;
}

/**
 * The steps behind `afterId`, or at the end. Ids that are taken are renamed, also where the copied steps name each
 * other; what they name of other workflows stays and shows as a problem.
 */
export function pasteSteps(
  definition: Definition,
  copied: readonly Step[],
  afterId: string | undefined,
): { readonly definition: Definition; readonly stepIds: readonly string[] } {
  const taken = new Set(definition.steps.map(({ id }) => id));
  const names = new Map<string, string>();
  for (const { id } of copied) {
    if (names.has(id)) continue;
    const free = freeId(id, taken);
    names.set(id, free);
    taken.add(free);
  }
  const named = (list: readonly string[]) => list.map((id) => names.get(id) ?? id);
  const first = new Map(copied.map((step) => [step.id, step]));
  const fresh = [...first.values()].map(
    (step): Step => ({ ...renameInTexts(renameInLists(step, named), names), id: names.get(step.id) ?? step.id }),
  );
  const place = definition.steps.findIndex(({ id }) => id === afterId);
  const index = place < 0 ? definition.steps.length : place + 1;
  const steps = [...definition.steps.slice(0, index), ...fresh, ...definition.steps.slice(index)];
  return { definition: { ...definition, steps }, stepIds: fresh.map(({ id }) => id) };
}
