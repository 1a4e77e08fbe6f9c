/** Plain text. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** A picture: either its bytes in base64 with a media type, or an address that the vendor fetches itself. */
export type ImagePart =
  | { readonly type: 'image'; readonly mediaType: string; readonly dataBase64: string }
  | { readonly type: 'image-url'; readonly url: string };

/** A call of a tool that the model asked for earlier; `input` is the JSON text the model wrote. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly id: string;
  readonly toolName: string;
  readonly input: string;
  /** Opaque text the vendor gave with the call and wants back with it (Gemini's thought signature). */
  readonly vendorSignature?: string;
}

export interface UserMessage {
  readonly role: 'user';
  readonly content: readonly (TextPart | ImagePart)[];
}

/** What the model said earlier. As the last message of a call it is a prefill: the model continues it. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: readonly (TextPart | ToolCallPart)[];
}

/** The answer of a tool to the call `toolCallId`. */
export interface ToolMessage {
  readonly role: 'tool';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: string;
  readonly isError?: boolean;
}

/** One turn of the conversation, oldest first; the system prompt stands apart in `ModelCall.system`. */
export type ModelMessage = UserMessage | AssistantMessage | ToolMessage;
