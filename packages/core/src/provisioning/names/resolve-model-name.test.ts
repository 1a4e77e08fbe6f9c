import { describe, expect, test } from 'vitest';
import { emptyConfiguration } from '../configuration.ts';
import { readConfiguration } from '../read-configuration.ts';
import { resolveModelName } from './resolve-model-name.ts';

const { configuration = emptyConfiguration } = readConfiguration(
  `version: 1
aliases: {smart: openai/gpt-5, main: resilient}
chains:
  drafts: [openai/gpt-5-mini, smart]
  resilient: {models: [smart, drafts, openai/gpt-4o], delivery: fail}
`,
  { environment: {} },
);

describe('resolveModelName', () => {
  test('a model id stands for itself, known or not', () => {
    expect(resolveModelName('anything/at/all', configuration)).toEqual({ models: ['anything/at/all'] });
  });

  test('an alias of a model has no chain', () => {
    expect(resolveModelName('smart', configuration)).toEqual({ models: ['openai/gpt-5'] });
  });

  test('chains in chains are flattened, each model once; the settings are those of the outermost', () => {
    const resolved = resolveModelName('main', configuration);
    expect(resolved?.models).toEqual(['openai/gpt-5', 'openai/gpt-5-mini', 'openai/gpt-4o']);
    expect(resolved?.chain).toMatchObject({ name: 'resilient', delivery: 'fail' });
  });

  test.each(['', 'unknown', '/', 'openai/', 'constructor'])('%j is unknown', (name) => {
    expect(resolveModelName(name, configuration)).toBeUndefined();
  });

  test('ends in a circle', () => {
    const position = { line: 1, column: 1 };
    const circle = {
      ...emptyConfiguration,
      aliases: [{ name: 'a', target: 'b', position }],
      chains: [{ name: 'b', models: ['a', 'openai/gpt-5'], position }],
    };
    expect(resolveModelName('a', circle)?.models).toEqual(['openai/gpt-5']);
  });
});
