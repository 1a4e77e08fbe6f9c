import type { ModelMessage } from './message.ts';

/** A JSON Schema (draft 2020-12 subset that vendors accept), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A function the model may ask to call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly toolName: string };

/** `json` without a schema asks for any JSON object. */
export type OutputFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json'; readonly schema?: JsonSchema; readonly name?: string };

export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high'] as const;
export type ReasoningEffort = (typeof reasoningEfforts)[number];

/**
 * One call of one model, the same for every vendor. Absent means "the vendor's default", except that an adapter sets
 * what its vendor requires (Anthropic's `max_tokens`). What a vendor cannot take becomes a {@link CallWarning}.
 */
export interface ModelCall {
  /** The vendor's own model id, without our provider prefix. */
  readonly model: string;
  readonly system?: string;
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly allowsParallelToolCalls?: boolean;
  readonly output?: OutputFormat;
  readonly maxOutputTokens?: number;
  /** 0–2; vendors with a smaller range get a warning when it is exceeded. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly stopSequences?: readonly string[];
  readonly reasoningEffort?: ReasoningEffort;
  /**
   * Nobody reads the answer while it is written: the vendor is asked for it in one piece, which halves the work per
   * call. The parts are the same, only that a block of text is one delta, that everything arrives at the end, and that
   * every failure is thrown, since none can come after the first content. Until the answer is there nothing arrives at
   * all: a first-token deadline must be as long as a whole answer may take, and the time to the first token is unknown.
   * An adapter may stream all the same where the vendor advises it (Anthropic, above 4,096 output tokens).
   */
  readonly isWhole?: true;
  /** Merged last, unchecked, into the vendor's request body. */
  readonly providerOptions?: Readonly<Record<string, unknown>>;
}
