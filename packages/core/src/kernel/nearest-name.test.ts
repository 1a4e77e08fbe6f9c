import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  test.each([
    ['provders', 'providers'],
    ['maxAttempts', 'max_attempts'],
    ['Max-Attempts', 'max_attempts'],
    ['alisaes', 'aliases'],
    ['zebra', undefined],
    ['', undefined],
    ['p', undefined],
  ])('%s: %s', (typed, expected) => {
    expect(nearestName(typed, ['providers', 'aliases', 'max_attempts', 'chains'])).toBe(expected);
  });
});

describe('editDistance', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

  test('is a distance: symmetric, zero only for the same, at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test('with a limit it is the distance or the limit, whichever is less', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 8 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(limit, editDistance(a, b)));
      }),
    );
  });
});
