import { describeRefusal } from '../guardrails/index.ts';
import { ProviderError } from '../spec/index.ts';
import type { CallBreach } from './call-budget.ts';
import type { DispatchTarget } from './dispatch-target.ts';

/** A ledger that is away may answer again after this long. */
const ledgerAwayMs = 5_000;

/** A refused call as the error that ends a chain, `rate-limit` where waiting helps; `nowMs` is epoch milliseconds. */
export function toBudgetError({ refusal }: CallBreach, target: DispatchTarget, nowMs: number): ProviderError {
  const { reason, resetsAtMs, requested, limit } = refusal;
  // What is more than the whole limit fits into no later window either.
  const isOutOfReach = reason === 'budget-exceeded' && requested > limit;
  const waitMs = resetsAtMs === undefined || isOutOfReach ? undefined : Math.max(0, resetsAtMs - nowMs);
  const retryAfterMs = reason === 'ledger-unavailable' ? ledgerAwayMs : reason === 'unpriced' ? undefined : waitMs;
  return new ProviderError({
    kind: refusal.isRate && reason === 'budget-exceeded' && !isOutOfReach ? 'rate-limit' : 'budget',
    provider: target.providerId,
    model: target.vendorModelId,
    message: describeRefusal(refusal, target.modelId),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
