import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../read-configuration.ts';

const environment = { OPENAI_EU_KEY: 'sk-from-the-environment', EMPTY: ' ', LLM_URL: 'https://llm.example.com/v1/' };
const read = (text: string) => readConfiguration(text, { environment });

/** `line:column CODE path`, in order. */
const shortly = (text: string) =>
  read(text).problems.map(({ position, code, path }) => `${position.line}:${position.column} ${code} ${path}`.trim());
const only = (text: string) => {
  const { problems } = read(text);
  expect(problems).toHaveLength(1);
  return problems[0]!;
};
/** A file whose interesting part stands on its own lines. */
const file = (body: string) => `version: 1\n${body}`;

describe('names', () => {
  test.each([
    ['aliases: {a: openai/gpt-55}', 'UNKNOWN_MODEL', 'Did you mean "openai/gpt-5.5"'],
    ['aliases: {a: opnai/gpt-5}', 'UNKNOWN_PROVIDER', 'Did you mean "openai/gpt-5"?'],
    ['aliases: {smart: openai/gpt-5, b: smrt}', 'UNKNOWN_NAME', 'Did you mean "smart"?'],
    ['aliases: {a: a}', 'CYCLIC_ALIAS', 'Take "a" out of "a"'],
    ['chains: {a: [a]}', 'CYCLIC_CHAIN', 'Take "a" out of "a"'],
    ['chains: {a: [openai/gpt-5, openai/gpt-5]}', 'DUPLICATE_ENTRY', 'Remove one of the two'],
    ['chains: {a/b: [openai/gpt-5]}', 'INVALID_ID', ''],
    ['aliases: {"role:coder": openai/gpt-5}', 'INVALID_ID', ''],
    ['aliases: {auto: openai/gpt-5}', 'RESERVED_NAME', 'Choose another name.'],
    ['aliases: {a: openai/gpt-5}\nchains: {a: [openai/gpt-4o]}', 'NAME_TAKEN', 'another name'],
    ['allowed_providers: [google]\naliases: {a: openai/gpt-5}', 'NOT_ALLOWED', 'Add "openai" there'],
    ['prices: [{model: gpt-5, input_per_million_usd: 1, output_per_million_usd: 1}]', 'INVALID_VALUE', 'openai/gpt-5'],
  ])('%s', (body, code, suggestion) => {
    const problem = only(file(body));
    expect(problem).toMatchObject({ code, severity: 'error' });
    expect(problem.suggestion ?? '').toContain(suggestion);
  });

  test('a circle through aliases and chains is named whole', () => {
    const problem = only(file('aliases: {a: b}\nchains:\n  b: [openai/gpt-5, c]\n  c: {models: [a]}\n'));
    expect(problem).toMatchObject({ code: 'CYCLIC_CHAIN', path: 'chains.b', position: { line: 4, column: 3 } });
    expect(problem.message).toBe('The chain "b" leads to itself: a → b → c → a.');
  });

  test.each(['ollama/my-model', 'huggingface/some/model', 'custom/anything'])(
    'a vendor that serves models of which no list exists: %s is a warning',
    (name) => {
      const { configuration, problems } = read(file(`aliases: {a: ${name}}`));
      expect(problems).toMatchObject([{ severity: 'warning', code: 'UNKNOWN_MODEL' }]);
      expect(configuration?.aliases).toHaveLength(1);
    },
  );

  test.each(['openai/gpt-4o-2024-08-06', 'openai/ft:gpt-4o:acme::1'])(
    '%s is known without being in the catalogue',
    (name) => {
      expect(read(file(`aliases: {a: ${name}}`)).problems).toEqual([]);
    },
  );

  test('two names of one chain that mean the same model are a warning', () => {
    const { problems } = read(file('aliases: {a: openai/gpt-5}\nchains: {c: [a, openai/gpt-5]}'));
    expect(problems).toMatchObject([{ severity: 'warning', code: 'DUPLICATE_ENTRY' }]);
  });

  test('two prices of one model from one day', () => {
    const price = '{model: openai/gpt-5, input_per_million_usd: 1, output_per_million_usd: 1';
    expect(shortly(file(`prices:\n  - ${price}}\n  - ${price}, effective_from: 2026-01-01}\n  - ${price}}\n`))).toEqual(
      ['5:13 DUPLICATE_PRICE prices[2].model'],
    );
  });
});
