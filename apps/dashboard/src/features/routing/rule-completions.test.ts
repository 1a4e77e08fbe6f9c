import { expect, test } from 'vitest';
import { completionsFor, type RuleLanguage } from './rule-completions.ts';

const language: RuleLanguage = {
  __typename: 'RoutingRuleLanguage',
  functions: ['all', 'exists', 'size', 'startsWith', 'int', 'has'],
  modelIds: ['openai/gpt-5', 'google/gemini-2.5-flash'],
  budgetNames: ['daily'],
  facts: [
    ['request.role', 'string'],
    ['request.tags', 'list<string>'],
    ['load.inFlight', 'int'],
    ['models[""].health', 'string'],
    ['budgets[""].usedShare', 'double'],
  ].map(([path = '', type = '']) => ({ __typename: 'RoutingRuleFact', path, type })),
};
const labelsAfter = (before: string, isAskedFor = false) =>
  completionsFor(language, before, isAskedFor)?.options.map(({ label }) => label);

test('the first letters offer facts and functions, but no methods', () => {
  const offered = labelsAfter('re');
  expect(offered).toContain('request.role');
  expect(offered).toContain('models');
  expect(offered).toContain('size');
  expect(offered).not.toContain('startsWith');
});

test('a dot offers the fields of what stands before it, or methods', () => {
  expect(labelsAfter('load.')).toEqual(['inFlight']);
  expect(completionsFor(language, 'request.ro', false)?.from).toBe(8);
  expect(labelsAfter('request.role.st')).toEqual(['all', 'exists', 'size', 'startsWith']);
  expect(labelsAfter('models["openai/gpt-5"].')).toEqual(['health']);
});

test('a bracket offers the models or budgets that there are, and closes what was opened', () => {
  expect(labelsAfter('models["')).toEqual(language.modelIds);
  expect(completionsFor(language, 'budgets["da', false)).toEqual({
    from: 9,
    options: [{ label: 'daily', apply: 'daily"].', kind: 'text' }],
  });
});

test('nothing is offered in a text, in a number, or where nobody asked', () => {
  expect(labelsAfter('request.role == "re')).toBeUndefined();
  expect(labelsAfter('12')).toBeUndefined();
  expect(labelsAfter('')).toBeUndefined();
  expect(labelsAfter('', true)).toContain('request.tags');
  expect(labelsAfter('models["openai/gpt-5"].health == "d')).toContain('degraded');
});
