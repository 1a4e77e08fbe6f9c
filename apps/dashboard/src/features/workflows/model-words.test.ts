import { expect, it } from 'vitest';
import { exampleDefinition } from './definition-fixture.ts';
import { stateOf } from './listed-workflow.ts';
import { modelWords, splitWords } from './model-words.ts';
import { answererWords, modelsOf } from './step-summary.ts';

const roles = [
  {
    name: 'coder',
    description: null,
    asks: [
      { model: 'openai/gpt-5', isOfDefault: false },
      { model: 'auto', isOfDefault: true },
    ],
  },
];

it('says what is set for one model in a few words', () => {
  const model = {
    model: 'openai/gpt-5',
    routingWeight: 2,
    guardrails: { costLimitUsd: '0.10', tokenLimit: 2000 },
    parameters: { temperature: 0.2 },
  };
  expect(modelWords(model)).toBe('≤ $0.10 · ≤ 2,000 tokens · weight 2 · temperature 0.2');
  expect(splitWords('maxOutputTokens')).toBe('max output tokens');
});

it('says who answers a step, by its role or its models', () => {
  const [summary, , decide, , final] = exampleDefinition.steps;
  if (!summary || !decide || !final) throw new Error('The example has five steps.');
  expect(answererWords(summary, roles)).toBe('role coder');
  expect(modelsOf(summary, roles)).toEqual(['openai/gpt-5']);
  expect(answererWords({ ...summary, models: [{ model: 'a/b' }, { model: 'c/d' }] }, roles)).toBe('b +1');
  expect(answererWords(decide, roles)).toBe('1 condition');
  expect(answererWords(final, roles)).toBe('best of 2');
});

it('tells drafts, published workflows and those of the file apart', () => {
  const draft = { revision: 1, basedOn: 0, updatedAt: '', definition: {}, __typename: 'WorkflowDraft' as const };
  expect(stateOf({ sourceDetail: null, isPublished: false, draft })).toBe('draft');
  expect(stateOf({ sourceDetail: null, isPublished: true, draft })).toBe('changed');
  expect(stateOf({ sourceDetail: null, isPublished: true, draft: null })).toBe('published');
  expect(stateOf({ sourceDetail: 'switchyard.yaml:31', isPublished: true, draft: null })).toBe('file');
});
