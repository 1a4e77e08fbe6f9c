import type { DispatchTarget } from '@switchyard/core/dispatch';

/** Who answers; known before the answer is. */
export function targetHeaders(target: DispatchTarget): Readonly<Record<string, string>> {
  return {
    'x-switchyard-provider': target.providerId,
    // Local servers may name their models in any script; headers cannot.
    'x-switchyard-model': encodeURI(target.modelId),
    'x-switchyard-origin': target.origin,
  };
}
