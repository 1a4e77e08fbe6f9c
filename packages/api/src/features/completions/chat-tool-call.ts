import type { CollectedToolCall } from '@switchyard/core/spec';

/** A tool call as OpenAI writes it; what the vendor wants back with it goes where Google's own endpoint puts it. */
export function encodeChatToolCall({ id, toolName, input, vendorSignature }: CollectedToolCall) {
  return {
    id,
    type: 'function' as const,
    function: { name: toolName, arguments: input },
    ...(vendorSignature !== undefined && { extra_content: { google: { thought_signature: vendorSignature } } }),
  };
}
