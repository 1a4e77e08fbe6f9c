import { estimateTokens } from '../catalog/index.ts';
import type { ModelCall } from '../spec/index.ts';

/** What vendors count for a picture of usual size; their own formulas differ between 250 and 1,600. */
const tokensPerImage = 800;
/** What an answer takes when nobody has set a limit: a guess that is corrected when the call has ended. */
const usualOutputTokens = 500;

/** A cheap guess of the input tokens of `call`: system prompt, messages and tools. */
export function estimateInputTokens(call: ModelCall): number {
  let tokens = estimateTokens(call.system ?? '');
  if (call.tools) tokens += estimateTokens(JSON.stringify(call.tools));
  for (const message of call.messages) {
    if (message.role === 'tool') tokens += estimateTokens(message.output);
    else for (const part of message.content) tokens += estimatePart(part);
  }
  return tokens;
}

/** A cheap guess of all tokens of `call`, its answer included: what a limit per minute charges before the call. */
export function estimateCallTokens(call: ModelCall): number {
  return estimateInputTokens(call) + Math.min(call.maxOutputTokens ?? usualOutputTokens, usualOutputTokens);
}

function estimatePart(part: Exclude<ModelCall['messages'][number], { role: 'tool' }>['content'][number]): number {
  if (part.type === 'text') return estimateTokens(part.text);
  return part.type === 'tool-call' ? estimateTokens(part.input) : tokensPerImage;
}
