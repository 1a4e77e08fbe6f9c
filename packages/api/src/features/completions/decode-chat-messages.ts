import type { ModelMessage, TextPart, ToolCallPart } from '@switchyard/core/spec';
import { ValidationFailure } from '../../user-errors.ts';
import type { ChatMessageInput } from './chat-message-input.ts';

/** A conversation as our calls hold it: instructions apart from the turns. */
export interface DecodedConversation {
  readonly system: string | undefined;
  readonly messages: readonly ModelMessage[];
}

/**
 * Translates OpenAI's messages. Instructions (`system`, `developer`) are joined wherever they stand, because not every
 * vendor takes them between turns. Throws `ValidationFailure` for the answer of a tool that nobody called.
 */
export function decodeChatMessages(messages: readonly ChatMessageInput[]): DecodedConversation {
  const instructions: string[] = [];
  const turns: ModelMessage[] = [];
  const toolNames = new Map<string, string>();
  for (const [position, message] of messages.entries()) {
    switch (message.role) {
      case 'system':
      case 'developer':
        instructions.push(joinText(message.content));
        break;
      case 'user':
        turns.push({ role: 'user', content: toParts(message.content) });
        break;
      case 'assistant': {
        const calls = (message.tool_calls ?? []).map(toToolCall);
        for (const call of calls) toolNames.set(call.id, call.toolName);
        const text = toParts(message.content ?? message.refusal ?? '').filter((part) => part.text !== '');
        turns.push({ role: 'assistant', content: [...text, ...calls] });
        break;
      }
      case 'tool': {
        const toolCallId = message.tool_call_id;
        const toolName = toolNames.get(toolCallId);
        if (toolName === undefined) throw uncalledTool(position, toolCallId);
        turns.push({ role: 'tool', toolCallId, toolName, output: joinText(message.content) });
      }
    }
  }
  if (turns.length === 0) throw invalid(['messages'], 'Send at least one message that is not an instruction.');
  return { system: instructions.length > 0 ? instructions.join('\n\n') : undefined, messages: turns };
}

function toParts<Part extends { readonly type: string }>(content: string | readonly Part[]): (Part | TextPart)[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : [...content];
}

function joinText(content: string | readonly TextPart[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
}

type ToolCallInput = NonNullable<Extract<ChatMessageInput, { role: 'assistant' }>['tool_calls']>[number];

function toToolCall(call: ToolCallInput): ToolCallPart {
  const signature = call.extra_content?.google?.thought_signature;
  return {
    type: 'tool-call',
    id: call.id,
    toolName: call.function.name,
    input: call.function.arguments,
    ...(signature !== undefined && { vendorSignature: signature }),
  };
}

function uncalledTool(position: number, toolCallId: string): ValidationFailure {
  const message = `No assistant message before this one has a tool call with the id "${toolCallId}".`;
  return invalid(['messages', String(position), 'tool_call_id'], message);
}

function invalid(path: readonly string[], message: string): ValidationFailure {
  return new ValidationFailure([{ path, message: `${path.join('.')}: ${message}`, code: 'custom' }]);
}
