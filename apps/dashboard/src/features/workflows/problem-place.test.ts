import { expect, it } from 'vitest';
import { exampleDefinition } from './definition-fixture.ts';
import { nearestField, offsetAt, problemsAt, stepOfProblem } from './problem-place.ts';

it('finds the step of a problem', () => {
  expect(stepOfProblem(exampleDefinition, { path: 'steps[1].prompt' })?.id).toBe('check');
  expect(stepOfProblem(exampleDefinition, { path: 'inputs.ticket' })).toBeUndefined();
});

it('gives a field its problems and those within it, and no others', () => {
  const problems = ['steps[1].models', 'steps[1].models[0].model', 'steps[1].modelsAndMore'].map((path) => ({ path }));
  expect(problemsAt(problems, 'steps[1].models').map(({ path }) => path)).toEqual([
    'steps[1].models',
    'steps[1].models[0].model',
  ]);
});

it('leads to the narrowest field that is shown', () => {
  const fields = ['steps[0].models', 'steps[0].models[0]', 'steps[0].model'];
  expect(nearestField(fields, 'steps[0].models[0].parameters.seed')).toBe('steps[0].models[0]');
  expect(nearestField(fields, 'steps[1].prompt')).toBeUndefined();
});

it('turns line and column into a place of the text', () => {
  expect(offsetAt('ab\ncd', { line: 2, column: 2 })).toBe(4);
  expect(offsetAt('ab', { line: 9, column: 9 })).toBe(2);
});
