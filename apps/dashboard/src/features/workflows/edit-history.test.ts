import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyToHistory, type EditHistory, newHistory } from './edit-history.ts';

type Value = { readonly text: string };
const edit = (history: EditHistory<Value>, text: string, atMs = 0, about?: string) =>
  applyToHistory(history, { type: 'edit', value: { text }, atMs, about });
const undo = (history: EditHistory<Value>) => applyToHistory(history, { type: 'undo' });
const redo = (history: EditHistory<Value>) => applyToHistory(history, { type: 'redo' });

const anyAction = fc.oneof(
  fc.record({ type: fc.constant('edit' as const), text: fc.string(), about: fc.constantFrom(undefined, 'a', 'b') }),
  fc.record({ type: fc.constantFrom('undo' as const, 'redo' as const) }),
);
const anyHistory = fc
  .array(anyAction, { maxLength: 30 })
  .map((actions) =>
    actions.reduce(
      (history, action, index) =>
        action.type === 'edit'
          ? edit(history, action.text, index * 700, action.about)
          : applyToHistory(history, action),
      newHistory<Value>({ text: '' }),
    ),
  );

it('gives back by undo exactly what was there before an edit, and by redo the edit', () => {
  fc.assert(
    fc.property(anyHistory, fc.string(), (history, text) => {
      const edited = edit(history, text);
      expect(undo(edited).present).toBe(history.present);
      expect(redo(undo(edited)).present).toBe(edited.present);
      expect(redo(edited)).toBe(edited);
    }),
  );
});

it('returns to the beginning by undo alone and to the end by redo alone', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      let back = history;
      while (back.past.length > 0) back = undo(back);
      expect(back.present.text).toBe('');
      let forth = back;
      while (forth.future.length > 0) forth = redo(forth);
      const end = history.future.at(-1) ?? history.present;
      expect(forth.present).toBe(end);
    }),
  );
});

it('undoes typing on in one field at once, and another field by itself', () => {
  const typed = edit(edit(edit(newHistory({ text: '' }), 'a', 0, 'prompt'), 'ab', 300, 'prompt'), 'abc', 600, 'prompt');
  expect(undo(typed).present.text).toBe('');
  expect(undo(edit(typed, 'x', 700, 'title')).present.text).toBe('abc');
  expect(undo(edit(typed, 'later', 9_000, 'prompt')).present.text).toBe('abc');
});

it('does not take typing after an undo for the edit that was undone', () => {
  const typed = edit(newHistory({ text: '' }), 'a', 0, 'prompt');
  const again = edit(undo(edit(typed, 'b', 5_000, 'prompt')), 'c', 5_100, 'prompt');
  expect(undo(again).present.text).toBe('a');
});
