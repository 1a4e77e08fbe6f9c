import { expect, test } from 'vitest';
import { readExperiment } from '../definition/read-definition.ts';
import { rewardOfScores, rewardOfVotes } from './answer-reward.ts';

const definition = readExperiment({
  hypothesis: 'h',
  source: { type: 'paired', datasetVersionId: 'd' },
  baseline: 'a',
  variants: [
    { key: 'a', model: 'sim/one' },
    { key: 'b', model: 'sim/two' },
  ],
  scorers: {
    right: { check: { type: 'exact' } },
    short: { check: { type: 'length', max: 10 } },
    quick: { check: { type: 'latency', targetMs: 1, limitMs: 2 } },
    rude: { check: { type: 'contains', texts: ['idiot'] } },
    good: { judge: { type: 'rubric', model: 'sim/judge', rubric: 'Good?' } },
  },
  primary: { metric: 'score:right' },
  guardrails: [{ metric: 'score:rude', better: 'lower', margin: 0.1 }],
  smallestEffect: 0.1,
  caps: { costUsd: '5' },
}).definition!;

test('scores become one word, weighted by trust; length, latency and what is wanted low have no say', () => {
  const reward = rewardOfScores(definition, { right: 1, short: 0, quick: 0, rude: 0, good: 0.5 })!;
  expect(reward.quality).toBeCloseTo((0.8 * 1 + 0.5 * 0.5) / 1.3, 12);
  expect(reward.weight).toBe(0.8);
  expect(rewardOfScores(definition, { good: 0.5 })).toEqual({ quality: 0.5, weight: 0.5 });
  expect(rewardOfScores(definition, { short: 1, quick: 1, rude: 1 })).toBeUndefined();
  expect(rewardOfScores(definition, { right: Number.NaN })).toBeUndefined();
});

test('votes of one person count as their mean and less than a rating', () => {
  expect(rewardOfVotes([1, 0.5, 0])).toEqual({ quality: 0.5, weight: 0.5 });
  expect(rewardOfVotes([])).toBeUndefined();
});
