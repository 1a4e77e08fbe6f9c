import type { TokenUsage } from '../../generation/answer.ts';
import type { ModelProfile } from '../../models/model-profile.ts';
import type { CompatibleProfile } from './compatible-profiles.ts';

/** OpenAI's usage object: completion tokens include reasoning, prompt tokens include cached ones. */
export function encodeChatUsage(
  usage: TokenUsage,
  model: ModelProfile,
  profile: CompatibleProfile,
  outputSoFar?: number,
): Record<string, unknown> {
  const output = outputSoFar ?? usage.output;
  const counts = { prompt_tokens: usage.input, completion_tokens: output, total_tokens: usage.input + output };
  if (!profile.usageDetails) return counts;
  return {
    ...counts,
    prompt_tokens_details: {
      cached_tokens: usage.cached,
      audio_tokens: 0,
      ...(model.reportsCacheWrites === true && { cache_write_tokens: usage.cacheWrite5m }),
    },
    completion_tokens_details: {
      reasoning_tokens: Math.min(usage.reasoning, output),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
