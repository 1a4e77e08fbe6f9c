import type { ProviderProfile } from '../provider-profile.ts';

/** Any OpenAI-compatible endpoint: vLLM, Groq, Mistral, DeepSeek, xAI, OpenRouter, Azure … Everything is passed on. */
export const customProfile: ProviderProfile = {
  type: 'custom',
  displayName: 'Custom endpoint',
  protocol: 'openai-chat',
  keyVariable: 'CUSTOM_API_KEY',
  baseUrlVariable: 'CUSTOM_BASE_URL',
  needsKey: false,
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  modelsPath: '/models',
  openAiChat: {
    maxTokensField: 'max_tokens',
    schemaStyle: 'json-schema',
    reasoningEffort: 'any',
    takesImageUrls: true,
    takesParallelToolCalls: true,
    takesNamedToolChoice: true,
    takesTopK: true,
    // Servers differ (vLLM wants options of its own), and one that ignores it would double the text.
    continuesPrefill: false,
  },
  embeddings: { format: 'float', maxInputs: 2_048, takesTokens: true, takesDimensions: true },
};
