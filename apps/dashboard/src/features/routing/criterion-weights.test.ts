import { expect, test } from 'vitest';
import { criterionNames, normalised, percentsOf, usualWeights, withWeight } from './criterion-weights.ts';

const sum = (weights: typeof usualWeights) => criterionNames.reduce((total, name) => total + weights[name], 0);

test('moving one weight keeps the sum at 1 and the others in their proportions', () => {
  const moved = withWeight(usualWeights, 'cost', 0.65);
  expect(sum(moved)).toBeCloseTo(1, 12);
  expect(moved.cost).toBe(0.65);
  expect(moved.quality / moved.latency).toBeCloseTo(0.35 / 0.2, 12);
});

test('the others share equally what one gives back that had everything', () => {
  const all = withWeight(usualWeights, 'cost', 1);
  expect(all).toEqual({ cost: 1, latency: 0, quality: 0, reliability: 0 });
  const back = withWeight(all, 'cost', 0.4);
  expect([back.latency, back.quality, back.reliability].map((value) => Number(value.toFixed(6)))).toEqual([
    0.2, 0.2, 0.2,
  ]);
});

test('percents are whole and add up to 100 whatever the weights are', () => {
  for (const weights of [
    usualWeights,
    { cost: 1, latency: 1, quality: 1, reliability: 0 },
    { ...usualWeights, cost: 7 },
  ])
    expect(sum(percentsOf(weights))).toBe(100);
  expect(normalised({ cost: 0, latency: 0, quality: 0, reliability: 0 })).toEqual(usualWeights);
});
