import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStorableText, toStorable, toStorableText } from './storable-text.ts';

test('leaves whole text as it is, emoji included', () => {
  expect(toStorableText('Grüße 👩‍👧 日本')).toBe('Grüße 👩‍👧 日本');
});

test('replaces NUL and halves of characters one for one', () => {
  expect(toStorableText('a\0b\ud83dc\udc00')).toBe('a\ufffdb\ufffdc\ufffd');
});

test('makes any text storable without changing its length', () => {
  const anything = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(anything, (text) => {
      const stored = toStorableText(text);
      return isStorableText(stored) && stored.length === text.length;
    }),
  );
});

test('reaches into arrays and plain objects and leaves everything else alone', () => {
  const date = new Date();
  expect(toStorable({ a: ['\0', { b: 'x\0' }], date, big: 1n, none: null })).toEqual({
    a: ['\ufffd', { b: 'x\ufffd' }],
    date,
    big: 1n,
    none: null,
  });
});
