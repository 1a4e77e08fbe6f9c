import type { ProviderType } from '../catalog/index.ts';

/** The wire protocols we have an adapter for. */
export type WireProtocol = 'openai-chat' | 'anthropic-messages' | 'google-generate';

/** What differs between vendors that speak OpenAI's chat format. */
export interface OpenAiChatQuirks {
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** How a JSON schema is asked for; `inside-json-object` is Cohere's form. */
  readonly schemaStyle: 'json-schema' | 'inside-json-object';
  /** `by-model`: only models known to reason take it; `none-or-high`: two levels; `any`: passed through. */
  readonly reasoningEffort: 'by-model' | 'any' | 'none-or-high';
  /** Whether images may be given by address. */
  readonly takesImageUrls: boolean;
  readonly takesParallelToolCalls: boolean;
  readonly takesNamedToolChoice: boolean;
  readonly takesTopK: boolean;
  /** Most stop sequences taken; absent: no known limit. */
  readonly maxStopSequences?: number;
  /** Whether a last assistant message is continued instead of answered. */
  readonly continuesPrefill: boolean;
}

/** What differs between vendors that make vectors of texts at OpenAI's `/embeddings`. */
export interface EmbeddingQuirks {
  /** How vectors are asked for; base64 is shorter by half, but not every vendor knows it. */
  readonly format: 'base64' | 'float';
  /** Most inputs of one request. */
  readonly maxInputs: number;
  /** Whether inputs may be token ids. */
  readonly takesTokens: boolean;
  readonly takesDimensions: boolean;
  /** The vendor's own address has no such path, only servers that one runs oneself. */
  readonly isMissingAtDefaultUrl?: true;
}

/** How to speak to one type of provider: data, no code. */
export interface ProviderProfile {
  readonly type: ProviderType;
  readonly displayName: string;
  readonly protocol: WireProtocol;
  /** API root as the vendor's own SDK takes it; absent for `custom`. */
  readonly defaultBaseUrl?: string;
  /** Environment variable that holds the key. */
  readonly keyVariable?: string;
  readonly baseUrlVariable: string;
  /** Where a person gets a key. */
  readonly keyPageUrl?: string;
  readonly needsKey: boolean;
  /** Header that carries the key, and what stands before it. */
  readonly keyHeader: { readonly name: string; readonly prefix: string };
  /** Path under the base URL that lists models without cost. */
  readonly modelsPath: string;
  /** Headers every request carries. */
  readonly fixedHeaders?: Readonly<Record<string, string>>;
  /** Only for `openai-chat`. */
  readonly openAiChat?: OpenAiChatQuirks;
  /** Only for `openai-chat`; absent when the vendor makes no vectors. */
  readonly embeddings?: EmbeddingQuirks;
}
