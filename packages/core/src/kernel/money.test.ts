import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, parseUsd } from './money.ts';

describe('money', () => {
  test.each([
    ['0', 0n],
    ['12', 12_000_000_000n],
    ['-0.25', -250_000_000n],
    ['0.000000001', 1n],
    ['123456789012345678.9', 123_456_789_012_345_678_900_000_000n],
  ])('%s USD is %s nano-dollars and back', (text, amount) => {
    expect(parseUsd(text)).toBe(amount);
    expect(formatUsd(amount)).toBe(text);
  });

  test.each(['', '.5', '1.', '1e3', '0.0000000001', '1,5', ' 1', '+1', '--1', 'NaN'])('refuses "%s"', (text) => {
    expect(() => parseUsd(text)).toThrow(RangeError);
  });

  test('writing and reading are inverse for every amount', () => {
    fc.assert(fc.property(fc.bigInt(), (amount) => parseUsd(formatUsd(amount)) === amount));
  });

  test('never writes more zeros than it needs', () => {
    fc.assert(fc.property(fc.bigInt(), (amount) => !/\.\d*0$/.test(formatUsd(amount))));
  });
});
