import { expect, test } from 'vitest';
import { verdictOf } from './back-test-words.ts';

const was = { mean: 1, low: 0.9, high: 1.1 };

test('a difference is told only when the intervals do not touch and enough is known', () => {
  expect(verdictOf(was, { mean: 0.5, low: 0.4, high: 0.6 }, true, 'lower')).toEqual({
    tone: 'good',
    words: '50 % lower',
  });
  expect(verdictOf(was, { mean: 0.5, low: 0.4, high: 0.6 }, true, 'higher').tone).toBe('bad');
  expect(verdictOf(was, { mean: 0.8, low: 0.6, high: 1 }, true, 'lower').words).toContain('Cannot tell');
  expect(verdictOf(was, { mean: 0.5, low: 0.4, high: 0.6 }, false, 'lower')).toEqual({
    tone: 'neutral',
    words: 'Perhaps 50 % lower: a hint at most.',
  });
});

test('what was never tried or recorded cannot be told', () => {
  expect(verdictOf(was, null, true, 'lower').words).toContain('never tried');
  expect(verdictOf(null, was, true, 'lower').words).toContain('nothing was recorded');
});
