import { expect, it } from 'vitest';
import { likeness, sideOf, wordDiff } from './word-diff.ts';

const left = 'The switch moves the rails.';
const right = 'The lever moves the blades.';

it('rebuilds each side from its parts', () => {
  const parts = wordDiff(left, right);
  expect(
    sideOf(parts, 'left', false)
      .map(({ text }) => text)
      .join(''),
  ).toBe(left);
  expect(
    sideOf(parts, 'right', false)
      .map(({ text }) => text)
      .join(''),
  ).toBe(right);
});

it('measures likeness', () => {
  expect(likeness(wordDiff(left, left))).toBe(1);
  expect(likeness(wordDiff('a b', 'c d'))).toBe(0);
  expect(likeness(wordDiff('', ''))).toBe(1);
});

it('shortens long equal runs when only differences are asked for', () => {
  const long = Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ');
  const shown = sideOf(wordDiff(`${long} x`, `${long} y`), 'left', true);
  expect(shown.some(({ kind, text }) => kind === 'skipped' && /^\d+ equal words$/.test(text))).toBe(true);
});
