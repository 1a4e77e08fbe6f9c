import { estimateInputTokens } from '@switchyard/core/guardrails';
import type { EmbeddingCall, ModelCall } from '@switchyard/core/spec';

/** The longest answer that costs and contexts are judged by when the call sets no limit. */
const usualMaxOutputTokens = 2_048;

/** By what rules and limits judge how large a call is, in tokens. */
export interface CallSize {
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** Estimated input, and the longest answer that is allowed. */
export function sizeOfCall(call: Omit<ModelCall, 'model'>): CallSize {
  return {
    inputTokens: estimateInputTokens({ ...call, model: '' }),
    maxOutputTokens: call.maxOutputTokens ?? usualMaxOutputTokens,
  };
}

/** An embedding has no answer in tokens; inputs that are token ids already are counted as they are. */
export function sizeOfEmbedding({ inputs }: Pick<EmbeddingCall, 'inputs'>): CallSize {
  const texts = inputs.filter((input) => typeof input === 'string');
  const counted = inputs.reduce((sum, input) => sum + (typeof input === 'string' ? 0 : input.length), 0);
  const content = texts.map((text) => ({ type: 'text' as const, text }));
  const estimated = texts.length > 0 ? estimateInputTokens({ model: '', messages: [{ role: 'user', content }] }) : 0;
  return { inputTokens: counted + estimated, maxOutputTokens: 0 };
}
