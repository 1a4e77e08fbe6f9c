import { expect, it } from 'vitest';
import { blindName, blindOrder } from './blind-order.ts';

it('is a permutation that depends on the seed only', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  expect(blindOrder(ids, 'x')).toEqual(blindOrder(ids, 'x'));
  expect([...blindOrder(ids, 'x')].sort()).toEqual(ids);
  const orders = new Set(Array.from({ length: 60 }, (_, seed) => blindOrder(ids, String(seed)).join('')));
  expect(orders.size).toBeGreaterThan(20);
  expect(blindName(2)).toBe('Answer C');
});
