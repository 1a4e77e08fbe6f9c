import type { ChainOutcome } from '@switchyard/core/dispatch';
import { formatUsd } from '@switchyard/core/kernel';
import type { CallWarning } from '@switchyard/core/spec';
import { sumCosts } from '../routing/model-dispatcher.ts';

/** What stands in every object of one answer. */
export interface ChatEnvelope {
  /** `chatcmpl-…` */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
}

/**
 * What OpenAI's format has no field for: the cost of all calls in USD (null: unknown), whether our own count of tokens is in it, which model answered after how
 * many calls, and what did not happen as asked.
 */
export function encodeChatFacts({ records, target }: ChainOutcome, warnings: readonly CallWarning[]) {
  const cost = sumCosts(records);
  return {
    cost_usd: 'costNanoUsd' in cost ? formatUsd(cost.costNanoUsd) : null,
    ...(records.some(({ isUsageEstimated }) => isUsageEstimated) && { is_estimated: true }),
    model: target.modelId,
    attempts: records.length,
    ...(warnings.length > 0 && {
      warnings: warnings.map(({ type, setting, message }) => ({ type, ...(setting && { setting }), message })),
    }),
  };
}
