import { expect, it } from 'vitest';
import { partsOf, readPlace, scorerWords, writePlace } from './scorer-kinds.ts';

it('says what a scorer does, also when it is of a kind that this page does not know', () => {
  expect(scorerWords({ check: { type: 'regex', pattern: '^yes$' } })).toBe('Pattern: ^yes$');
  expect(scorerWords({ judge: { type: 'rubric', model: 'openai/gpt-5' } })).toBe('On a scale, openai/gpt-5');
  expect(scorerWords({ check: { type: 'new-kind' } })).toBe('new-kind');
  expect(scorerWords(null)).toBe('');
});

it('reads and writes places within places, and takes them away', () => {
  const settings = { type: 'rubric', scale: { min: 1, max: 5 } };
  expect(readPlace(settings, 'scale.max')).toBe(5);
  expect(writePlace(settings, 'scale.max', 10)).toEqual({ type: 'rubric', scale: { min: 1, max: 10 } });
  expect(writePlace(settings, 'scale.max', undefined)).toEqual({ type: 'rubric', scale: { min: 1 } });
  expect(writePlace({}, 'scale.min', 0)).toEqual({ scale: { min: 0 } });
  expect(partsOf({ judge: settings })).toEqual({ group: 'judge', settings });
});
