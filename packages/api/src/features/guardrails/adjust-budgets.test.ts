import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleLimit } from './adjust-budgets.ts';
import { fromDecimal, toDecimal } from './decimal-amount.ts';
import { SeqCursor } from './seq-cursor.ts';

describe('a limit changed by a percentage', () => {
  it('is exact, rounded to the nearest unit, and never below 0', () => {
    expect(scaleLimit(10_000_000_000n, 20)).toBe(12_000_000_000n);
    expect(scaleLimit(3n, 50)).toBe(5n);
    expect(scaleLimit(1_000n, 0.125)).toBe(1_001n);
    expect(scaleLimit(10n ** 18n, -100)).toBe(0n);
  });
});

describe('an amount as text', () => {
  it('comes back as it was, in every unit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.constantFrom('cost', 'tokens', 'requests'),
        (amount, unit) => {
          expect(fromDecimal(unit, toDecimal(unit, amount))).toBe(amount);
        },
      ),
    );
  });

  it('is whole where tokens and calls are counted', () => {
    expect(fromDecimal('tokens', '12.0')).toBe(12n);
    expect(fromDecimal('tokens', '12.5')).toBeUndefined();
    expect(fromDecimal('cost', 'much')).toBeUndefined();
  });
});

describe('a reader of a table', () => {
  it('gets every row once, also those that appear behind later ones', () => {
    const row = fc.bigInt({ min: 1n, max: 150n });
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(row, { maxLength: 20 }), { maxLength: 10 }), (batches) => {
        const cursor = new SeqCursor([]);
        const table = new Set<bigint>();
        const got: bigint[] = [];
        for (const batch of batches) {
          for (const seq of batch) table.add(seq);
          const { gt, notIn } = cursor.where.seq;
          const rows = [...table].filter((seq) => seq > gt && !notIn.includes(seq)).map((seq) => ({ seq }));
          got.push(...cursor.take(rows).map(({ seq }) => seq));
        }
        expect([...got].sort()).toEqual([...table].sort());
      }),
    );
  });
});
