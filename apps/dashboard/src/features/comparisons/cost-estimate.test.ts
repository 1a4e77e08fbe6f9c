import { expect, it } from 'vitest';
import { estimateCost, formatEstimate } from './cost-estimate.ts';
import { emptyDraft } from './draft.ts';

const models = new Map([
  ['a', { modelId: 'a', maxOutputTokens: 8000, price: { inputPerMillionUsd: '1', outputPerMillionUsd: '10' } }],
  ['b', { modelId: 'b', maxOutputTokens: null, price: null }],
]);

it('adds the lanes, counts the unpriced apart and grows with the output cap', () => {
  const draft = { ...emptyDraft, prompt: 'x'.repeat(4000), modelIds: ['a', 'a', 'b'] };
  const estimate = estimateCost(draft, models);
  expect(estimate).toMatchObject({ inputTokens: 1000, unpriced: 1 });
  expect(estimate.lowUsd).toBeCloseTo(2 * (0.001 + 0.0015), 10);
  expect(estimate.highUsd).toBeCloseTo(2 * (0.001 + 0.012), 10);
  const capped = estimateCost({ ...draft, parameters: { ...draft.parameters, maxOutputTokens: 100 } }, models);
  expect(capped.lowUsd).toBe(capped.highUsd);
});

it('shows two significant digits', () => {
  expect(formatEstimate({ lowUsd: 0.00123, highUsd: 0.0456, inputTokens: 1, unpriced: 0 })).toBe('$0.0012–$0.046');
  expect(formatEstimate({ lowUsd: 0, highUsd: 0, inputTokens: 1, unpriced: 0 })).toBe('$0');
});
