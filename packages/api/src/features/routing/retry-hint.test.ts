import { expect, test } from 'vitest';
import { toRetryHintMs } from './retry-hint.ts';

test.each([
  [undefined, undefined],
  [0, 0],
  [1_000.5, 1_001],
  [1e33, 2_147_483_647],
])('a wait of %s ms is told as %s, which GraphQL can say', (given, told) => {
  expect(toRetryHintMs(given)).toBe(told);
});
