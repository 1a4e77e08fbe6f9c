import { type CatalogModelRow, catalogRows } from '../catalog-model.ts';

const capabilities = {
  text: false,
  vision: false,
  tools: false,
  json: false,
  reasoning: false,
  streaming: false,
  embeddings: true,
} as const;

const shared: Pick<CatalogModelRow, 'capabilities' | 'useCases' | 'equivalents'> = {
  capabilities,
  useCases: ['search', 'clustering', 'classification'],
  // Vectors of two models cannot be compared, so that no model stands in for another.
  equivalents: [],
};

/**
 * Models that make vectors of texts. They stand apart from the models that can be talked to, so that nobody is offered
 * one for a chat. Context windows as in @pydantic/genai-prices and the vendors' model pages.
 */
export const embeddingModels = [
  ...catalogRows('openai', [
    {
      ...shared,
      vendorModelId: 'text-embedding-3-small',
      displayName: 'text-embedding-3-small',
      description: 'Vectors of 1,536 numbers at low cost; shorter ones on request.',
      contextWindowTokens: 8_192,
    },
    {
      ...shared,
      vendorModelId: 'text-embedding-3-large',
      displayName: 'text-embedding-3-large',
      description: 'Vectors of 3,072 numbers; shorter ones on request.',
      contextWindowTokens: 8_192,
    },
  ]),
  ...catalogRows('google', [
    {
      ...shared,
      vendorModelId: 'gemini-embedding-001',
      displayName: 'Gemini Embedding 001',
      description: 'Vectors of 3,072 numbers in many languages; shorter ones on request.',
      contextWindowTokens: 2_048,
    },
  ]),
  ...catalogRows('cohere', [
    {
      ...shared,
      vendorModelId: 'embed-v4.0',
      displayName: 'Embed 4',
      description: 'Vectors of 1,536 numbers in many languages; shorter ones on request.',
      contextWindowTokens: 128_000,
    },
  ]),
  ...catalogRows('ollama', [
    {
      ...shared,
      vendorModelId: 'nomic-embed-text',
      displayName: 'Nomic Embed Text (local)',
      description: 'Vectors of 768 numbers, made on your machine.',
    },
  ]),
  ...catalogRows('huggingface', [
    {
      ...shared,
      vendorModelId: 'BAAI/bge-m3',
      displayName: 'BGE-M3',
      description: 'Open-weights vectors of 1,024 numbers, served by a text-embeddings-inference endpoint.',
      contextWindowTokens: 8_192,
    },
  ]),
  ...catalogRows('custom', [
    {
      ...shared,
      vendorModelId: 'demo-embedding',
      displayName: 'Demo Embedding',
      description: 'Vectors of the simulated custom endpoint.',
    },
  ]),
];
