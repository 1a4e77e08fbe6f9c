import type { ProviderType } from '../catalog/index.ts';
import { silentLog } from '../kernel/index.ts';
import { systemClock } from '../kernel/system.ts';
import { describeModelAdapterContract } from '../testing/model-adapter-contract.ts';
import { createModelAdapter } from './index.ts';

const subjects: readonly { vendor: ProviderType; model: string; reasoningModel?: string }[] = [
  { vendor: 'openai', model: 'gpt-4.1-mini', reasoningModel: 'gpt-5' },
  { vendor: 'anthropic', model: 'claude-haiku-4-5', reasoningModel: 'claude-sonnet-4-5' },
  { vendor: 'google', model: 'gemini-2.5-flash-lite', reasoningModel: 'gemini-2.5-flash' },
  { vendor: 'ollama', model: 'llama3.2', reasoningModel: 'qwen3:8b' },
  { vendor: 'huggingface', model: 'meta-llama/Llama-3.3-70B-Instruct', reasoningModel: 'openai/gpt-oss-120b' },
  { vendor: 'cohere', model: 'command-a-03-2025' },
  { vendor: 'custom', model: 'demo-model' },
];

for (const subject of subjects) {
  describeModelAdapterContract(subject.vendor, {
    ...subject,
    createAdapter: ({ baseUrl, apiKey }) =>
      createModelAdapter(
        { id: subject.vendor, type: subject.vendor, baseUrl, apiKey, addressPolicy: 'allow-private' },
        { clock: systemClock, log: silentLog },
      ),
  });
}
