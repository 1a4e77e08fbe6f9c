import type { ProviderProfile } from '../provider-profile.ts';

/** Ollama's OpenAI-compatible API; images only as base64. */
export const ollamaProfile: ProviderProfile = {
  type: 'ollama',
  displayName: 'Ollama',
  protocol: 'openai-chat',
  defaultBaseUrl: 'http://localhost:11434/v1',
  baseUrlVariable: 'OLLAMA_BASE_URL',
  needsKey: false,
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  modelsPath: '/models',
  openAiChat: {
    maxTokensField: 'max_tokens',
    schemaStyle: 'json-schema',
    reasoningEffort: 'any',
    takesImageUrls: false,
    takesParallelToolCalls: false,
    takesNamedToolChoice: false,
    takesTopK: false,
    continuesPrefill: true,
  },
  embeddings: { format: 'float', maxInputs: 2_048, takesTokens: false, takesDimensions: true },
};
