import { expect, it } from 'vitest';
import { byProbeCost, callsPerDay, mostUsdPerCall, type ProbeModel } from './probe-cost.ts';

const model = (modelId: string, output: string | null, isThinking = false, isText = true): ProbeModel => ({
  __typename: 'Model',
  ...{ id: modelId, modelId, displayName: modelId },
  capabilities: { __typename: 'ModelCapabilities', text: isText, reasoning: isThinking },
  price: output === null ? null : { __typename: 'ModelPrice', inputPerMillionUsd: '0.5', outputPerMillionUsd: output },
});

it('offers the cheapest call first, counts the room to think, and leaves out what cannot be asked or capped', () => {
  const models = [
    model('thinks', '1', true),
    model('dear', '20'),
    model('cheap', '2'),
    model('unpriced', null),
    model('embeds', '0', false, false),
  ];
  expect(byProbeCost(models).map(({ modelId }) => modelId)).toEqual(['cheap', 'dear', 'thinks']);
  expect(mostUsdPerCall(model('cheap', '2'))).toBeCloseTo(0.000042, 12);
  expect(mostUsdPerCall(model('unpriced', null))).toBeUndefined();
});

it('counts the calls of a day by what is reached first', () => {
  expect(callsPerDay(900_000, 100)).toBe(96);
  expect(callsPerDay(60_000, 100)).toBe(100);
});
