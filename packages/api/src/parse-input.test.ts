import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseInput } from './parse-input.ts';
import { ValidationFailure } from './user-errors.ts';

const schema = z.object({ value: z.unknown() });
const read = (value: unknown) => {
  try {
    return parseInput(schema, { value });
  } catch (error) {
    if (error instanceof ValidationFailure) return error.issues;
    throw error;
  }
};

test('names the place of each text that no store can hold', () => {
  expect(read({ a: ['fine', 'x\0'], b: '\ud800' })).toMatchObject([
    { path: ['input', 'value', 'b'], code: 'invalid_text' },
    { path: ['input', 'value', 'a', '1'], code: 'invalid_text' },
  ]);
});

test('refuses what is nested deeper than a stack, without working on it', () => {
  const depth = 200_000;
  const nested: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  expect(read(nested)).toMatchObject([{ path: ['input', 'value', ...'00000000'], code: 'too_deep' }]);
});
