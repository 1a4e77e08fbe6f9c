import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordSurroundings } from './recorded-surroundings.ts';
import { validate } from './validate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string | Uint8Array, name = 'switchyard.yaml') => writeFileSync(join(folder, name), text);
const run = (args: readonly string[] = [], environment: Record<string, string> = {}, isTerminal = false) => {
  const surroundings = recordSurroundings(environment, folder, isTerminal);
  return { code: validate(args, surroundings), text: surroundings.text(), errorText: surroundings.errorText() };
};

const faulty = `version: 1
providers:
  - id: openai-eu
    type: opnai
\talso: wrong
aliases:
  smart: openai/gpt-5
`.replace('\talso: wrong\n', '    retrys: 3\n');

describe('switchyard validate', () => {
  it('shows every problem with its place, the line, a caret and what to write', () => {
    write(faulty);
    const { code, text } = run();
    expect(code).toBe(1);
    expect(
      text,
    ).toBe(`switchyard.yaml:4:11 error "type" must be one of openai, anthropic, google, ollama, huggingface, cohere, custom, but it is the text "opnai". (UNKNOWN_VALUE)
        type: opnai
              ^
  Did you mean "openai"?

switchyard.yaml:5:5 error "retrys" is not a known field in entry 1 of "providers". (UNKNOWN_FIELD)
        retrys: 3
        ^
  Did you mean "retry"?

2 errors, 0 warnings.`);
  });

  it('answers 0 when the file can be used, with warnings or without', () => {
    write('version: 1\naliases: {smart: openai/gpt-5}\n');
    expect(run()).toEqual({ code: 0, text: 'switchyard.yaml can be used.', errorText: '' });
    write('aliases: {smart: openai/gpt-5}\n');
    expect(run().code).toBe(0);
    expect(run().text).toMatch(/0 errors, 1 warning\. switchyard\.yaml can be used\.$/);
  });

  it('checks the price table that MODEL_PRICING_TABLE_PATH names, with or without a configuration file', () => {
    write(
      'prices:\n  - { model: openai/gpt-5, input_per_million_usd: -1, output_per_million_usd: 1 }\n',
      'prices.yaml',
    );
    const environment = { MODEL_PRICING_TABLE_PATH: 'prices.yaml' };
    const alone = run([], environment);
    expect(alone.code).toBe(1);
    expect(alone.text).toContain('prices.yaml:2:');
    expect(alone.text).toContain('US dollars per million tokens');
    write('version: 1\n');
    const both = run([], environment);
    expect(both.code).toBe(1);
    expect(both.text).toContain('switchyard.yaml can be used.');
    expect(both.text).toContain('prices.yaml:2:');
    expect(JSON.parse(run(['--json'], environment).text)).toMatchObject({
      isValid: false,
      problems: [],
      priceTable: { isValid: false, problems: [{ line: 2, path: 'prices.0.input_per_million_usd' }] },
    });
    write('prices: []\n', 'prices.yaml');
    expect(run([], environment).code).toBe(0);
    expect(run([], { MODEL_PRICING_TABLE_PATH: 'none.yaml' }).text).toContain('There is no such file');
  });

  it('takes the file of the argument, then of SWITCHYARD_CONFIG, then switchyard.yaml', () => {
    write('version: 2');
    write('version: 1', 'fine.yaml');
    expect(run().code).toBe(1);
    expect(run([], { SWITCHYARD_CONFIG: 'fine.yaml' }).text).toBe('fine.yaml can be used.');
    expect(run(['switchyard.yaml'], { SWITCHYARD_CONFIG: 'fine.yaml' }).code).toBe(1);
  });

  it('refers to the environment that it was given', () => {
    write(`version: 1\nproviders: [{id: a, type: custom, base_url: "\${URL}"}]\n`);
    expect(run().code).toBe(1);
    expect(run([], { URL: 'https://llm.example.com' }).code).toBe(0);
  });

  it('prints the same for programs', () => {
    write(faulty);
    const { code, text } = run(['--json']);
    expect(code).toBe(1);
    expect(JSON.parse(text)).toMatchObject({
      file: 'switchyard.yaml',
      isValid: false,
      problems: [
        { severity: 'error', code: 'UNKNOWN_VALUE', path: 'providers[0].type', position: { line: 4, column: 11 } },
        { code: 'UNKNOWN_FIELD', suggestion: 'Did you mean "retry"?' },
      ],
    });
  });

  it.each([
    [['nowhere.yaml'], 'There is no such file: nowhere.yaml'],
    [['folder'], 'It is a folder: folder'],
    [['binary.yaml'], 'binary.yaml is not UTF-8 text.'],
    [['a', 'b'], 'One file at a time.'],
    [['--jsno'], '"--jsno" is no option of validate.'],
  ])('answers 2 for %j', (args, message) => {
    mkdirSync(join(folder, 'folder'));
    write(new Uint8Array([0xff, 0xfe, 0x00]), 'binary.yaml');
    const { code, text, errorText } = run(args);
    expect({ code, text }).toEqual({ code: 2, text: '' });
    expect(errorText).toContain(message);
  });

  it.each([
    ['    api_key: sk-live-hunter2hunter2 # note', 'api_key: ••'],
    ['    api_key: "sk-live-hunter2hunter2"', 'api_key: "••'],
    ['    api_key: {env: OPENAI_KEY}\n    base_url: https://me:hunter2@llm.example.com', 'https://••'],
    ['    headers: {authorization: "Bearer hunter2"}', '"•••••• •••••••"'],
    ['    headers:\n      x-token: hunter2', 'x-token: •••••••'],
    ['    apikey: sk-live-hunter2hunter2', 'apikey: ••'],
    ['    display_name: [sk-live-hunter2hunter2]', '[••'],
    ['    api_key: sk-live-hunter2hunter2: x', 'api_key: ••'],
    ['    api_key: >\n      sk-live-hunter2hunter2', 'api_key: '],
  ])('shows no secret of %j', (lines, expected) => {
    write(`version: 1\nproviders:\n  - id: openai-eu\n    type: openai\n${lines}\n`);
    for (const { text, errorText, code } of [run(), run(['--json'])]) {
      expect(code).toBe(1);
      expect(text + errorText).not.toContain('hunter2');
    }
    expect(run().text).toContain(expected);
  });

  it('uses colours on a terminal only, and not with NO_COLOR', () => {
    write(faulty);
    const colour = '\x1b[';
    expect(run().text).not.toContain(colour);
    expect(run([], {}, true).text).toContain(colour);
    expect(run([], { NO_COLOR: '1' }, true).text).not.toContain(colour);
  });

  it('keeps the caret under the place in long lines and among control characters', () => {
    write(
      `version: 1\naliases: {${'x'.repeat(60)}: openai/gpt-5, ${'y'.repeat(60)}: openai/gpt-5, "z\\u001b": 5, b: nowhere}\n# \x1b[31m\n`,
    );
    const lines = run().text.split('\n');
    const caret = lines.findLastIndex((line) => line.trim() === '^');
    const column = lines[caret]?.indexOf('^') ?? 0;
    expect(lines[caret - 1]?.slice(column, column + 7)).toBe('nowhere');
    expect(run().text).not.toContain('\x1b');
  });
});
