import type { ImagePart, ModelMessage } from '../../spec/index.ts';
import { type ClaudeThought, decodeClaudeThoughts } from '../claude-thoughts.ts';
import { parseDataUrl, parseToolInput } from '../encoded-call.ts';

type ContentBlock = Readonly<Record<string, unknown>>;
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock[];
}

/**
 * Writes the conversation as Anthropic's turns: neighbours of one role become one turn, tool answers belong to the user.
 * `isThinking`: give Claude its thoughts back that led to tool calls.
 */
export function encodeMessages(messages: readonly ModelMessage[], isThinking: boolean): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = encodeBlocks(message);
    if (isThinking) blocks.unshift(...thoughtsOf(message));
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: blocks });
  }
  // Tool results must come first in their turn, or the API refuses it.
  return turns.map((turn) => ({
    ...turn,
    content: turn.content.toSorted((a, b) => Number(b.type === 'tool_result') - Number(a.type === 'tool_result')),
  }));
}

/** The thoughts behind the tool calls of a message. */
export function thoughtsOf(message: ModelMessage): readonly ClaudeThought[] {
  if (message.role !== 'assistant') return [];
  return message.content.flatMap((part) =>
    part.type === 'tool-call' ? decodeClaudeThoughts(part.vendorSignature) : [],
  );
}

function encodeBlocks(message: ModelMessage): ContentBlock[] {
  switch (message.role) {
    case 'user':
      return message.content
        .filter((part) => part.type !== 'text' || part.text !== '')
        .map((part) => (part.type === 'text' ? { type: 'text', text: part.text } : encodeImage(part)));
    case 'assistant':
      return message.content
        .filter((part) => part.type !== 'text' || part.text !== '')
        .map((part) =>
          part.type === 'text'
            ? { type: 'text', text: part.text }
            : { type: 'tool_use', id: part.id, name: part.toolName, input: parseToolInput(part.input) },
        );
    case 'tool':
      return [
        {
          type: 'tool_result',
          tool_use_id: message.toolCallId,
          content: message.output,
          ...(message.isError && { is_error: true }),
        },
      ];
  }
}

function encodeImage(part: ImagePart): ContentBlock {
  const data = part.type === 'image' ? part : parseDataUrl(part.url);
  if (data) return { type: 'image', source: { type: 'base64', media_type: data.mediaType, data: data.dataBase64 } };
  return { type: 'image', source: { type: 'url', url: (part as { url: string }).url } };
}
