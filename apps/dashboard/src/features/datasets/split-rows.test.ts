import { expect, it } from 'vitest';
import { findRowProblem, splitsOf } from './split-rows.ts';

const row = (name: string, percent: number | '') => ({ id: 0, name, percent });

it('takes shares up to 100 %, and says what is wrong with others', () => {
  expect(findRowProblem([row('train', 80), row('test', 20)])).toBeUndefined();
  expect(findRowProblem([row('a', 33.3), row('b', 33.3), row('c', 33.4)])).toBeUndefined();
  expect(findRowProblem([row('train', 80), row('test', 30)])).toContain('110 %');
  expect(findRowProblem([row('train', 80), row('train', 10)])).toContain('same name');
  expect(findRowProblem([row('1st', 80)])).toContain('letter');
  expect(findRowProblem([row('train', '')])).toContain('above 0');
  expect(splitsOf([row('train', 80)])).toEqual([{ name: 'train', share: 0.8 }]);
});
