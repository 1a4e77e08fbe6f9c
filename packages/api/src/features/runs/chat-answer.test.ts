import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { expect, test } from 'vitest';
import { findAnswerSource } from './chat-answer.ts';

const prompt = (id: string, rest: object = {}) => ({ id, type: 'prompt', role: 'coder', prompt: '', ...rest });
const workflow = (steps: readonly object[], outputs?: Readonly<Record<string, string>>): WorkflowDefinition =>
  ({ format: 1, name: 'w', steps, ...(outputs && { outputs }) }) as never;

test('the only output is the answer, and its step is streamed', () => {
  const source = findAnswerSource(workflow([prompt('a')], { text: 'steps.a.output' }), undefined);
  expect(source.streamedStepId).toBe('a');
  expect(source.read({ text: 'Hello' })).toBe('Hello');
});

test('without declared outputs the last step is the answer', () => {
  const steps = [prompt('a'), prompt('b', { prompt: '{{ steps.a.output }}' })];
  expect(findAnswerSource(workflow(steps), undefined).streamedStepId).toBe('b');
});

test('of several outputs the one called answer is taken, or the one that is asked for', () => {
  const definition = workflow([prompt('a'), prompt('b')], { answer: 'steps.a.output', other: 'steps.b.output' });
  expect(findAnswerSource(definition, undefined).streamedStepId).toBe('a');
  expect(findAnswerSource(definition, 'other').streamedStepId).toBe('b');
  expect(() => findAnswerSource(definition, 'third')).toThrow('It has: answer, other.');
});

test('several outputs without an answer are given as JSON at the end', () => {
  const definition = workflow([prompt('a'), prompt('b')], { x: 'steps.a.output', y: 'steps.b.output' });
  const source = findAnswerSource(definition, undefined);
  expect(source.streamedStepId).toBeUndefined();
  expect(JSON.parse(source.read({ x: '1', y: [2] }))).toEqual({ x: '1', y: [2] });
});

test('what is not the text of one answer is not streamed', () => {
  const json = workflow([prompt('a', { output: { format: 'json' } })]);
  const parallel = workflow([
    prompt('a', { role: undefined, strategy: 'parallel', models: [{ model: 'x/y' }, { model: 'x/z' }] }),
  ]);
  const computed = workflow([prompt('a')], { x: 'steps.a.output + "!"' });
  for (const definition of [json, parallel, computed]) {
    expect(findAnswerSource(definition, undefined).streamedStepId).toBeUndefined();
  }
});
