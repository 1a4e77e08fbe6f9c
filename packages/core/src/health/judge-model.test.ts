import { expect, test } from 'vitest';
import { noOutcomes } from './health-score.ts';
import { judgeModel } from './judge-model.ts';

const counts = (changes: Partial<typeof noOutcomes>) => ({ ...noOutcomes, stretches: 1, stretchesUp: 1, ...changes });

test('a model that was not called is as its provider is', () => {
  expect(judgeModel(noOutcomes, 'healthy')).toBe('healthy');
  expect(judgeModel(noOutcomes, 'down')).toBe('down');
});

test('a model that fails is down although its provider is well, and the other way round', () => {
  expect(judgeModel(counts({ faults: 3, stretchesUp: 0 }), 'healthy')).toBe('down');
  expect(judgeModel(counts({ faults: 1, stretchesUp: 0 }), 'healthy')).toBe('healthy');
  expect(judgeModel(counts({ successes: 6 }), 'down')).toBe('healthy');
});

test('a model is degraded by failures and by slow answers, once there are enough calls', () => {
  expect(judgeModel(counts({ successes: 6, faults: 4 }), 'healthy')).toBe('degraded');
  expect(judgeModel(counts({ successes: 10, verySlow: 10 }), 'healthy')).toBe('degraded');
  expect(judgeModel(counts({ successes: 2, faults: 2 }), 'healthy')).toBe('healthy');
});
