import type { ImagePart, ModelMessage, ToolCallPart } from '../../spec/index.ts';
import { isClaudeThoughts } from '../claude-thoughts.ts';
import { parseDataUrl, parseToolInput, UnsupportedCallError } from '../encoded-call.ts';

type Part = Readonly<Record<string, unknown>>;
interface Content {
  readonly role: 'user' | 'model';
  readonly parts: Part[];
}

/** What Gemini 3 accepts in place of a signature that another model's call never had (ai.google.dev, thought signatures). */
const missingSignature = 'skip_thought_signature_validator';

/** Writes the conversation as Gemini's contents. Throws {@link UnsupportedCallError} for an image given by web address. */
export function encodeContents(messages: readonly ModelMessage[], wantsSignatures: boolean): Content[] {
  const contents: Content[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = encodeParts(message, wantsSignatures);
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) contents.push({ role, parts });
  }
  return contents;
}

function encodeParts(message: ModelMessage, wantsSignatures: boolean): Part[] {
  switch (message.role) {
    case 'user':
      return message.content.map((part) => (part.type === 'text' ? { text: part.text } : encodeImage(part)));
    case 'assistant': {
      let isFirstCall = true;
      return message.content.map((part) => {
        if (part.type === 'text') return { text: part.text };
        const encoded = encodeToolCall(part, wantsSignatures && isFirstCall);
        isFirstCall = false;
        return encoded;
      });
    }
    case 'tool':
      return [
        {
          functionResponse: {
            name: message.toolName,
            response: message.isError ? { error: message.output } : { output: message.output },
          },
        },
      ];
  }
}

function encodeToolCall(part: ToolCallPart, wantsSignature: boolean): Part {
  // A signature of another vendor would be refused.
  const own = isClaudeThoughts(part.vendorSignature) ? undefined : part.vendorSignature;
  const signature = own ?? (wantsSignature ? missingSignature : undefined);
  return {
    functionCall: { name: part.toolName, args: parseToolInput(part.input) },
    ...(signature !== undefined && { thoughtSignature: signature }),
  };
}

function encodeImage(part: ImagePart): Part {
  const data = part.type === 'image' ? part : parseDataUrl(part.url);
  if (!data)
    throw new UnsupportedCallError('Google takes images only as data, not by address. Send the image as base64.');
  return { inlineData: { mimeType: data.mediaType, data: data.dataBase64 } };
}
