import { formatUsd } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import type { CallWarning } from '@switchyard/core/spec';

/** What stands in every object of one answer. */
export interface ChatEnvelope {
  /** `chatcmpl-…` */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
}

/** What OpenAI's format has no field for: the cost in USD (null: unknown) and what did not happen as asked. */
export function encodeChatFacts(record: CallRecord, warnings: readonly CallWarning[]) {
  return {
    cost_usd: record.costNanoUsd === undefined ? null : formatUsd(record.costNanoUsd),
    ...(warnings.length > 0 && {
      warnings: warnings.map(({ type, setting, message }) => ({ type, ...(setting && { setting }), message })),
    }),
  };
}
