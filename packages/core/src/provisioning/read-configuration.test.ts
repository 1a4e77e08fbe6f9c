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
const provider = (lines: string) =>
  file(`providers:\n  - id: mine\n    type: custom\n    base_url: https://llm.example.com/v1\n${lines}`);

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

describe('providers', () => {
  test('two with one id: both places are named', () => {
    const problem = only(
      file(
        'providers:\n  - {id: a, type: custom, base_url: https://a.example.com}\n  - {id: a, type: custom, base_url: https://b.example.com}\n',
      ),
    );
    expect(problem).toMatchObject({ code: 'DUPLICATE_ID', path: 'providers[1].id', position: { line: 4, column: 10 } });
    expect(problem.message).toBe('Two providers have the id "a": this one and providers[0] in line 3.');
  });

  test.each([
    ['{id: openai, type: custom, base_url: https://a.example.com}', 'RESERVED_NAME'],
    ['{id: simulated-x, type: custom, base_url: https://a.example.com}', 'RESERVED_NAME'],
    ['{id: OpenAI, type: ollama}', 'INVALID_VALUE'],
    ['{id: a--b, type: custom, base_url: https://a.example.com}', 'INVALID_VALUE'],
    ['{id: a, type: custom}', 'MISSING_FIELD'],
    ['{id: a, type: custom, base_url: a.example.com}', 'INVALID_ENDPOINT'],
    ['{id: a, type: custom, base_url: "javascript:alert(1)"}', 'INVALID_ENDPOINT'],
    ['{id: a, type: custom, base_url: "https://user:hunter2@a.example.com"}', 'INVALID_ENDPOINT'],
    ['{id: a, type: custom, base_url: "https://a.example.com/v1?api-key=hunter2"}', 'INVALID_ENDPOINT'],
    ['{id: a, type: custom, base_url: "http://169.254.169.254/latest"}', 'ADDRESS_REFUSED'],
    ['{id: a, type: custom, base_url: "http://169.254.169.254", allow_private_network: true}', 'ADDRESS_REFUSED'],
    [
      '{id: a, type: custom, base_url: "http://metadata.google.internal", allow_private_network: true}',
      'ADDRESS_REFUSED',
    ],
    ['{id: a, type: custom, base_url: "http://[fd00:ec2::254]", allow_private_network: true}', 'ADDRESS_REFUSED'],
    ['{id: a, type: custom, base_url: "http://2852039166/"}', 'INVALID_ENDPOINT'],
    ['{id: a, type: custom, base_url: "http://10.0.0.1/v1"}', 'ADDRESS_REFUSED'],
    ['{id: a, type: custom, base_url: "http://localhost:8000/v1"}', 'ADDRESS_REFUSED'],
    [`{id: a, type: custom, base_url: "https://\${NOWHERE}/v1"}`, 'UNSET_VARIABLE'],
    [`{id: a, type: custom, base_url: "https://\${NO WHERE}/v1"}`, 'INVALID_REFERENCE'],
  ])('%s', (text, code) => {
    const problem = only(file(`providers:\n  - ${text}\n`));
    expect(problem).toMatchObject({ code, severity: 'error', position: { line: 3 } });
    expect(problem.message).not.toContain('hunter2');
    expect(problem.suggestion ?? problem.message).toMatch(/\w/);
  });

  test('a private address is fine when it is allowed', () => {
    const { problems } = read(
      file('providers:\n  - {id: a, type: custom, base_url: "http://10.0.0.1/v1", allow_private_network: true}\n'),
    );
    expect(problems).toEqual([]);
  });

  test('a type that is not allowed', () => {
    expect(
      only(
        file(
          'allowed_providers: [openai]\nproviders:\n  - {id: anthropic, type: anthropic, enabled: false, api_key: {env: OPENAI_EU_KEY}}\n',
        ),
      ),
    ).toMatchObject({
      code: 'NOT_ALLOWED',
      path: 'providers[0].type',
    });
  });

  test.each(['sk-live-hunter2hunter2', `Bearer \${OPENAI_EU_KEY}`, '$OPENAI_EU_KEY', 'x'])(
    'a key in the file (%s) is refused, never repeated, and the message says what to do',
    (key) => {
      const problem = only(provider(`    api_key: "${key}"\n`));
      expect(problem).toMatchObject({ code: 'LITERAL_SECRET', severity: 'error', position: { line: 6, column: 14 } });
      expect(problem.suggestion).toContain(`environment variable and write \${MINE_KEY} here`);
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    },
  );

  test.each([
    ['    api_key: ["sk-hunter2"]\n', 'WRONG_TYPE'],
    ['    api_key: {env: "sk-hunter2 "}\n', 'INVALID_VALUE'],
    ['    api_key: {key: sk-hunter2}\n', 'UNKNOWN_FIELD'],
    [`    api_key: \${OPENAI-EU-KEY}\n`, 'INVALID_REFERENCE'],
    ['    headers: {Authorization: "Bearer hunter2"}\n', 'LITERAL_SECRET'],
    ['    headers: {x-tenant: sk-hunter2-A1b2C3d4E5f6G7h8}\n', 'LITERAL_SECRET'],
    [`    headers: {x-tenant: "\${EMPTY}"}\n`, 'UNSET_VARIABLE'],
    ['    headers: {Host: hunter2}\n', 'RESERVED_NAME'],
    ['    headers: {x-a: b, X-A: c}\n', 'DUPLICATE_KEY'],
    ['    headers: {x-a: "hunter2\\nx: y"}\n', 'INVALID_VALUE'],
    ['    headers: {"x a": b}\n', 'INVALID_ID'],
  ])('%s', (lines, code) => {
    const { problems } = read(provider(lines));
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  test('a key whose variable is not set is a warning: the provider is listed without a key', () => {
    const { configuration, problems } = read(provider(`    api_key: \${NOT_SET}\n`));
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'KEY_MISSING', suggestion: 'Set NOT_SET where Switchyard is started.' },
    ]);
    expect(configuration?.providers[0]).toMatchObject({ id: 'mine', keyVariable: 'NOT_SET' });
    expect(configuration?.providers[0]).not.toHaveProperty('apiKey');
  });
});

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

test('no code stands twice in the catalogue', () => {
  expect(new Set(configurationProblemCodes).size).toBe(configurationProblemCodes.length);
});
