import type { FinishReason } from '@switchyard/core/spec';

/**
 * OpenAI's word for each of ours. An end for a reason nobody knows may have cut the answer short, and `length` is the
 * only word of OpenAI's that warns of that.
 */
const finishReasons = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'stop',
  other: 'length',
} as const satisfies Record<FinishReason['unified'], string>;

/** How a choice ended: OpenAI's closed vocabulary, with the vendor's own word beside it. */
export function encodeChatFinish(reason: FinishReason | undefined) {
  return {
    finish_reason: finishReasons[reason?.unified ?? 'other'],
    ...(reason?.raw !== undefined && { native_finish_reason: reason.raw }),
  };
}
