import { DeadlineExceeded } from '../policies/index.ts';
import { ProviderError, type ProviderErrorKind } from '../spec/index.ts';
import type { DispatchTarget } from './dispatch-target.ts';

/**
 * Puts whatever ended a call early into the one form of failure: a `ProviderError` stays, a passed deadline becomes
 * `timeout`, an abort of `signal` becomes `cancelled`, and anything else is `invalid-response` with a neutral message,
 * because an unknown error's text may hold anything.
 */
export function toProviderError(thrown: unknown, target: DispatchTarget, signal?: AbortSignal): ProviderError {
  const create = (kind: ProviderErrorKind, message: string) =>
    new ProviderError({ kind, provider: target.providerId, model: target.vendorModelId, message });
  if (signal?.aborted) return create('cancelled', 'The call was stopped.');
  if (thrown instanceof DeadlineExceeded) return create('timeout', thrown.message);
  if (thrown instanceof ProviderError) return thrown;
  return create('invalid-response', 'The answer could not be read to its end.');
}
