import { expect, it } from 'vitest';
import { batchesOf } from './ask-windows.ts';

it('asks for many budgets at once, as many as one request may cost, and for each size apart', () => {
  const many = Array.from({ length: 45 }, (_, index) => ({ id: `${index}`, first: 4 }));
  const batches = batchesOf([...many, { id: 'open', first: 40 }]);
  expect(batches.map((batch) => batch.length)).toEqual([20, 20, 5, 1]);
  expect(batches.flat().map(({ id }) => id)).toEqual([...many.map(({ id }) => id), 'open']);
});
