import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { RejectionCode, RoutePlan } from '@switchyard/core/routing';

/** Rejections that a person has decreed; the others are guesses, and whoever named a model may try it all the same. */
const decreed: ReadonlySet<RejectionCode> = new Set([
  'NOT_ALLOWED',
  'DENIED_BY_RULE',
  'RESTRICTED_BY_RULE',
  'OVER_COST_LIMIT',
  'PRICE_UNKNOWN',
  'STRICT',
]);

/**
 * Candidates of named models, in the order to be asked. What the plan left out for a guess's sake (an open circuit, an
 * unknown ability, a context that looks too small) keeps its place in the order that was named, or comes last behind
 * what the plan put in an order of its own: the chain itself passes over an open circuit, and asks it again in time.
 * With `isStrict`, or when a rule says so, the first alone. `findTarget` is asked for models that a rule brought in.
 */
export function orderNamed(
  plan: RoutePlan,
  named: readonly DispatchTarget[],
  findTarget: (modelId: string) => DispatchTarget | undefined,
  isStrict = false,
): readonly DispatchTarget[] {
  const planned = plan.candidates.map(({ modelId }) => modelId);
  const byId = new Map(named.map((target) => [target.modelId, target]));
  const isPinned = plan.matchedRules.some(({ effects }) => effects.some(({ type }) => type === 'pin'));
  const doubtful = plan.rejected
    .filter(({ code, modelId }) => !decreed.has(code) && (isPinned || byId.has(modelId)))
    .map(({ modelId }) => modelId);
  const places = new Map(named.map(({ modelId }, place) => [modelId, place]));
  const isInNamedOrder = planned.every(
    (id, index) =>
      places.has(id) && (index === 0 || (places.get(planned[index - 1] ?? '') ?? -1) < (places.get(id) ?? 0)),
  );
  const all = [...planned, ...doubtful];
  const ordered = isInNamedOrder ? all.sort((a, b) => (places.get(a) ?? 99) - (places.get(b) ?? 99)) : all;
  const targets = ordered.flatMap((id) => byId.get(id) ?? findTarget(id) ?? []);
  return isStrict || forbidsFallback(plan) ? targets.slice(0, 1) : targets;
}

/** Whether a rule forbids to fall back. */
export function forbidsFallback({ matchedRules, rejected }: RoutePlan): boolean {
  const isRuled = matchedRules.some(({ effects }) => effects.some(({ type }) => type === 'strict'));
  return isRuled || rejected.some(({ code }) => code === 'STRICT');
}
