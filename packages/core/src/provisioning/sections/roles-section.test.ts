import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../read-configuration.ts';

const read = (text: string) => readConfiguration(`version: 1\n${text}`, { environment: {} });
const problemsOf = (text: string) =>
  read(text).problems.map(({ code, path, position }) => `${code} ${path} ${position.line}`);

describe('roles', () => {
  test('a list, a map and parameters of single models are read', () => {
    const { configuration, problems } = read(`roles:
  coder: [openai/gpt-5]
  writer:
    models: [openai/gpt-5, { model: openai/gpt-5-mini, parameters: { max_output_tokens: 9 } }]
    parameters: { temperature: 0.3, stop_sequences: [END] }
    strict: true
  any: { models: [auto], default: true }
`);
    expect(problems).toEqual([]);
    expect(configuration?.defaultRole).toBe('any');
    expect(configuration?.roles.map(({ position, ...role }) => ({ ...role, line: position.line }))).toEqual([
      { name: 'coder', models: [{ model: 'openai/gpt-5' }], line: 3 },
      {
        name: 'writer',
        models: [{ model: 'openai/gpt-5' }, { model: 'openai/gpt-5-mini', parameters: { maxOutputTokens: 9 } }],
        parameters: { temperature: 0.3, stopSequences: ['END'] },
        isStrict: true,
        line: 4,
      },
      { name: 'any', models: [{ model: 'auto' }], line: 8 },
    ]);
  });

  test('every mistake is told at its line', () => {
    expect(
      problemsOf(`roles:
  Coder: [openai/gpt-5]
  a: [openai/gpt-5, openai/gpt-5]
  b: [openai/gpt-5, auto]
  c: [role:a]
  d: [nothing]
  e: { default: true }
  f: { models: [openai/gpt-5], default: true }
  g: { models: [openai/gpt-5], parameters: { temperature: 3 } }
`),
    ).toEqual([
      'INVALID_ID roles.Coder 3',
      'DUPLICATE_ENTRY roles.a[1] 4',
      'CONTRADICTION roles.b[1] 5',
      'INVALID_VALUE roles.c[0] 6',
      'UNKNOWN_NAME roles.d[0] 7',
      'CONTRADICTION roles.e 8',
      'CONTRADICTION roles.f.default 9',
      'OUT_OF_RANGE roles.g.parameters.temperature 10',
    ]);
  });
});

describe('workflows', () => {
  test('a workflow takes its name from its key, and templates keep their braces and dollars', () => {
    const { configuration, problems } = read(`workflows:
  greet:
    inputs: { who: { type: string } }
    steps: [{ id: hello, type: prompt, role: coder, prompt: "Greet {{ inputs.who }} for \${MONEY}." }]
`);
    expect(problems).toEqual([]);
    expect(configuration?.workflows[0]?.definition).toMatchObject({
      format: 1,
      name: 'greet',
      steps: [{ prompt: `Greet {{ inputs.who }} for \${MONEY}.` }],
    });
  });

  test('mistakes in steps, texts and names are told at their line; what teams have is not judged', () => {
    expect(
      problemsOf(`workflows:
  wrong:
    name: other
    steps:
      - { id: a, type: prompt, role: someones-own, prompt: "{{ inputs.nothing }}" }
      - { id: b, type: prompt, models: [{ model: nobody }], prompt: Hi., colour: red }
      - { id: c, type: prompt, models: [{ model: nobody }], prompt: Hi. }
`),
    ).toEqual([
      'CONTRADICTION workflows.wrong.name 4',
      'UNKNOWN_NAME workflows.wrong.steps[0].prompt 6',
      'UNKNOWN_FIELD workflows.wrong.steps[1].colour 7',
      'UNKNOWN_NAME workflows.wrong.steps[2].models[0].model 8',
    ]);
  });
});
