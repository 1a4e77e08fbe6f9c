import { expect, it } from 'vitest';
import { distinctMarks, distinctNames, markOf } from './model-identity.ts';

it('gives a model the same mark every time', () => {
  expect(markOf('openai/gpt-5')).toBe(markOf('openai/gpt-5'));
});

it('gives eight lanes eight different marks, also when they hold one model', () => {
  expect(new Set(distinctMarks(Array.from({ length: 8 }, () => 'openai/gpt-5'))).size).toBe(8);
});

it('numbers lanes of the same model', () => {
  expect(distinctNames(['GPT', 'Claude', 'GPT', 'GPT'])).toEqual(['GPT', 'Claude', 'GPT #2', 'GPT #3']);
});
