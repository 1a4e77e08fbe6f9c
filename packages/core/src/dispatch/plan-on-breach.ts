import type { BudgetRefusal } from '../guardrails/index.ts';

/** An untried candidate: `expectedNanoUsd` is what the call would cost there; undefined without a price. */
export interface BreachOption {
  readonly index: number;
  readonly expectedNanoUsd: bigint | undefined;
}

export type BreachStep =
  | { readonly type: 'failover'; readonly to: number; readonly decision: 'skip-to-next' | 'cheaper-equivalent' }
  | { readonly type: 'ask'; readonly decision: 'ask-approval' }
  | { readonly type: 'give-up'; readonly decision: 'fail-fast' };

/**
 * Decides what happens after a refusal, by the policy of the budget that refused. `others`: untried candidates in
 * order; `expectedNanoUsd`: of the refused call. Asking needs somebody who can be asked.
 */
export function planOnBreach(
  refusal: BudgetRefusal,
  expectedNanoUsd: bigint | undefined,
  others: readonly BreachOption[],
  canAsk: boolean,
): BreachStep {
  const { onBreach, whenAllBreach, reason } = refusal;
  const giveUp = { type: 'give-up', decision: 'fail-fast' } as const;
  const ask = { type: 'ask', decision: 'ask-approval' } as const;
  if (onBreach === 'fail-fast') return giveUp;
  // Nobody can approve what is only out of reach for a moment, or has no price.
  const mayAsk = canAsk && reason === 'budget-exceeded';
  if (onBreach === 'ask-approval') return mayAsk ? ask : giveUp;
  const next = onBreach === 'cheaper-equivalent' ? findCheapest(others, expectedNanoUsd) : others[0];
  if (next) return { type: 'failover', to: next.index, decision: onBreach };
  return whenAllBreach === 'ask' && mayAsk ? ask : giveUp;
}

/** The cheapest of those that cost less than the refused one; any with a price, when that had none. */
function findCheapest(options: readonly BreachOption[], belowNanoUsd: bigint | undefined): BreachOption | undefined {
  let best: BreachOption | undefined;
  for (const option of options) {
    const { expectedNanoUsd } = option;
    if (expectedNanoUsd === undefined || (belowNanoUsd !== undefined && expectedNanoUsd >= belowNanoUsd)) continue;
    if (best?.expectedNanoUsd === undefined || expectedNanoUsd < best.expectedNanoUsd) best = option;
  }
  return best;
}
