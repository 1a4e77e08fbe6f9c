import type { ProviderProfile } from '../provider-profile.ts';

/** Hugging Face's inference router. */
export const huggingfaceProfile: ProviderProfile = {
  type: 'huggingface',
  displayName: 'Hugging Face',
  protocol: 'openai-chat',
  defaultBaseUrl: 'https://router.huggingface.co/v1',
  keyVariable: 'HF_TOKEN',
  baseUrlVariable: 'HF_BASE_URL',
  keyPageUrl: 'https://huggingface.co/settings/tokens',
  needsKey: true,
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  modelsPath: '/models',
  openAiChat: {
    maxTokensField: 'max_tokens',
    schemaStyle: 'json-schema',
    reasoningEffort: 'any',
    takesImageUrls: true,
    takesParallelToolCalls: true,
    takesNamedToolChoice: true,
    takesTopK: false,
    continuesPrefill: false,
  },
  embeddings: {
    format: 'float',
    maxInputs: 32,
    takesTokens: false,
    takesDimensions: true,
    // The router has chat only; text-embeddings-inference, which one deploys, has this path and takes 32 texts at a time.
    isMissingAtDefaultUrl: true,
  },
};
