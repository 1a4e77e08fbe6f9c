import { describe, expect, test } from 'vitest';
import { defaultCircuitSettings } from '../policies/index.ts';
import { configurationProblemCodes } from './problem-code.ts';
import { readConfiguration } from './read-configuration.ts';

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

describe('a sound file', () => {
  test('becomes a configuration with units, references and defaults resolved', () => {
    const { configuration, problems } = read(
      file(`allowed_providers: [openai, custom]
defaults:
  retry: {max_attempts: 4, initial_delay_ms: 0.5s}
  circuit: {cool_down_ms: 1m}
providers:
  - id: openai-eu
    type: openai
    api_key: \${OPENAI_EU_KEY}
    retry: {max_delay_ms: 20s}
    limits: {max_concurrent: 5, queue_ms: 1m}
  - {id: llm, type: custom, base_url: "\${LLM_URL}", headers: {x-app: "a \${LLM_URL}"}, models: [{id: m, context_window: 9}]}
chains:
  plain: [openai-eu/gpt-5, llm/m]
  full: {models: [plain], hedge: {after_ms: p95}, content_policy: next-candidate}
prices:
  - {model: llm/m, input_per_million_usd: 0.0000001, output_per_million_usd: "1.10", cached_input_per_million_usd: 0, effective_from: 2026-02-28, tiers: [{above_input_tokens: 5, input_per_million_usd: 2, cache_write_per_million_usd: 3}]}
features: {models.adaptiveRouting: true}
`),
    );
    expect(problems).toEqual([]);
    expect(configuration).toMatchObject({
      allowedProviders: ['openai', 'custom'],
      defaults: {
        retry: { maxAttempts: 4, backoff: { baseMs: 500, capMs: 8_000 } },
        deadlines: {},
        // The cool-down is longer than the longest that holds by default, which gives way.
        circuit: { coolDownMs: 60_000, maxCoolDownMs: 60_000 },
      },
      providers: [
        {
          id: 'openai-eu',
          keyVariable: 'OPENAI_EU_KEY',
          apiKey: 'sk-from-the-environment',
          retry: { backoff: { baseMs: 500, capMs: 20_000 } },
          limits: { maxConcurrent: 5, queueMs: 60_000 },
          allowsPrivateNetwork: false,
          isEnabled: true,
          position: { line: 7, column: 5 },
        },
        {
          baseUrl: 'https://llm.example.com/v1',
          headers: { 'x-app': 'a https://llm.example.com/v1/' },
          models: [{ vendorModelId: 'm', contextWindowTokens: 9 }],
        },
      ],
      chains: [
        { name: 'plain', models: ['openai-eu/gpt-5', 'llm/m'] },
        { name: 'full', contentPolicy: 'next-candidate', hedge: { afterMs: 'p95', maxShare: 0.1 } },
      ],
      prices: [
        {
          effectiveFrom: '2026-02-28',
          price: {
            input: { perMillionUsd: '0.0000001', tiers: [{ aboveInputTokens: 5, perMillionUsd: '2' }] },
            output: { perMillionUsd: '1.10' },
            cachedInput: { perMillionUsd: '0' },
            cacheWrite: { perMillionUsd: '0.0000001', tiers: [{ aboveInputTokens: 5, perMillionUsd: '3' }] },
          },
        },
      ],
      features: { 'models.adaptiveRouting': true },
    });
  });

  test('may use anchors and merges; own fields win', () => {
    const { configuration, problems } = read(
      file(`providers:
  - &base {id: one, type: custom, base_url: https://a.example.com, limits: {max_concurrent: 1}}
  - {<<: *base, id: two}
`),
    );
    expect(problems).toEqual([]);
    expect(configuration?.providers.map(({ id, limits }) => [id, limits])).toEqual([
      ['one', { maxConcurrent: 1 }],
      ['two', { maxConcurrent: 1 }],
    ]);
  });

  test('sections without content count as absent', () => {
    expect(read(file('providers:\naliases:\ndefaults:\n  retry:\n')).problems).toEqual([]);
  });

  test('a byte-order mark and Windows line ends do no harm', () => {
    const { configuration, problems } = read('\ufeffversion: 1\r\naliases:\r\n  smart: openai/gpt-5\r\n');
    expect(problems).toEqual([]);
    expect(configuration?.aliases[0]).toEqual({
      name: 'smart',
      target: 'openai/gpt-5',
      position: { line: 3, column: 3 },
    });
  });

  test('takes the key of the vendor for the vendor alone, never for another address', () => {
    const keyOf = (more: string) =>
      readConfiguration(file(`providers:\n  - {id: openai, type: openai${more}}\n`), {
        environment: { OPENAI_API_KEY: 'k' },
      });
    expect(keyOf('').configuration?.providers[0]).toMatchObject({ keyVariable: 'OPENAI_API_KEY', apiKey: 'k' });
    const elsewhere = keyOf(', base_url: https://proxy.example.com/v1');
    expect(elsewhere.configuration?.providers[0]?.apiKey).toBeUndefined();
    expect(elsewhere.problems).toMatchObject([{ severity: 'warning', code: 'KEY_MISSING' }]);
  });
});

describe('text that is no configuration', () => {
  test.each([
    ['', ['1:1 FILE_EMPTY']],
    ['# nothing\n', ['1:1 FILE_EMPTY']],
    ['- a\n', ['1:1 WRONG_TYPE']],
    ['hello', ['1:1 WRONG_TYPE']],
    ['aliases: {a: openai/gpt-5', ['1:26 YAML_SYNTAX']],
    ['defaults:\n\tretry: {}\n', ['2:1 YAML_SYNTAX']],
    ['a: [1\nb: {c\n', ['2:1 YAML_SYNTAX', '3:1 YAML_SYNTAX']],
    ['version: 1\n---\nversion: 1\n', ['2:1 YAML_SYNTAX']],
    ['version: 1\naliases: {a: *nowhere}\n', ['2:14 YAML_SYNTAX aliases.a']],
    ['version: 1\naliases: &a {b: *a}\n', ['2:17 YAML_SYNTAX aliases.b.b']],
    [file('1: x\n? [a]\n: y\n'), ['2:1 INVALID_KEY', '3:3 INVALID_KEY']],
    [file('__proto__: {version: 2}\n'), ['2:1 INVALID_KEY']],
    [file('aliases: {a: openai/gpt-5, a: openai/gpt-4o}\n'), ['2:28 DUPLICATE_KEY aliases.a']],
    [file('aliases: {}\naliases: {}\n'), ['3:1 DUPLICATE_KEY aliases']],
    ['aliases: {}', ['1:1 MISSING_VERSION version']],
    ['version: 2', ['1:10 UNSUPPORTED_VERSION version']],
    ['x'.repeat(300_000), ['1:1 FILE_TOO_LARGE']],
  ])('%j', (text, expected) => {
    expect(shortly(text)).toEqual(expected);
  });

  test('an empty file is a configuration that says nothing', () => {
    expect(read('').configuration?.providers).toEqual([]);
    expect(read('').problems[0]?.severity).toBe('warning');
  });

  test.each([
    [
      'bomb',
      `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`,
    ],
    ['many references', `a: &a x\nb: [${'*a, '.repeat(10_000)}]`],
    ['deep flow', '['.repeat(20_000)],
    ['deep blocks', '- '.repeat(20_000)],
    ['deep maps', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('ends quickly and with a sentence: %s', (_, text) => {
    const { configuration, problems } = read(text);
    expect(configuration).toBeUndefined();
    expect(problems.length).toBeLessThanOrEqual(501);
    expect(problems.some(({ severity, message }) => severity === 'error' && message.length > 10)).toBe(true);
  });

  test('a duplicate key names the line of the first', () => {
    expect(only(file('aliases: {}\naliases: {}\n')).message).toBe('"aliases" is already given in line 2.');
  });
});

describe('fields', () => {
  test.each([
    ['provders: []', 'UNKNOWN_FIELD', 'Did you mean "providers"?'],
    ['defaults: {retry: {maxAttempts: 2}}', 'UNKNOWN_FIELD', 'Did you mean "max_attempts"?'],
    ['features: {zzz: true}', 'UNKNOWN_FIELD', 'Known fields are workflow.multiModel, models.adaptiveRouting.'],
    ['allowed_providers: [open-ai]', 'UNKNOWN_VALUE', 'Did you mean "openai"?'],
    ['defaults: {delivery: hold_back}', 'UNKNOWN_VALUE', 'Did you mean "hold-back"?'],
    ['defaults: {retry: {max_attempts: 1.5}}', 'OUT_OF_RANGE', undefined],
    ['defaults: {retry: {max_attempts: -1}}', 'OUT_OF_RANGE', undefined],
    ['defaults: {retry: {max_attempts: .inf}}', 'OUT_OF_RANGE', undefined],
    ['defaults: {retry: {max_attempts: "3"}}', 'WRONG_TYPE', undefined],
    ['defaults: {retry: {initial_delay_ms: 2 s}}', 'INVALID_VALUE', undefined],
    ['defaults: {retry: {initial_delay_ms: 9h}}', 'INVALID_VALUE', undefined],
    [
      'defaults: {retry: {initial_delay_ms: 9s, max_delay_ms: 1s}}',
      'CONTRADICTION',
      'Raise max_delay_ms or lower initial_delay_ms.',
    ],
    [
      'defaults: {circuit: {max_cool_down_ms: 1s}}',
      'CONTRADICTION',
      `Give at least the ${defaultCircuitSettings.coolDownMs} ms of cool_down_ms.`,
    ],
    ['defaults: {deadlines: {idle_ms: 9s, total_ms: 1s}}', 'CONTRADICTION', 'Raise total_ms or lower the other.'],
    ['defaults: {hedge: {}}', 'MISSING_FIELD', undefined],
    ['defaults: {hedge: {after_ms: p90}}', 'INVALID_VALUE', undefined],
    ['features: {workflow.multiModel: yes}', 'WRONG_TYPE', undefined],
    ['providers: {openai: {}}', 'WRONG_TYPE', undefined],
    ['allowed_providers: openai', 'WRONG_TYPE', undefined],
    ['chains: {a: {models: []}}', 'OUT_OF_RANGE', undefined],
    ['chains: {a: {models: [openai/gpt-5], delivry: fail}}', 'UNKNOWN_FIELD', 'Did you mean "delivery"?'],
    ['chains: {a: {models: [openai/gpt-5], failover_on: [timeot]}}', 'UNKNOWN_VALUE', 'Did you mean "timeout"?'],
    [
      'prices: [{model: openai/gpt-5, input_per_million_usd: 1e99, output_per_million_usd: 1}]',
      'OUT_OF_RANGE',
      undefined,
    ],
    [
      'prices: [{model: openai/gpt-5, input_per_million_usd: "1,5", output_per_million_usd: 1}]',
      'INVALID_VALUE',
      undefined,
    ],
    [
      'prices: [{model: openai/gpt-5, input_per_million_usd: -1, output_per_million_usd: 1}]',
      'OUT_OF_RANGE',
      undefined,
    ],
    [
      'prices: [{model: openai/gpt-5, input_per_million_usd: 1, output_per_million_usd: 1, effective_from: 2026-02-30}]',
      'INVALID_VALUE',
      undefined,
    ],
    [
      'prices: [{model: openai/gpt-5, input_per_million_usd: 1, output_per_million_usd: 1, tiers: [{above_input_tokens: 2}, {above_input_tokens: 1}]}]',
      'CONTRADICTION',
      'Give more than the 2 tokens of the tier before.',
    ],
  ])('%s', (body, code, suggestion) => {
    const problem = only(file(body));
    expect(problem).toMatchObject({ code, position: { line: 2 } });
    expect(problem.position.column).toBeGreaterThan(1 - Number(code === 'UNKNOWN_FIELD'));
    expect(problem.suggestion).toBe(suggestion);
  });

  test('a wrong field hides no other: all are reported, each at its place', () => {
    expect(
      shortly(
        file(`providers:
  - id: Bad_Id
    type: opena
    extra: 1
  - type: openai
  - id: fine
    type: custom
    base_url: ftp://x
    limits: {max_concurrent: none}
aliases:
  a: b
  c: fine/x
`),
      ),
    ).toEqual([
      '3:9 INVALID_VALUE providers[0].id',
      '4:11 UNKNOWN_VALUE providers[0].type',
      '5:5 UNKNOWN_FIELD providers[0].extra',
      '6:5 MISSING_FIELD providers[1].id',
      '6:5 KEY_MISSING providers[1].api_key',
      '9:15 INVALID_ENDPOINT providers[2].base_url',
      '10:30 WRONG_TYPE providers[2].limits.max_concurrent',
      '12:6 UNKNOWN_NAME aliases.a',
      '13:6 UNKNOWN_MODEL aliases.c',
    ]);
  });

  test('says once how many more problems there are than a person would read', () => {
    const { problems } = read(file(Array.from({ length: 600 }, (_, index) => `x${index}: 1`).join('\n')));
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)).toMatchObject({ code: 'TOO_MANY_PROBLEMS', message: '100 more problems are not shown.' });
  });
});

test('no code stands twice in the catalogue', () => {
  expect(new Set(configurationProblemCodes).size).toBe(configurationProblemCodes.length);
});
