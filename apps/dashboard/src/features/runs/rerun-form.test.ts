import { describe, expect, it } from 'vitest';
import type { Definition } from '../workflows/definition.ts';
import { askingSteps, formOfRun, readInput, rerunInput } from './rerun-form.ts';

const definition: Definition = {
  format: 1,
  name: 'w',
  inputs: { task: { type: 'string' }, count: { type: 'number' }, tags: { type: 'list', isOptional: true } },
  steps: [
    { id: 'plan', type: 'prompt', role: 'planner', prompt: 'Plan {{ inputs.task }}' },
    {
      id: 'each',
      type: 'map',
      over: 'inputs.tags',
      do: { type: 'prompt', models: [{ model: 'openai/a' }], prompt: 'x' },
    },
    { id: 'made', type: 'transform', value: '1' },
  ],
};
const before = formOfRun(definition, { task: 'Build it', count: 3 });

describe('rerunInput', () => {
  it('sends only what was changed, so that everything else is taken over and costs nothing', () => {
    expect(rerunInput('run', before, before, definition)).toEqual({ input: { runId: 'run', changes: {} } });
    const other = { ...before, models: { plan: ['openai/b'], each: [] } };
    expect(rerunInput('run', other, before, definition)).toEqual({
      input: { runId: 'run', changes: { models: [{ stepId: 'plan', models: ['openai/b'] }] } },
    });
  });

  it('sends all inputs with their types when one is changed', () => {
    const changed = { ...before, inputs: { ...before.inputs, count: '4', tags: '["a"]' } };
    expect(rerunInput('run', changed, before, definition)).toEqual({
      input: { runId: 'run', changes: { inputs: { task: 'Build it', count: 4, tags: ['a'] } } },
    });
  });

  it('says which input is not what it has to be', () => {
    const wrong = { ...before, inputs: { ...before.inputs, count: 'many' } };
    expect(rerunInput('run', wrong, before, definition)).toEqual({ problems: { count: 'Write a number.' } });
    expect(readInput('', { type: 'list', isOptional: true })).toEqual({ value: null });
  });
});

describe('askingSteps', () => {
  it('names every step that asks models, with whom it asked', () => {
    expect(askingSteps(definition)).toEqual([
      { stepId: 'plan', name: 'plan', asked: 'role:planner' },
      { stepId: 'each', name: 'each', asked: 'openai/a' },
    ]);
  });
});
