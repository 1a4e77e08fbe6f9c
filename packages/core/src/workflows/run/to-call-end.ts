import type { ChainOutcome } from '../../dispatch/index.ts';
import type { CallRecord } from '../../metrics/index.ts';
import { stoppedError } from './conclude-call.ts';
import type { ProviderSpend, RunError } from './run-fact.ts';
import type { CallEnd } from './run-ports.ts';

/**
 * How a call of a run ended, from how its chain ended. `text` is what stands after all resets. `rating` (0–1) is what is
 * known of the quality of the model that answered. A refusal for want of money asks a person where the budgets' desk
 * holds a request, so chains of runs are given no time of their own to wait for it.
 */
export function toCallEnd(outcome: ChainOutcome, text: string, rating?: number): CallEnd {
  const { record, records, error } = outcome;
  const spend = sumSpend(records);
  if (error || !record) {
    const budgetApprovalId = outcome.breach?.approvalId;
    const isBudget = error?.kind === 'budget';
    return {
      type: 'failed',
      error: toError(outcome),
      isTransient: !isBudget && (error?.isTransient ?? true),
      spend,
      ...(isBudget && budgetApprovalId !== undefined && { needsApproval: true, budgetApprovalId }),
    };
  }
  const { providerId, modelId, servedModel, finishReason, latencyMs, timeToFirstTokenMs, providerRequestId } = record;
  return {
    type: 'answered',
    spend,
    answer: {
      text,
      providerId,
      modelId,
      finishReason: finishReason ?? { unified: 'other' },
      latencyMs,
      retries: Math.max(0, records.length - 1),
      ...(servedModel !== undefined && { servedModel }),
      ...(timeToFirstTokenMs !== undefined && { timeToFirstTokenMs }),
      ...(providerRequestId !== undefined && { providerRequestId }),
      ...(rating !== undefined && { rating }),
    },
  };
}

function toError({ error, target }: ChainOutcome): RunError {
  if (!error) {
    const message = `No call of ${target.modelId} could be made now: its circuit is open or no slot was free.`;
    return { code: 'MODEL.NOT_AVAILABLE', message };
  }
  if (error.kind === 'cancelled') return stoppedError;
  if (error.kind === 'budget') return { code: 'BUDGET.REFUSED', message: error.message };
  const code = `MODEL.${error.kind.toUpperCase().replaceAll('-', '_')}`;
  return { code, message: `${target.modelId}: ${error.message}` };
}

/** What each provider was paid for `records`; money that nobody knows is counted, not guessed. */
export function sumSpend(records: readonly CallRecord[]): readonly ProviderSpend[] {
  return [...Map.groupBy(records, ({ providerId }) => providerId)].flatMap(([providerId, ofProvider]) =>
    // One entry for each call: a sum of usages could not say which figure is missing of which.
    ofProvider.map(({ usage, costNanoUsd }) => ({
      providerId,
      calls: 1,
      usage,
      ...(costNanoUsd === undefined ? { unpricedCalls: 1 } : { costNanoUsd: String(costNanoUsd) }),
    })),
  );
}
