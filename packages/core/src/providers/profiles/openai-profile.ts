import type { ProviderProfile } from '../provider-profile.ts';

export const openaiProfile: ProviderProfile = {
  type: 'openai',
  displayName: 'OpenAI',
  protocol: 'openai-chat',
  defaultBaseUrl: 'https://api.openai.com/v1',
  keyVariable: 'OPENAI_API_KEY',
  baseUrlVariable: 'OPENAI_BASE_URL',
  keyPageUrl: 'https://platform.openai.com/api-keys',
  needsKey: true,
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  modelsPath: '/models',
  openAiChat: {
    maxTokensField: 'max_completion_tokens',
    schemaStyle: 'json-schema',
    reasoningEffort: 'by-model',
    takesImageUrls: true,
    takesParallelToolCalls: true,
    takesNamedToolChoice: true,
    takesTopK: false,
    maxStopSequences: 4,
    continuesPrefill: false,
  },
  embeddings: { format: 'base64', maxInputs: 2_048, takesTokens: true, takesDimensions: true },
};
