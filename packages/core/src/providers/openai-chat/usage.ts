import type { Usage } from '../../spec/index.ts';
import { countAt, isRecord, recordAt } from '../json-shape.ts';

/**
 * Reads usage wherever an OpenAI-compatible vendor puts it: `usage`, or Groq's `x_groq.usage`. Undefined when there is
 * none. `prompt_tokens` includes cached tokens. Reasoning is part of `completion_tokens`, except at vendors (xAI) whose
 * total only adds up when it is not.
 */
export function readOpenAiUsage(event: unknown): Usage | undefined {
  const usage = recordAt(event, 'usage') ?? recordAt(recordAt(event, 'x_groq'), 'usage');
  if (!usage) return undefined;
  const inputTokens = countAt(usage, 'prompt_tokens') ?? countAt(usage, 'input_tokens');
  const completionTokens = countAt(usage, 'completion_tokens') ?? countAt(usage, 'output_tokens');
  const details = recordAt(usage, 'prompt_tokens_details');
  const cachedInputTokens = countAt(details, 'cached_tokens') ?? countAt(usage, 'prompt_cache_hit_tokens');
  const cacheWriteTokens = countAt(details, 'cache_write_tokens');
  const reasoningTokens = countAt(recordAt(usage, 'completion_tokens_details'), 'reasoning_tokens');
  const totalTokens = countAt(usage, 'total_tokens');
  let outputTokens = completionTokens;
  if (
    completionTokens !== undefined &&
    reasoningTokens &&
    inputTokens !== undefined &&
    totalTokens === inputTokens + completionTokens + reasoningTokens
  ) {
    outputTokens = completionTokens + reasoningTokens;
  }
  const read = {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
  return Object.keys(read).length === 0 && isRecord(usage) ? undefined : read;
}
