import type { ProviderType } from '../catalog/index.ts';
import { silentLog } from '../kernel/index.ts';
import { systemClock } from '../kernel/system.ts';
import { describeModelAdapterContract } from '../testing/model-adapter-contract.ts';
import { createModelAdapter } from './index.ts';

const subjects: readonly { vendor: ProviderType; model: string; reasoningModel?: string; embeddingModel?: string }[] = [
  { vendor: 'openai', model: 'gpt-4.1-mini', reasoningModel: 'gpt-5', embeddingModel: 'text-embedding-3-small' },
  { vendor: 'anthropic', model: 'claude-haiku-4-5', reasoningModel: 'claude-sonnet-4-5' },
  {
    vendor: 'google',
    model: 'gemini-2.5-flash-lite',
    reasoningModel: 'gemini-2.5-flash',
    embeddingModel: 'gemini-embedding-001',
  },
  { vendor: 'ollama', model: 'llama3.2', reasoningModel: 'qwen3:8b', embeddingModel: 'nomic-embed-text' },
  {
    vendor: 'huggingface',
    model: 'meta-llama/Llama-3.3-70B-Instruct',
    reasoningModel: 'openai/gpt-oss-120b',
    embeddingModel: 'BAAI/bge-m3',
  },
  { vendor: 'cohere', model: 'command-a-03-2025', embeddingModel: 'embed-v4.0' },
  { vendor: 'custom', model: 'demo-model', embeddingModel: 'demo-embedding' },
];

for (const subject of subjects) {
  const setup = {
    ...subject,
    createAdapter: ({ baseUrl, apiKey }: { baseUrl: string; apiKey: string }) =>
      createModelAdapter(
        { id: subject.vendor, type: subject.vendor, baseUrl, apiKey, addressPolicy: 'allow-private' },
        { clock: systemClock, log: silentLog },
      ),
  };
  describeModelAdapterContract(subject.vendor, setup);
  describeModelAdapterContract(`${subject.vendor}, in one piece`, { ...setup, isWhole: true, cuts: 20 });
}
