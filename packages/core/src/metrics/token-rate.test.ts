import { expect, test } from 'vitest';
import { computeTokensPerSecond } from './token-rate.ts';

const figures = {
  usage: { outputTokens: 100 },
  isReasoningStreamed: false,
  latencyMs: 3_000,
  timeToFirstTokenMs: 1_000,
};

test('counts tokens over the time of writing, not of waiting', () => {
  expect(computeTokensPerSecond(figures)).toBe(50);
});

test('reasoning counts only when it was streamed', () => {
  const usage = { outputTokens: 100, reasoningTokens: 60 };
  expect(computeTokensPerSecond({ ...figures, usage })).toBe(20);
  expect(computeTokensPerSecond({ ...figures, usage, isReasoningStreamed: true })).toBe(50);
});

test.each([
  ['tokens are unknown', { usage: {} }],
  ['nothing came', { timeToFirstTokenMs: undefined }],
  ['all came in one piece', { latencyMs: 1_000 }],
  ['nothing was streamed', { usage: { outputTokens: 10, reasoningTokens: 10 } }],
])('is unknown when %s', (_what, change) => {
  expect(computeTokensPerSecond({ ...figures, ...change })).toBeUndefined();
});
