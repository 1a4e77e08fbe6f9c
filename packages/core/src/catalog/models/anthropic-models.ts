import { catalogRows } from '../catalog-model.ts';

const capabilities = { text: true, vision: true, tools: true, json: true, reasoning: true, streaming: true } as const;

/** Context windows as in @pydantic/genai-prices; output caps as on platform.claude.com/docs/en/about-claude/models. */
export const anthropicModels = catalogRows('anthropic', [
  {
    vendorModelId: 'claude-opus-5-5',
    displayName: 'Claude Opus 5.5',
    description: 'For long-running agentic coding and knowledge work.',
    capabilities,
    contextWindowTokens: 1_000_000,
    maxOutputTokens: 128_000,
    useCases: ['coding', 'agents', 'analysis', 'writing'],
    equivalents: ['openai/gpt-6-sol', 'google/gemini-3.1-pro-preview'],
  },
  {
    vendorModelId: 'claude-opus-4-5',
    displayName: 'Claude Opus 4.5',
    description: 'Premium model of the 4.5 generation.',
    capabilities,
    contextWindowTokens: 200_000,
    maxOutputTokens: 64_000,
    useCases: ['coding', 'analysis', 'writing'],
    equivalents: ['openai/gpt-5.5', 'google/gemini-3.1-pro-preview'],
  },
  {
    vendorModelId: 'claude-sonnet-5',
    displayName: 'Claude Sonnet 5',
    description: 'Agentic work at moderate cost.',
    capabilities,
    contextWindowTokens: 1_000_000,
    maxOutputTokens: 128_000,
    useCases: ['coding', 'agents', 'chat', 'long documents'],
    equivalents: ['openai/gpt-6-sol', 'google/gemini-3.8-flash'],
  },
  {
    vendorModelId: 'claude-sonnet-4-5',
    displayName: 'Claude Sonnet 4.5',
    description: 'Balance of speed and intelligence of the 4.5 generation.',
    capabilities,
    contextWindowTokens: 200_000,
    maxOutputTokens: 64_000,
    useCases: ['coding', 'chat', 'analysis'],
    equivalents: ['openai/gpt-5', 'google/gemini-2.5-pro'],
    // As the table of deprecated models in @anthropic-ai/sdk 1.11.0 says.
    retiresOn: '2026-11-30',
  },
  {
    vendorModelId: 'claude-haiku-4-5',
    displayName: 'Claude Haiku 4.5',
    description: 'Fastest model of the 4.5 generation.',
    capabilities,
    contextWindowTokens: 200_000,
    maxOutputTokens: 64_000,
    useCases: ['chat', 'classification', 'extraction', 'high volume'],
    equivalents: ['openai/gpt-5-mini', 'google/gemini-2.5-flash'],
  },
]);
