import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../read-configuration.ts';

const environment = { OPENAI_EU_KEY: 'sk-from-the-environment', EMPTY: ' ', LLM_URL: 'https://llm.example.com/v1/' };
const read = (text: string) => readConfiguration(text, { environment });

const only = (text: string) => {
  const { problems } = read(text);
  expect(problems).toHaveLength(1);
  return problems[0]!;
};
/** A file whose interesting part stands on its own lines. */
const file = (body: string) => `version: 1\n${body}`;
const provider = (lines: string) =>
  file(`providers:\n  - id: mine\n    type: custom\n    base_url: https://llm.example.com/v1\n${lines}`);

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
