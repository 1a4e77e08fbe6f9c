import { expect, test } from 'vitest';
import { requestKeys } from './request-keys.ts';

test('what is sent again without an answer has its first key; another thing, and the same after an answer, a new one', () => {
  let count = 0;
  const keys = requestKeys(() => `key ${++count}`);
  expect(keys.keyFor({ a: 1 })).toBe('key 1');
  expect(keys.keyFor({ a: 1 })).toBe('key 1');
  expect(keys.keyFor({ a: 2 })).toBe('key 2');
  keys.answered();
  expect(keys.keyFor({ a: 2 })).toBe('key 3');
});
