import { readDefinition } from '@switchyard/core/workflows';
import { describe, expect, test } from 'vitest';
import { inputsOfItem } from './workflow-inputs.ts';

const workflow = (inputs: object) =>
  readDefinition({
    format: 1,
    name: 'w',
    inputs,
    steps: [{ id: 'a', type: 'transform', value: '1' }],
  }).definition!;

describe('the inputs of a run from an item of a test', () => {
  test('are columns by name, and the text of the item for the one that is left', () => {
    const definition = workflow({
      question: { type: 'string' },
      most: { type: 'number' },
      tone: { type: 'string', isOptional: true },
    });
    expect(inputsOfItem(definition, { input: 'Why?', fields: { most: '3', other: 'x' } })).toEqual({
      inputs: { question: 'Why?', most: 3 },
    });
    const plain = workflow({ input: { type: 'string' }, tone: { type: 'string', default: 'dry' } });
    expect(inputsOfItem(plain, { input: 'Why?', fields: {} })).toEqual({ inputs: { input: 'Why?' } });
  });

  test('are those of the earlier run for items from history', () => {
    const definition = workflow({ question: { type: 'string' }, list: { type: 'list' } });
    const fields = { runId: 'run_1', inputs: { question: 'Why?', list: [1, 2] } };
    expect(inputsOfItem(definition, { input: '{}', fields })).toEqual({ inputs: { question: 'Why?', list: [1, 2] } });
  });

  test('are refused with the columns that are missing, and with what is of the wrong type', () => {
    const definition = workflow({ question: { type: 'string' }, answer: { type: 'string' } });
    const missing = inputsOfItem(definition, { input: 'Why?', fields: {} });
    expect(missing).toMatchObject({ problem: expect.stringContaining('a column for each of: "question", "answer"') });
    const typed = workflow({ most: { type: 'number' } });
    expect(inputsOfItem(typed, { input: 'many', fields: {} })).toMatchObject({
      problem: expect.stringContaining('must be a number'),
    });
  });

  test('a workflow without inputs takes every item', () => {
    expect(inputsOfItem(workflow({}), { input: 'Why?', fields: { a: '1' } })).toEqual({ inputs: {} });
  });
});
