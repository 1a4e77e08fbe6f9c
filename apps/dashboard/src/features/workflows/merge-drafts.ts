import type { Definition, Json, JsonMap, Step } from './definition.ts';

export interface MergedDraft {
  readonly definition: Definition;
  /** What both changed, in words for people: mine was taken. Empty: nothing of anybody is lost. */
  readonly clashes: readonly string[];
}

/** Compares plain data whatever the order of its names: a database shuffles them. */
export function areSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_name, each: unknown) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? ''
  );
}

/**
 * Two drafts that began as `base`, in one: step by step and field by field what either changed is taken. Where both
 * changed the same thing differently mine is taken and named. Their order of steps holds, my new steps come behind those that they followed.
 */
export function mergeDrafts(base: Definition, mine: Definition, theirs: Definition): MergedDraft {
  const clashes: string[] = [];
  const choose = <Value>(name: string, before: Value, own: Value, other: Value): Value => {
    if (areSame(own, before)) return other;
    if (!areSame(other, before) && !areSame(own, other)) clashes.push(name);
    return own;
  };
  const { steps: baseSteps, ...baseRest } = base;
  const { steps: mySteps, ...myRest } = mine;
  const { steps: theirSteps, ...theirRest } = theirs;
  const envelope = mergeFields(baseRest as JsonMap, myRest as JsonMap, theirRest as JsonMap, choose);
  const [before, own, other] = [baseSteps, mySteps, theirSteps].map(
    (list) => new Map(list.map((step) => [step.id, step])),
  );
  const merged = new Map<string, Step>();
  for (const id of orderOf(mySteps, theirSteps)) {
    const step = choose(`step ${id}`, before?.get(id), own?.get(id), other?.get(id));
    if (step) merged.set(id, step);
  }
  return { definition: { ...envelope, steps: [...merged.values()] } as unknown as Definition, clashes };
}

function mergeFields(
  before: JsonMap,
  own: JsonMap,
  other: JsonMap,
  choose: (name: string, before: Json | undefined, own: Json | undefined, other: Json | undefined) => Json | undefined,
): JsonMap {
  const names = [...new Set([...Object.keys(other), ...Object.keys(own)])];
  return Object.fromEntries(
    names
      .map((name): [string, Json | undefined] => [name, choose(name, before[name], own[name], other[name])])
      .filter(([, value]) => value !== undefined),
  );
}

function orderOf(mine: readonly Step[], theirs: readonly Step[]): readonly string[] {
  const order = theirs.map(({ id }) => id);
  const known = new Set(order);
  mine.forEach(({ id }, index) => {
    if (known.has(id)) return;
    const before = mine.slice(0, index).findLast((step) => known.has(step.id));
    order.splice(before ? order.indexOf(before.id) + 1 : 0, 0, id);
    known.add(id);
  });
  return order;
}

/** What differs between two drafts, for people: `step plan changed`. */
export function differencesOf(before: Definition, after: Definition): readonly string[] {
  const [old, next] = [before, after].map(({ steps }) => new Map(steps.map((step) => [step.id, step])));
  const ids = [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])];
  const ofSteps = ids.flatMap((id) => {
    const [a, b] = [old?.get(id), next?.get(id)];
    if (!a) return [`step ${id} added`];
    if (!b) return [`step ${id} removed`];
    return areSame(a, b) ? [] : [`step ${id} changed`];
  });
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== 'steps');
  const ofFields = names.filter((name) => !areSame(before[name], after[name])).map((name) => `${name} changed`);
  return [...ofFields, ...ofSteps];
}
