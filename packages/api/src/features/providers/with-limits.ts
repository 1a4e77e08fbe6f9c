import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { ModelLimits } from '@switchyard/core/guardrails';

/** The target with limits of its own; its price stays the one of the moment. */
export function withLimits<Target extends DispatchTarget>(target: Target, limits: ModelLimits | undefined): Target {
  if (!limits) return target;
  // A copy by spread would freeze the price, which is read anew by each attempt.
  const properties = { ...Object.getOwnPropertyDescriptors(target), limits: { value: limits, enumerable: true } };
  return Object.create(Object.prototype, properties) as Target;
}
