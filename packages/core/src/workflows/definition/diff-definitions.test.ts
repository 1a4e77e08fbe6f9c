import { expect, test } from 'vitest';
import { codeWithReview } from '../gallery/code-with-review.ts';
import { ask, define } from '../testing/build-workflow.ts';
import { diffDefinitions } from './diff-definitions.ts';

const { definition } = codeWithReview;

test('two versions that mean the same have no differences', () => {
  expect(diffDefinitions(definition, structuredClone(definition))).toEqual([]);
});

test('tells fields by their way, steps by their id', () => {
  const before = define([ask('a', 'x', { parameters: { temperature: 0.2 } }), ask('b'), ask('c')], { title: 'Old' });
  const after = define([ask('a', 'y', { parameters: { temperature: 0.5, topP: 1 } }), ask('c'), ask('d')]);
  expect(diffDefinitions(before, after)).toEqual([
    { kind: 'removed', field: 'title', before: 'Old' },
    { kind: 'changed', stepId: 'a', field: 'parameters.temperature', before: 0.2, after: 0.5 },
    { kind: 'added', stepId: 'a', field: 'parameters.topP', after: 1 },
    { kind: 'changed', stepId: 'a', field: 'prompt', before: 'x', after: 'y' },
    { kind: 'added', stepId: 'd', after: ask('d') },
    { kind: 'removed', stepId: 'b', before: ask('b') },
  ]);
});

test('tells of steps that changed places', () => {
  const changes = diffDefinitions(define([ask('a'), ask('b'), ask('c')]), define([ask('a'), ask('c'), ask('b')]));
  expect(changes).toEqual([
    { kind: 'moved', stepId: 'c' },
    { kind: 'moved', stepId: 'b' },
  ]);
});
