import type { ModelCall } from '@switchyard/core/spec';
import type { WorkflowDefinition, WorkflowInput } from '@switchyard/core/workflows';
import { describe, expect, test } from 'vitest';
import { readChatInputs } from './chat-inputs.ts';

const workflow = (inputs: Readonly<Record<string, Partial<WorkflowInput>>>): WorkflowDefinition =>
  ({ format: 1, name: 'w', inputs, steps: [{ id: 'a', type: 'prompt', role: 'coder', prompt: '' }] }) as never;
const text = (content: string) => [{ type: 'text' as const, text: content }];
const say = (content: string, rest: Partial<ModelCall> = {}): Omit<ModelCall, 'model'> => ({
  messages: [{ role: 'user', content: text(content) }],
  ...rest,
});
const string: WorkflowInput = { type: 'string' };

describe('the last message of a chat', () => {
  test('is the input that must be given', () => {
    const definition = workflow({ tone: { type: 'string', default: 'dry' }, ticket: string });
    expect(readChatInputs(definition, say('It burns.'), undefined)).toEqual({
      inputs: { ticket: 'It burns.' },
      warnings: [],
    });
  });
  test('is the only input when none must be given', () => {
    const definition = workflow({ tone: { type: 'string', isOptional: true } });
    expect(readChatInputs(definition, say('warm'), undefined).inputs).toEqual({ tone: 'warm' });
  });
  test('is a JSON object of inputs by name when it names one', () => {
    const definition = workflow({ a: string, b: { type: 'number' } });
    expect(readChatInputs(definition, say(' {"a": "x", "b": 2}'), undefined).inputs).toEqual({ a: 'x', b: 2 });
  });
  test('is plain text when it is a JSON object that names no input', () => {
    expect(readChatInputs(workflow({ code: string }), say('{"x": 1}'), undefined).inputs).toEqual({ code: '{"x": 1}' });
  });
  test('is read as JSON for an input that is no text', () => {
    const definition = workflow({ rows: { type: 'list' } });
    expect(readChatInputs(definition, say('[1, 2]'), undefined).inputs).toEqual({ rows: [1, 2] });
    expect(() => readChatInputs(definition, say('one, two'), undefined)).toThrow(/"rows" \(list\); send that as JSON/);
  });
  test('is refused with the names of the inputs when it could be several', () => {
    const definition = workflow({ a: string, b: string });
    expect(() => readChatInputs(definition, say('hello'), undefined)).toThrow(/inputs a, b.*\{"a":"…","b":"…"\}/);
  });
  test('is not looked at when the request names values', () => {
    expect(readChatInputs(workflow({ a: string, b: string }), say('x'), { a: '1', b: '2' }).inputs).toEqual({
      a: '1',
      b: '2',
    });
  });
  test('is needed by no workflow without inputs', () => {
    expect(readChatInputs(workflow({}), say('go'), undefined).inputs).toEqual({});
  });
});

describe('what a workflow does not see of a chat', () => {
  const call = say('And now?', {
    system: 'Be brief.',
    messages: [
      { role: 'user', content: text('Hello') },
      { role: 'assistant', content: text('Hi') },
      { role: 'user', content: text('And now?') },
    ],
  });
  test('is told', () => {
    const { warnings } = readChatInputs(workflow({ q: string }), { ...call, temperature: 0 }, undefined);
    expect(warnings.map(({ setting, message }) => [setting, message.split('.')[0]])).toEqual([
      ['temperature', 'A workflow does not take temperature: its steps say how their models write'],
      ['messages', 'The workflow sees the last user message only'],
      ['messages', 'The workflow does not see the instructions'],
    ]);
  });
  test('is nothing when it declares messages and system', () => {
    const definition = workflow({
      q: string,
      messages: { type: 'list' },
      system: { type: 'string', isOptional: true },
    });
    expect(readChatInputs(definition, call, undefined)).toEqual({
      inputs: {
        q: 'And now?',
        system: 'Be brief.',
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: 'Hi' },
          { role: 'user', content: 'And now?' },
        ],
      },
      warnings: [],
    });
  });
});
