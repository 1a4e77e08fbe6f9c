import type { ModelCall } from '@switchyard/core/spec';
import type { ApiKeyRules } from '../../auth/api-key-rules.ts';
import type { Services } from '../../container.ts';
import { sizeOfCall } from './call-size.ts';
import type { RoutedCall } from './route-call.ts';

/** Takes the call's part of what the key may use in a minute. Throws `RateLimitedFailure`. */
export function admitCall(
  { routing }: Pick<Services, 'routing'>,
  rules: ApiKeyRules,
  route: RoutedCall,
  call: Omit<ModelCall, 'model'>,
): RoutedCall {
  if (rules.requestsPerMinute === undefined && rules.tokensPerMinute === undefined) return route;
  const admission = routing.keyRates?.admit(rules, () => sizeOfCall(call).inputTokens);
  if (!admission) return route;
  return {
    ...route,
    follow: async (running) => {
      const outcome = await route.follow(running);
      admission.settle(countTokens(outcome.records.map(({ usage }) => usage)));
      return outcome;
    },
  };
}

/** Input and output of all calls; what a vendor did not report counts as nothing. */
export function countTokens(
  usages: readonly { readonly inputTokens?: number | undefined; readonly outputTokens?: number | undefined }[],
): number {
  return usages.reduce((sum, { inputTokens = 0, outputTokens = 0 }) => sum + inputTokens + outputTokens, 0);
}
