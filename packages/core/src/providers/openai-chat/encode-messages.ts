import type { ImagePart, ModelCall, ModelMessage, TextPart } from '../../spec/index.ts';
import { UnsupportedCallError } from '../encoded-call.ts';
import type { OpenAiChatQuirks } from '../provider-profile.ts';

type ChatMessage = Readonly<Record<string, unknown>>;

/** Writes the conversation as OpenAI's chat messages. Throws {@link UnsupportedCallError} for an image the vendor cannot take. */
export function encodeMessages(call: ModelCall, system: string | undefined, quirks: OpenAiChatQuirks): ChatMessage[] {
  const messages = call.messages.map((message) => encodeMessage(message, quirks));
  return system === undefined ? messages : [{ role: 'system', content: system }, ...messages];
}

function encodeMessage(message: ModelMessage, quirks: OpenAiChatQuirks): ChatMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: encodeUserContent(message.content, quirks) };
    case 'assistant': {
      const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const toolCalls = message.content
        .filter((part) => part.type === 'tool-call')
        .map((part) => ({
          id: part.id,
          type: 'function',
          function: { name: part.toolName, arguments: part.input === '' ? '{}' : part.input },
        }));
      return {
        role: 'assistant',
        content: text === '' && toolCalls.length > 0 ? null : text,
        ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
      };
    }
    case 'tool':
      return {
        role: 'tool',
        tool_call_id: message.toolCallId,
        content: message.isError ? `Error: ${message.output}` : message.output,
      };
  }
}

function encodeUserContent(content: readonly (TextPart | ImagePart)[], quirks: OpenAiChatQuirks): unknown {
  const only = content[0];
  if (content.length === 1 && only?.type === 'text') return only.text;
  return content.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image_url', image_url: { url: imageUrl(part, quirks) } },
  );
}

function imageUrl(part: ImagePart, quirks: OpenAiChatQuirks): string {
  if (part.type === 'image') return `data:${part.mediaType};base64,${part.dataBase64}`;
  if (!quirks.takesImageUrls && !part.url.startsWith('data:')) {
    throw new UnsupportedCallError(
      'This provider takes images only as data, not by address. Send the image as base64.',
    );
  }
  return part.url;
}
