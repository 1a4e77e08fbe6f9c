import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.ts';

const known = {
  variables: [
    { text: 'inputs.ticket', type: 'string' },
    { text: 'steps.ask.modelOutputs.openai["gpt-5"]', type: 'string' },
  ],
  tags: ['if', 'for'],
  filters: ['bullets'],
  functions: ['size'],
};
const labels = (language: 'template' | 'expression', before: string, isAskedFor = false) =>
  textCompletions(language, known, before, isAskedFor)?.options.map(({ label }) => label);

it('offers variables between braces, filters behind a bar, tags at the beginning of a tag', () => {
  expect(labels('template', 'Hello {{ ')).toContain('inputs.ticket');
  expect(labels('template', '{{ inputs.ticket | b')).toEqual(['bullets']);
  expect(labels('template', '{% i')).toEqual(['if', 'for']);
  expect(labels('template', '{% if inp')).toContain('inputs.ticket');
});

it('offers nothing in prose, unless it is asked for: then with the braces', () => {
  expect(labels('template', 'Hello inp')).toBeUndefined();
  expect(labels('template', '{{ inputs.ticket }} and ')).toBeUndefined();
  expect(textCompletions('template', known, 'Say ', true)?.options[0]?.apply).toBe('{{ inputs.ticket }}');
});

it('replaces the whole way that was typed, brackets and all', () => {
  const before = 'a {{ steps.ask.modelOutputs.openai["gp';
  expect(textCompletions('template', known, before, false)?.from).toBe(before.indexOf('steps'));
});

it('offers names and functions in expressions, not within their texts', () => {
  expect(labels('expression', 'si')).toContain('size');
  expect(labels('expression', 'inputs.ticket == "in')).toBeUndefined();
});
