import { modelRows } from './model-profile.ts';

const SHARED = {
  kind: 'chat',
  contextTokens: 131_072,
  maxOutputTokens: 32_768,
  createdAt: '2025-08-21T00:00:00Z',
  tokenFactor: 1.04,
  vision: false,
  tools: true,
  prefill: 'ignore',
  minCacheTokens: 1024,
} as const;

const EMBEDDING = { ...SHARED, kind: 'embedding', maxOutputTokens: 1, tools: false } as const;

/** Models of the vendors that speak OpenAI's format: Ollama, Hugging Face, Cohere and a custom endpoint. */
export const COMPATIBLE_MODELS = [
  ...modelRows({ ...SHARED, vendor: 'ollama', prefill: 'continue' }, [
    { id: 'llama3.2', speed: 'local', style: 'concise', createdAt: '2024-09-25T00:00:00Z' },
    {
      id: 'qwen3:8b',
      speed: 'local',
      style: 'stepwise',
      contextTokens: 40_960,
      createdAt: '2025-05-10T00:00:00Z',
      defaultEffort: 'medium',
      reasoningField: 'reasoning',
    },
    {
      id: 'gemma3',
      speed: 'local',
      style: 'conversational',
      vision: true,
      tools: false,
      createdAt: '2025-04-18T00:00:00Z',
    },
  ]),
  ...modelRows({ ...SHARED, vendor: 'huggingface' }, [
    {
      id: 'meta-llama/Llama-3.3-70B-Instruct',
      speed: 'steady',
      style: 'conversational',
      createdAt: '2024-12-06T00:00:00Z',
    },
    {
      id: 'openai/gpt-oss-120b',
      speed: 'fastest',
      style: 'tabular',
      defaultEffort: 'medium',
      reasoningField: 'reasoning',
      tokenFactor: 1,
    },
    {
      id: 'deepseek-ai/DeepSeek-V3.1',
      speed: 'pooled',
      style: 'structured',
      defaultEffort: 'none',
      reasoningField: 'reasoning_content',
    },
  ]),
  ...modelRows({ ...SHARED, vendor: 'cohere', contextTokens: 256_000, maxOutputTokens: 8_000, tokenFactor: 1.08 }, [
    { id: 'command-a-03-2025', speed: 'steady', style: 'structured', createdAt: '2025-03-13T00:00:00Z' },
    {
      id: 'command-r7b-12-2024',
      speed: 'middle',
      style: 'concise',
      contextTokens: 128_000,
      maxOutputTokens: 4_000,
      createdAt: '2024-12-13T00:00:00Z',
    },
  ]),
  ...modelRows({ ...SHARED, vendor: 'custom', vision: true, tokenFactor: 1 }, [
    { id: 'demo-model', speed: 'middle', style: 'conversational', createdAt: '2026-01-01T00:00:00Z' },
  ]),
  ...modelRows({ ...EMBEDDING, vendor: 'ollama', contextTokens: 2_048 }, [
    { id: 'nomic-embed-text', speed: 'local', style: 'concise', embeddingDimensions: 768 },
  ]),
  ...modelRows({ ...EMBEDDING, vendor: 'huggingface', contextTokens: 8_192 }, [
    { id: 'BAAI/bge-m3', speed: 'steady', style: 'concise', embeddingDimensions: 1024 },
  ]),
  ...modelRows({ ...EMBEDDING, vendor: 'cohere', contextTokens: 128_000 }, [
    { id: 'embed-v4.0', speed: 'small', style: 'concise', embeddingDimensions: 1536 },
  ]),
  ...modelRows({ ...EMBEDDING, vendor: 'custom', contextTokens: 8_192, tokenFactor: 1 }, [
    { id: 'demo-embedding', speed: 'small', style: 'concise', embeddingDimensions: 256 },
  ]),
];
