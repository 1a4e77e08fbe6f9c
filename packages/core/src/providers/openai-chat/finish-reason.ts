import type { FinishReason } from '../../spec/index.ts';

const unifiedByRaw: Readonly<Record<string, FinishReason['unified']>> = {
  stop: 'stop',
  complete: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  tool_call: 'tool-calls',
  function_call: 'tool-calls',
  error_limit: 'length',
  content_filter: 'content-filter',
  error_toxic: 'content-filter',
  safety: 'content-filter',
  recitation: 'content-filter',
  blocklist: 'content-filter',
  prohibited_content: 'content-filter',
  refusal: 'refusal',
};

/** Reasons that say that the answer is *not* complete. */
const failures = new Set([
  'error',
  'insufficient_system_resource',
  'abort',
  'aborted',
  'cancelled',
  'user_cancel',
  'timeout',
]);

/** Translates `finish_reason`; undefined when it is absent or stands for a failure. */
export function readFinishReason(raw: unknown): FinishReason | undefined {
  if (typeof raw !== 'string' || raw === '') return undefined;
  const word = raw.toLowerCase();
  if (failures.has(word)) return undefined;
  // Gemini behind OpenAI's format writes `content_filter: RECITATION`.
  const [name = word] = word.split(':');
  return { unified: unifiedByRaw[name] ?? 'other', raw };
}
