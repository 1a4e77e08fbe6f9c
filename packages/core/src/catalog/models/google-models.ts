import { catalogRows } from '../catalog-model.ts';

const capabilities = { text: true, vision: true, tools: true, json: true, reasoning: true, streaming: true } as const;

/** Context windows as in @pydantic/genai-prices (absent there: absent here); output caps as on ai.google.dev. */
export const googleModels = catalogRows('google', [
  {
    vendorModelId: 'gemini-3.1-pro-preview',
    displayName: 'Gemini 3.1 Pro (preview)',
    description: 'Multimodal understanding and agentic work.',
    capabilities,
    maxOutputTokens: 65_536,
    useCases: ['analysis', 'coding', 'images', 'long documents'],
    equivalents: ['openai/gpt-6-sol', 'anthropic/claude-opus-5-5'],
  },
  {
    vendorModelId: 'gemini-3.8-flash',
    displayName: 'Gemini 3.8 Flash',
    description: 'Fast model for long software and business work.',
    capabilities,
    contextWindowTokens: 1_000_000,
    maxOutputTokens: 65_536,
    useCases: ['coding', 'agents', 'chat', 'high volume'],
    equivalents: ['anthropic/claude-sonnet-5', 'openai/gpt-6-luna'],
  },
  {
    vendorModelId: 'gemini-2.5-pro',
    displayName: 'Gemini 2.5 Pro',
    description: 'Reasoning, coding, mathematics and science.',
    capabilities,
    maxOutputTokens: 65_536,
    useCases: ['analysis', 'coding', 'mathematics', 'long documents'],
    equivalents: ['openai/gpt-5', 'anthropic/claude-sonnet-4-5'],
  },
  {
    vendorModelId: 'gemini-2.5-flash',
    displayName: 'Gemini 2.5 Flash',
    description: 'Workhorse with thinking at low cost.',
    capabilities,
    contextWindowTokens: 1_048_576,
    maxOutputTokens: 65_536,
    useCases: ['chat', 'extraction', 'summaries'],
    equivalents: ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5'],
  },
  {
    vendorModelId: 'gemini-2.5-flash-lite',
    displayName: 'Gemini 2.5 Flash-Lite',
    description: 'Lowest latency and cost; thinks only when asked.',
    capabilities,
    contextWindowTokens: 1_000_000,
    maxOutputTokens: 65_536,
    useCases: ['classification', 'extraction', 'high volume'],
    equivalents: ['openai/gpt-5-nano', 'cohere/command-r7b-12-2024'],
  },
]);
