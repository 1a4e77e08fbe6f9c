import { expect, it } from 'vitest';
import { readInputs, readSample, textOfInput } from './run-inputs.ts';

const inputs = {
  ticket: { type: 'string' },
  facts: { type: 'list', items: 'string', default: [] },
  count: { type: 'number', isOptional: true },
  isUrgent: { type: 'boolean', default: false },
  customer: { type: 'object' },
};

it('reads every input by its type and leaves out what has a default', () => {
  const typed = { ticket: 'Charged twice', facts: 'one\n\ntwo', count: '3', isUrgent: 'true', customer: '{"id": 1}' };
  expect(readInputs(inputs, typed)).toEqual({
    values: { ticket: 'Charged twice', facts: ['one', 'two'], count: 3, isUrgent: true, customer: { id: 1 } },
    problems: {},
  });
  expect(readInputs(inputs, { ticket: 'x', customer: '{}' }).values).toEqual({ ticket: 'x', customer: {} });
});

it('says what is missing or of the wrong kind, all at once', () => {
  const { problems } = readInputs(inputs, { ticket: ' ', count: 'many', customer: '{' });
  expect(Object.keys(problems)).toEqual(['ticket', 'count', 'customer']);
});

it('shows values as they are typed', () => {
  expect(textOfInput(inputs.facts, ['a', 'b'])).toBe('a\nb');
  expect(textOfInput(inputs.customer, { id: 1 })).toBe('{\n  "id": 1\n}');
});

it('takes a sample for JSON only when it is', () => {
  expect(readSample('{"verdict": "yes"}')).toEqual({ verdict: 'yes' });
  expect(readSample('Dear customer,')).toBe('Dear customer,');
  expect(readSample('42')).toBe('42');
});
