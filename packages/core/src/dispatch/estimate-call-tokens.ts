import { estimateInputTokens } from '../guardrails/index.ts';
import type { ModelCall } from '../spec/index.ts';

/** What an answer takes when nobody has set a limit: a guess that is corrected when the call has ended. */
const usualOutputTokens = 500;

/** A cheap guess of all tokens of `call`, its answer included: what a limit per minute charges before the call. */
export function estimateCallTokens(call: ModelCall): number {
  return estimateInputTokens(call) + Math.min(call.maxOutputTokens ?? usualOutputTokens, usualOutputTokens);
}
