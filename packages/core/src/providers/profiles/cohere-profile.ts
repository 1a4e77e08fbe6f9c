import type { ProviderProfile } from '../provider-profile.ts';

/** Cohere's compatibility API (docs.cohere.com/docs/compatibility-api). */
export const cohereProfile: ProviderProfile = {
  type: 'cohere',
  displayName: 'Cohere',
  protocol: 'openai-chat',
  defaultBaseUrl: 'https://api.cohere.ai/compatibility/v1',
  keyVariable: 'COHERE_API_KEY',
  baseUrlVariable: 'COHERE_BASE_URL',
  keyPageUrl: 'https://dashboard.cohere.com/api-keys',
  needsKey: true,
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  modelsPath: '/models',
  openAiChat: {
    maxTokensField: 'max_tokens',
    schemaStyle: 'inside-json-object',
    reasoningEffort: 'none-or-high',
    takesImageUrls: true,
    takesParallelToolCalls: false,
    takesNamedToolChoice: false,
    takesTopK: false,
    maxStopSequences: 5,
    continuesPrefill: false,
  },
  embeddings: { format: 'float', maxInputs: 96, takesTokens: false, takesDimensions: false },
};
