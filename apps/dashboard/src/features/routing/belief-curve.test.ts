import { expect, test } from 'vitest';
import { beliefHeights, intervalOf, tallestOf } from './belief-curve.ts';

test('the curve is highest at the mean, and a sure belief is higher than a vague one', () => {
  const beliefs = [{ deviation: 0.05 }, { deviation: 0.2 }];
  const tallest = tallestOf(beliefs);
  const sure = beliefHeights(0.5, 0.05, tallest);
  const vague = beliefHeights(0.5, 0.2, tallest);
  expect(Math.max(...sure)).toBeCloseTo(1, 6);
  expect(sure.indexOf(Math.max(...sure))).toBe(40);
  expect(Math.max(...vague)).toBeCloseTo(0.25, 6);
});

test('intervals stay on the scale', () => {
  expect(intervalOf(0.95, 0.1)).toEqual({ low: expect.closeTo(0.754, 3), high: 1 });
});
