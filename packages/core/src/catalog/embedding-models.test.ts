import { MODELS } from '@switchyard/simulator';
import { expect, it } from 'vitest';
import { builtInModels, computeCost, embeddingModels, findBuiltInModel, lookUpPrice } from './index.ts';

const atMs = Date.UTC(2026, 10, 21);

it('finds models that make vectors, but never lists them among those to talk to', () => {
  for (const { id, providerType, vendorModelId } of embeddingModels) {
    expect(findBuiltInModel(providerType, vendorModelId)?.id).toBe(id);
    expect(builtInModels.map((model) => model.id)).not.toContain(id);
  }
  expect(builtInModels.every((model) => model.capabilities.text)).toBe(true);
  const simulated = MODELS.filter(({ kind }) => kind === 'embedding').map(({ vendor, id }) => `${vendor}/${id}`);
  expect(embeddingModels.map((model) => model.id).sort()).toEqual(simulated.sort());
});

it.each([
  ['openai', 'text-embedding-3-small', 20_000n],
  ['openai', 'text-embedding-3-large', 130_000n],
  ['google', 'gemini-embedding-001', 150_000n],
  ['cohere', 'embed-v4.0', 120_000n],
  ['ollama', 'nomic-embed-text', 0n],
] as const)('prices the input of %s/%s, and no output', (provider, model, costNanoUsd) => {
  const cost = computeCost({ inputTokens: 1_000, outputTokens: 0 }, lookUpPrice(provider, model, atMs));
  expect(cost).toEqual({ kind: 'known', costNanoUsd, inputNanoUsd: costNanoUsd, outputNanoUsd: 0n });
});

it('knows no price of what no source lists', () => {
  expect(lookUpPrice('huggingface', 'BAAI/bge-m3', atMs)).toBeUndefined();
  expect(lookUpPrice('custom', 'demo-embedding', atMs)).toBeUndefined();
});
