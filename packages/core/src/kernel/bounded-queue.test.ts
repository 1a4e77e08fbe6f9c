import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

const create = (maxWeight: number, compact = (waiting: readonly string[]): readonly string[] => waiting) =>
  new BoundedQueue<string>({ maxWeight, weigh: (item) => item.length, compact });

describe('BoundedQueue', () => {
  test('gives everything that waits, in order, and then waits for more', async () => {
    const queue = create(100);
    queue.push('a');
    queue.push('b');
    expect(await queue.take()).toEqual({ kind: 'items', items: ['a', 'b'] });
    const next = queue.take();
    queue.push('c');
    expect(await next).toEqual({ kind: 'items', items: ['c'] });
  });

  test('delivers what waits after it was closed, and ignores what comes later', async () => {
    const queue = create(100);
    queue.push('a');
    queue.close();
    queue.push('b');
    expect(await queue.take()).toEqual({ kind: 'items', items: ['a'] });
    expect(await queue.take()).toEqual({ kind: 'closed' });
  });

  test('wakes a consumer that waits when it is closed', async () => {
    const queue = create(100);
    const taken = queue.take();
    queue.close();
    expect(await taken).toEqual({ kind: 'closed' });
  });

  test('overflows once when compaction does not help, and works again afterwards', async () => {
    const queue = create(10);
    queue.push('x'.repeat(11));
    queue.push('lost too');
    expect(queue.weight).toBe(0);
    expect(await queue.take()).toEqual({ kind: 'overflow' });
    queue.push('a');
    expect(await queue.take()).toEqual({ kind: 'items', items: ['a'] });
  });

  test('compacts instead of overflowing when that makes it light enough', async () => {
    const queue = create(10, (waiting) => [waiting.join('').slice(0, 3)]);
    for (const item of ['aaaa', 'bbbb', 'cccc']) queue.push(item);
    expect(await queue.take()).toEqual({ kind: 'items', items: ['aaa'] });
  });

  test('an overflow that was not taken before the close is still told', async () => {
    const queue = create(1);
    queue.push('too much');
    queue.close();
    expect(await queue.take()).toEqual({ kind: 'overflow' });
    expect(await queue.take()).toEqual({ kind: 'closed' });
  });

  test('never weighs more than its limit, whatever happens in whatever order', async () => {
    const step = fc.oneof({ weight: 5, arbitrary: fc.string({ maxLength: 30 }) }, fc.constant(undefined));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.array(step, { maxLength: 80 }), async (maxWeight, steps) => {
        const queue = create(maxWeight, (waiting) => (waiting.length > 1 ? [waiting.join('')] : waiting));
        let isLossy = false;
        let pushed = '';
        let taken = '';
        for (const item of steps) {
          if (item !== undefined) {
            pushed += item;
            queue.push(item);
            expect(queue.weight).toBeLessThanOrEqual(maxWeight);
            continue;
          }
          if (queue.weight === 0) continue;
          const result = await queue.take();
          if (result.kind === 'overflow') isLossy = true;
          if (result.kind === 'items') taken += result.items.join('');
        }
        queue.close();
        for (let last = await queue.take(); last.kind !== 'closed'; last = await queue.take()) {
          if (last.kind === 'overflow') isLossy = true;
          if (last.kind === 'items') taken += last.items.join('');
        }
        if (!isLossy) expect(taken).toBe(pushed);
      }),
    );
  });
});
