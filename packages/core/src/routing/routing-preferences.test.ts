import { expect, test } from 'vitest';
import { deriveTier } from './derive-tier.ts';
import { mergePreferences, toRequestWishes } from './routing-preferences.ts';
import { priceOf } from './testing/routing-builders.ts';

test('the narrowest scope that says something wins, limit by limit', () => {
  const step = { strategy: 'cost-first', limits: { maxLatencyMs: 500 }, adaptive: { costWeightPerUsd: 9 } } as const;
  const team = {
    strategy: 'adaptive',
    isStrict: true,
    limits: { maxLatencyMs: 9_000, maxCostUsd: '0.05' },
    adaptive: { costWeightPerUsd: 1, explorationShare: 0.2 },
  } as const;
  expect(mergePreferences([step, undefined, team])).toEqual({
    strategy: 'cost-first',
    isStrict: true,
    limits: { maxLatencyMs: 500, maxCostUsd: '0.05' },
    adaptive: { costWeightPerUsd: 9, explorationShare: 0.2 },
  });
  expect(mergePreferences([undefined])).toEqual({});
});

test('a limit in USD becomes nano-dollars, and how things are learned is no wish of a request', () => {
  const wishes = toRequestWishes({ limits: { maxCostUsd: '0.05' }, adaptive: { algorithm: 'thompson' } });
  expect(wishes).toEqual({ constraints: { maxCostNanoUsd: 50_000_000n }, adaptive: {} });
});

test.each([
  ['gpt-5', '15', 'frontier'],
  ['gpt-5-mini', '2', 'fast'],
  ['gpt-5-nano', '0.4', 'small'],
  ['llama3.3:70b', undefined, 'fast'],
  ['qwen2.5-7b-instruct', '0', 'small'],
  ['llama3.2', '0', 'small'],
  ['gpt-5', undefined, undefined],
])('%s at %s USD is taken for %s', (vendorModelId, price, tier) => {
  expect(deriveTier(vendorModelId, price === undefined ? undefined : priceOf(price))).toBe(tier);
});
