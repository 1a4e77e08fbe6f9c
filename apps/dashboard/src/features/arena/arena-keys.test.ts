import { expect, it } from 'vitest';
import { actionOf } from './arena-keys.ts';

const press = (key: string, more: object = {}) => ({
  ...{ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false },
  ...more,
});
const free = { msSinceG: 10_000, areSingleKeysOn: true };

it('votes by keys, once per press, and never in place of another shortcut', () => {
  expect(['ArrowLeft', 'ArrowRight', 't', 'B', 's', 'z'].map((key) => actionOf(press(key), free))).toEqual([
    ...['LEFT', 'RIGHT', 'TIE', 'BOTH_BAD', 'SKIP', 'UNDO'],
  ]);
  expect(actionOf(press('ArrowLeft', { repeat: true }), free)).toBeUndefined();
  expect(actionOf(press('ArrowLeft', { altKey: true }), free)).toBeUndefined();
  expect(actionOf(press('t'), { ...free, msSinceG: 300 })).toBeUndefined();
  expect(actionOf(press('ArrowRight'), { ...free, msSinceG: 300 })).toBe('RIGHT');
  expect(actionOf(press('t'), { ...free, areSingleKeysOn: false })).toBeUndefined();
  expect(actionOf(press('x'), free)).toBeUndefined();
});
