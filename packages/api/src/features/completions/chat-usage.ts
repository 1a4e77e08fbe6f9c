import type { Usage } from '@switchyard/core/spec';

/**
 * Usage as OpenAI writes it; undefined when the vendor did not report both sides, because its fields are numbers and 0
 * would be a lie.
 */
export function encodeChatUsage(usage: Usage) {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedInputTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens !== undefined && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}
