import { expect, it } from 'vitest';
import { basisWords, cutAnswers, formatRange, roomProblems, totalRange } from './run-estimate-words.ts';
import type { RunEstimate } from './use-run-estimate.ts';

const model: RunEstimate['models'][number] = {
  __typename: 'ModelEstimate',
  requested: 'openai/gpt-5-mini',
  modelId: 'openai/gpt-5-mini',
  lowUsd: '0.001',
  likelyUsd: '0.002',
  highUsd: '0.004',
  basis: 'HISTORY',
  sampleSize: 23,
  inputTokens: 12,
  answerLimitedToTokens: null,
  unavailableReason: null,
  fits: true,
};

it('adds the priced models and counts the others apart', () => {
  const unpriced = { ...model, lowUsd: null, likelyUsd: null, highUsd: null, basis: null };
  expect(totalRange({ models: [model, model, unpriced] })).toEqual({ text: '$0.0020–$0.0080', unpriced: 1 });
  expect(totalRange({ models: [unpriced] })).toEqual({ text: '', unpriced: 1 });
  expect(formatRange('0', '0')).toBe('$0');
});

it('says what an estimate rests on', () => {
  expect(basisWords(model)).toBe('by its last 23 answers');
  expect(basisWords({ ...model, basis: 'GUESS', sampleSize: 0 })).toMatch(/guess/);
  expect(basisWords({ ...model, unavailableReason: 'Key missing' })).toBe('Key missing');
});

it('names the budget without room, with the figures, and not those with room', () => {
  const room: RunEstimate['budgets'][number] = {
    __typename: 'BudgetRoom',
    name: 'Cent',
    unit: 'COST',
    mode: 'HARD',
    windowId: 'w',
    subject: null,
    limit: '0.01',
    free: '0.002',
    requested: '0.015',
    hasUnpricedModels: false,
    wouldBreach: true,
  };
  expect(roomProblems({ budgets: [room, { ...room, wouldBreach: false }] })).toEqual([
    '“Cent” has $0.002 of $0.01 left; this run may use $0.015.',
  ]);
  expect(roomProblems({ budgets: [{ ...room, hasUnpricedModels: true }] })[0]).toMatch(/price is unknown/);
});

it('names answers that would be cut, but not those that are refused anyway', () => {
  expect(cutAnswers({ models: [{ ...model, answerLimitedToTokens: 1200 }] })).toEqual([
    'openai/gpt-5-mini would answer with 1,200 tokens at most.',
  ]);
  expect(cutAnswers({ models: [{ ...model, answerLimitedToTokens: 5, fits: false }] })).toEqual([]);
});
