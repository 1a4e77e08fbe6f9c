import { catalogRows } from '../catalog-model.ts';

const chat = { text: true, vision: false, tools: true, json: true, reasoning: false, streaming: true } as const;
const reasoning = { ...chat, reasoning: true } as const;

/** Local models. The context window is what the operator gave Ollama, not what the model could take: absent. */
export const ollamaModels = catalogRows('ollama', [
  {
    vendorModelId: 'llama3.2',
    displayName: 'Llama 3.2 (local)',
    description: 'Small general model that runs on your machine.',
    capabilities: chat,
    useCases: ['chat', 'drafts', 'offline'],
    equivalents: ['openai/gpt-5-nano', 'cohere/command-r7b-12-2024'],
  },
  {
    vendorModelId: 'qwen3:8b',
    displayName: 'Qwen 3 8B (local)',
    description: 'Small reasoning model that runs on your machine.',
    capabilities: reasoning,
    useCases: ['chat', 'analysis', 'offline'],
    equivalents: ['openai/gpt-5-nano', 'google/gemini-2.5-flash-lite'],
  },
  {
    vendorModelId: 'gemma3',
    displayName: 'Gemma 3 (local)',
    description: 'Small text and image model that runs on your machine.',
    capabilities: { ...chat, vision: true, tools: false },
    useCases: ['chat', 'images', 'offline'],
    equivalents: ['google/gemini-2.5-flash-lite', 'openai/gpt-4o-mini'],
  },
]);

/** Models behind Hugging Face's router; context windows as in @pydantic/genai-prices (huggingface_together). */
export const huggingfaceModels = catalogRows('huggingface', [
  {
    vendorModelId: 'meta-llama/Llama-3.3-70B-Instruct',
    displayName: 'Llama 3.3 70B Instruct',
    description: 'Open-weights general model.',
    capabilities: chat,
    contextWindowTokens: 131_072,
    useCases: ['chat', 'summaries', 'writing'],
    equivalents: ['openai/gpt-4o', 'cohere/command-a-03-2025'],
  },
  {
    vendorModelId: 'openai/gpt-oss-120b',
    displayName: 'gpt-oss 120B',
    description: "OpenAI's open-weights reasoning model.",
    capabilities: reasoning,
    contextWindowTokens: 131_072,
    useCases: ['analysis', 'coding', 'agents'],
    equivalents: ['openai/o4-mini', 'google/gemini-2.5-flash'],
  },
  {
    vendorModelId: 'deepseek-ai/DeepSeek-V3.1',
    displayName: 'DeepSeek V3.1',
    description: 'Open-weights model with optional reasoning.',
    capabilities: reasoning,
    contextWindowTokens: 131_072,
    useCases: ['coding', 'analysis', 'mathematics'],
    equivalents: ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5'],
  },
]);

/** Context windows and output caps as on docs.cohere.com/docs/models. */
export const cohereModels = catalogRows('cohere', [
  {
    vendorModelId: 'command-a-03-2025',
    displayName: 'Command A',
    description: 'For agentic, multilingual and business work.',
    capabilities: chat,
    contextWindowTokens: 256_000,
    maxOutputTokens: 8_000,
    useCases: ['chat', 'retrieval', 'multilingual'],
    equivalents: ['openai/gpt-4.1', 'google/gemini-2.5-flash'],
  },
  {
    vendorModelId: 'command-r7b-12-2024',
    displayName: 'Command R7B',
    description: 'Small and fast, strong at retrieval and tools.',
    capabilities: chat,
    contextWindowTokens: 128_000,
    maxOutputTokens: 4_000,
    useCases: ['retrieval', 'classification', 'high volume'],
    equivalents: ['openai/gpt-5-nano', 'google/gemini-2.5-flash-lite'],
  },
]);

/** Stands for whatever an OpenAI-compatible endpoint serves: only what every such endpoint can do is promised. */
export const customModels = catalogRows('custom', [
  {
    vendorModelId: 'demo-model',
    displayName: 'Demo model',
    description: 'Placeholder for a model of your own OpenAI-compatible endpoint.',
    capabilities: { text: true, vision: false, tools: false, json: false, reasoning: false, streaming: true },
    useCases: ['chat'],
    equivalents: [],
  },
]);
