import { expect, it } from 'vitest';
import { fieldWords, groupChanges, valueWords } from './change-words.ts';

it('puts the changes of one step under its name, in words', () => {
  const groups = groupChanges([
    { kind: 'CHANGED', stepId: null, field: 'title', before: 'A', after: 'B' },
    { kind: 'MOVED', stepId: 'check', field: null, before: null, after: null },
    { kind: 'ADDED', stepId: 'check', field: 'models[0].parameters.temperature', before: null, after: 0.2 },
    { kind: 'REMOVED', stepId: 'plan', field: null, before: { id: 'plan', type: 'prompt' }, after: null },
  ]);
  expect(groups.map(({ kind, title }) => `${title}: ${kind}`)).toEqual([
    'The workflow: changed',
    'Step check: changed',
    'Prompt step plan: removed',
  ]);
  expect(groups[1]?.fields).toEqual([{ field: 'model 1, temperature', before: undefined, after: 0.2 }]);
});

it('writes fields and values for people', () => {
  expect(fieldWords('deadlines.firstTokenMs')).toBe('deadlines, first token ms');
  expect(valueWords({ a: 1 })).toBe('{\n "a": 1\n}');
  expect(valueWords('x'.repeat(500))).toHaveLength(401);
});
