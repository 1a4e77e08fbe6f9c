import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamedText } from './streamed-text.ts';

test('an answer that is begun anew goes on in silence while it says the same', () => {
  const text = new StreamedText();
  expect(text.add('Hello wor', 0)).toBe('Hello wor');
  text.restart();
  expect(text.add('Hello', 0)).toBe('');
  expect(text.add(' world', 5)).toBe('ld');
  expect(text.finish('Hello world!')).toBe('!');
});

test('an answer that says something else after a new beginning cannot be sent on', () => {
  const text = new StreamedText();
  text.add('Hello', 0);
  text.restart();
  expect(text.add('Hallo', 0)).toBeUndefined();
});

test('a whole answer that lacks what was sent cannot be sent', () => {
  const text = new StreamedText();
  text.add('Hello', 0);
  expect(text.finish('Hell')).toBeUndefined();
});

test('whatever is sent adds up to a beginning of the answer, however often it is begun anew', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.array(fc.record({ length: fc.nat({ max: 20 }), step: fc.integer({ min: 1, max: 5 }) })),
      (whole, tries) => {
        const text = new StreamedText();
        let sent = '';
        for (const { length, step } of tries) {
          text.restart();
          const end = Math.min(length, whole.length);
          for (let at = 0; at < end; at += step) sent += text.add(whole.slice(at, Math.min(at + step, end)), at) ?? '✗';
          expect(whole.startsWith(sent)).toBe(true);
        }
        expect(sent + (text.finish(whole) ?? '✗')).toBe(whole);
      },
    ),
  );
});
