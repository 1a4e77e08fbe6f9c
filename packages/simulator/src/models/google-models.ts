import { modelRows } from './model-profile.ts';

const chat = modelRows(
  {
    vendor: 'google',
    kind: 'chat',
    contextTokens: 1_048_576,
    maxOutputTokens: 65_536,
    createdAt: '2025-06-17T00:00:00Z',
    tokenFactor: 1.03,
    vision: true,
    tools: true,
    defaultEffort: 'medium',
    prefill: 'continue',
    minCacheTokens: 2048,
  },
  [
    {
      id: 'gemini-3.1-pro-preview',
      displayName: 'Gemini 3.1 Pro Preview',
      speed: 'deliberate',
      style: 'stepwise',
      createdAt: '2026-02-19T00:00:00Z',
      minCacheTokens: 4096,
    },
    {
      id: 'gemini-3.8-flash',
      displayName: 'Gemini 3.8 Flash',
      speed: 'fast',
      style: 'tabular',
      createdAt: '2026-09-01T00:00:00Z',
      defaultEffort: 'low',
    },
    { id: 'gemini-2.5-pro', displayName: 'Gemini 2.5 Pro', speed: 'deliberate', style: 'structured' },
    {
      id: 'gemini-2.5-flash',
      displayName: 'Gemini 2.5 Flash',
      speed: 'fast',
      style: 'stepwise',
      defaultEffort: 'low',
      minCacheTokens: 1024,
    },
    {
      id: 'gemini-2.5-flash-lite',
      displayName: 'Gemini 2.5 Flash-Lite',
      speed: 'fastest',
      style: 'concise',
      defaultEffort: 'none',
      minCacheTokens: 1024,
    },
  ],
);

const embeddings = modelRows(
  {
    vendor: 'google',
    kind: 'embedding',
    contextTokens: 2_048,
    maxOutputTokens: 1,
    createdAt: '2025-07-14T00:00:00Z',
    tokenFactor: 1.03,
    vision: false,
    tools: false,
    prefill: 'ignore',
    minCacheTokens: 2048,
  },
  [
    {
      id: 'gemini-embedding-001',
      displayName: 'Gemini Embedding 001',
      speed: 'small',
      style: 'concise',
      embeddingDimensions: 3072,
    },
  ],
);

export const GOOGLE_MODELS = [...chat, ...embeddings];
