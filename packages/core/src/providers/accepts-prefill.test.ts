import { expect, test } from 'vitest';
import { acceptsPrefill } from './accepts-prefill.ts';

test.each([
  ['anthropic', 'claude-haiku-4-5', true],
  ['anthropic', 'claude-opus-5-5', false],
  ['openai', 'gpt-5', false],
  ['google', 'gemini-2.5-flash', false],
  ['ollama', 'llama3.2', true],
  ['custom', 'anything', false],
] as const)('%s/%s: %s', (type, model, accepts) => {
  expect(acceptsPrefill(type, model)).toBe(accepts);
});
