import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelCall } from '../spec/index.ts';
import { estimateCall } from './estimate-call.ts';
import { estimateCostRange } from './estimate-cost-range.ts';

const model = { providerType: 'openai', vendorModelId: 'gpt-4o', maxOutputTokens: 4_096 } as const;
const price = {
  price: { input: { perMillionUsd: '2.5' }, output: { perMillionUsd: '10' } },
  source: 'test',
} as unknown as Parameters<typeof estimateCostRange>[1];
const callOf = (prompt: string): ModelCall => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
});

test('ten answers on record count more than a guess, and nine do not', () => {
  const estimate = estimateCall(callOf('Explain tides.'), model, price);
  expect(estimateCostRange(estimate, price, Array(9).fill(100))).toMatchObject({ basis: 'guess', sampleSize: 0 });
  const range = estimateCostRange(estimate, price, Array(10).fill(100));
  const expected = BigInt(estimate.inputTokens) * 2_500n + 100n * 10_000n;
  expect(range).toMatchObject({ basis: 'history', sampleSize: 10, lowNanoUsd: expected, highNanoUsd: expected });
});

test('without a price nothing is said', () => {
  const estimate = estimateCall(callOf('Explain tides.'), model, undefined);
  expect(estimateCostRange(estimate, undefined, Array(50).fill(100))).toBeUndefined();
});

test('whatever the prompt and the history: low, likely, high and the most are in order', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), fc.array(fc.nat(1_000_000), { maxLength: 40 }), (prompt, history) => {
      const estimate = estimateCall(callOf(prompt), model, price);
      const range = estimateCostRange(estimate, price, history);
      if (!range) throw new Error('there is a price');
      const { lowNanoUsd, likelyNanoUsd, highNanoUsd } = range;
      expect(0n <= lowNanoUsd && lowNanoUsd <= likelyNanoUsd && likelyNanoUsd <= highNanoUsd).toBe(true);
      expect(highNanoUsd <= (estimate.upperBound.costNanoUsd ?? 0n)).toBe(true);
    }),
  );
});
