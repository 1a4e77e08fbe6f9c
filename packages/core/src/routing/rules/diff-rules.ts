import type { RoutingRule } from './routing-rule.ts';

/** What became of one rule between two versions of a list. */
export type RuleChange =
  | { readonly type: 'added' | 'removed'; readonly rule: RoutingRule; readonly place: number }
  | {
      readonly type: 'changed';
      readonly before: RoutingRule;
      readonly after: RoutingRule;
      /** Names of the fields that differ. */
      readonly fields: readonly (keyof RoutingRule)[];
    }
  /** Its place among the rules that both versions have. Places count from 0. */
  | { readonly type: 'moved'; readonly rule: RoutingRule; readonly from: number; readonly to: number };

/** Compares two versions by the ids of their rules: removals in the old order, then the rest in the new one. */
export function diffRules(before: readonly RoutingRule[], after: readonly RoutingRule[]): readonly RuleChange[] {
  const old = new Map(before.map((rule, place) => [rule.id, { rule, place }]));
  const kept = new Set(after.map(({ id }) => id));
  const changes: RuleChange[] = [];
  for (const [place, rule] of before.entries()) if (!kept.has(rule.id)) changes.push({ type: 'removed', rule, place });
  const inBoth = after.filter(({ id }) => old.has(id));
  const oldOrder = before.filter(({ id }) => kept.has(id)).map(({ id }) => id);
  const unmoved = longestInOrder(inBoth.map(({ id }) => oldOrder.indexOf(id)));
  for (const [place, rule] of after.entries()) {
    const known = old.get(rule.id);
    if (!known) {
      changes.push({ type: 'added', rule, place });
      continue;
    }
    const fields = fieldNames.filter((field) => JSON.stringify(known.rule[field]) !== JSON.stringify(rule[field]));
    if (fields.length > 0) changes.push({ type: 'changed', before: known.rule, after: rule, fields });
    if (!unmoved.has(oldOrder.indexOf(rule.id))) changes.push({ type: 'moved', rule, from: known.place, to: place });
  }
  return changes;
}

const fieldNames = ['name', 'isEnabled', 'when', 'actions', 'isFinal'] as const;

/** The members of a longest increasing run of `values`: what need not be called moved. */
function longestInOrder(values: readonly number[]): ReadonlySet<number> {
  const lengths: number[] = [];
  const previous: number[] = [];
  let best = -1;
  for (const [index, value] of values.entries()) {
    lengths[index] = 1;
    previous[index] = -1;
    for (let earlier = 0; earlier < index; earlier++) {
      if ((values[earlier] ?? 0) < value && (lengths[earlier] ?? 0) + 1 > (lengths[index] ?? 0)) {
        lengths[index] = (lengths[earlier] ?? 0) + 1;
        previous[index] = earlier;
      }
    }
    if (best < 0 || (lengths[index] ?? 0) > (lengths[best] ?? 0)) best = index;
  }
  const run = new Set<number>();
  for (let index = best; index >= 0; index = previous[index] ?? -1) run.add(values[index] ?? 0);
  return run;
}
