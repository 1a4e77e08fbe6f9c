import type { ProviderType } from '../../gql/providers.ts';

interface TypeFacts {
  type: ProviderType;
  label: string;
  /** What it is, for somebody who chooses. */
  explanation: string;
  /** A good first id. */
  slug: string;
  /** The vendor's own address; null: it has to be given. */
  baseUrl: string | null;
  keyPageUrl: string | null;
  /** Whether it is never called without a key. */
  needsKey: boolean;
}

/** The kinds of provider that can be added, the usual ones first. */
export const providerTypes: readonly TypeFacts[] = [
  {
    type: 'OPENAI',
    label: 'OpenAI',
    explanation: 'GPT models, also through a proxy that keeps their format.',
    slug: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keyPageUrl: 'https://platform.openai.com/api-keys',
    needsKey: true,
  },
  {
    type: 'ANTHROPIC',
    label: 'Anthropic',
    explanation: 'Claude models over the Messages API.',
    slug: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    keyPageUrl: 'https://console.anthropic.com/settings/keys',
    needsKey: true,
  },
  {
    type: 'GOOGLE',
    label: 'Google Gemini',
    explanation: 'Gemini models with a key of AI Studio.',
    slug: 'google',
    baseUrl: 'https://generativelanguage.googleapis.com',
    keyPageUrl: 'https://aistudio.google.com/apikey',
    needsKey: true,
  },
  {
    type: 'CUSTOM',
    label: 'Custom',
    explanation: 'Any endpoint that speaks OpenAI’s format: vLLM, Groq, Mistral, DeepSeek, OpenRouter, Azure …',
    slug: 'custom',
    baseUrl: null,
    keyPageUrl: null,
    needsKey: false,
  },
  {
    type: 'OLLAMA',
    label: 'Ollama',
    explanation: 'Models on your own machine; no key.',
    slug: 'ollama',
    baseUrl: 'http://localhost:11434/v1',
    keyPageUrl: null,
    needsKey: false,
  },
  {
    type: 'HUGGINGFACE',
    label: 'Hugging Face',
    explanation: 'Open models through the inference router.',
    slug: 'huggingface',
    baseUrl: 'https://router.huggingface.co/v1',
    keyPageUrl: 'https://huggingface.co/settings/tokens',
    needsKey: true,
  },
  {
    type: 'COHERE',
    label: 'Cohere',
    explanation: 'Command models.',
    slug: 'cohere',
    baseUrl: 'https://api.cohere.ai/compatibility/v1',
    keyPageUrl: 'https://dashboard.cohere.com/api-keys',
    needsKey: true,
  },
];

export const factsOfType = (type: ProviderType): TypeFacts =>
  providerTypes.find((each) => each.type === type) as TypeFacts;
