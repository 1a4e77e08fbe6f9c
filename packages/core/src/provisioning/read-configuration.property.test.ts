import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configurationProblemCodes } from './problem-code.ts';
import { readConfiguration } from './read-configuration.ts';

const example = readFileSync(join(import.meta.dirname, '../../../../docs/examples/switchyard.yaml'), 'utf8');
const secret = 'sk-live-Z9y8X7w6V5u4T3s2R1q0';
const environment = {
  OPENAI_EU_KEY: secret,
  OPENAI_EU_ORGANIZATION: 'org',
  OPENAI_API_KEY: secret,
  ANTHROPIC_API_KEY: secret,
  OPS_SLACK_WEBHOOK: `https://hooks.slack.com/services/${secret}`,
  PAGER_WEBHOOK_URL: `https://pager.example.com/${secret}`,
  PAGER_WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
};

const codes: ReadonlySet<string> = new Set(configurationProblemCodes);

/** Reads, and says what does not hold of the answer that must hold for every text at all. */
function readSafely(text: string) {
  const result = readConfiguration(text, { environment });
  const lineCount = text.split(/\r\n|\r|\n/).length;
  // Plain comparisons: `expect` for each of some ten thousand problems would take most of the time.
  const wrong = result.problems.filter(
    ({ code, message, position, suggestion, path }) =>
      !codes.has(code) ||
      message.trim() === '' ||
      message.length > 700 ||
      suggestion?.trim() === '' ||
      !(position.line >= 1 && position.line <= lineCount && position.column >= 1) ||
      `${message}${suggestion}${path}`.includes(secret),
  );
  expect(wrong).toEqual([]);
  expect(result.configuration === undefined).toBe(result.problems.some(({ severity }) => severity === 'error'));
  return result;
}

/** A sound file of many lines, each entry on a line of its own, so that lines can be spoiled one by one. */
const soundLines = (providers: number): readonly string[] => [
  'version: 1',
  'defaults:',
  '  retry:',
  '    max_attempts: 3',
  '    patience_ms: 2s',
  '  delivery: restart',
  'providers:',
  ...Array.from({ length: providers }, (_, index) => [
    `  - id: own-${index}`,
    '    type: custom',
    `    base_url: https://llm-${index}.example.com/v1`,
    `    api_key: \${OPENAI_EU_KEY}`,
    '    enabled: true',
    '    limits:',
    '      max_concurrent: 4',
    '      queue_ms: 500ms',
    '    models:',
    '      - id: m',
    '        context_window: 1000',
  ]).flat(),
  'aliases:',
  ...Array.from({ length: providers }, (_, index) => `  alias-${index}: own-${index}/m`),
  'chains:',
  ...Array.from({ length: providers }, (_, index) => `  chain-${index}: [alias-${index}, openai/gpt-5]`),
  'prices:',
  ...Array.from({ length: providers }, (_, index) => [
    `  - model: own-${index}/m`,
    '    input_per_million_usd: 1.25',
    '    output_per_million_usd: "10"',
  ]).flat(),
  'cost_controls:',
  '  daily_budget: 100.0',
  '  per_request_limit: 1.0',
  '  alert_threshold: 80.0',
  'budgets:',
  ...Array.from({ length: providers }, (_, index) => [
    `  - name: budget-${index}`,
    '    unit: tokens',
    '    window: month',
    '    time_zone: Europe/Berlin',
    '    limit: 1000',
    '    mode: soft',
    '    thresholds: [0.5, 1]',
    `    scope: {provider: own-${index}}`,
  ]).flat(),
  'alert_channels:',
  ...Array.from({ length: providers }, (_, index) => [
    `  - name: channel-${index}`,
    '    type: webhook',
    `    url: \${PAGER_WEBHOOK_URL}`,
    `    secret: \${PAGER_WEBHOOK_SECRET}`,
    '    events: [budget.forecast]',
  ]).flat(),
];

/** Faults by the line that they spoil: each keeps the file parsable and every other line as right as it was. */
const faultsByField: Readonly<Record<string, readonly string[]>> = {
  max_attempts: ['0', 'many', '[1]', '1.5', '1e9'],
  patience_ms: ['-5', '2 parsecs', '{a: 1}', 'true'],
  delivery: ['restrat', '7', '[restart]'],
  id: [],
  type: ['opnai', '12', '{}'],
  base_url: [
    'ftp://x.example.com',
    'http://169.254.169.254',
    'http://10.0.0.1',
    'https://u:p@x.example.com',
    'nothing',
    '12',
    `\${UNSET_ONE}`,
  ],
  api_key: [secret, '[]', '12', `\${NOT A NAME}`],
  enabled: ['maybe', '1', '"true"'],
  max_concurrent: ['-1', 'lots', '0.5', '[4]'],
  queue_ms: ['-1', 'soon'],
  context_window: ['0', '"1000"', '-3'],
  input_per_million_usd: ['-1', 'free', '"1,25"', '[1]', '1e300'],
  output_per_million_usd: ['-1', '.nan', '""'],
  daily_budget: ['-1', 'much', '1e12', '[1]'],
  per_request_limit: ['-0.5', '"1,5"', '.inf'],
  alert_threshold: ['0', '-80', '5000', 'always'],
  unit: ['dollars', '7'],
  window: ['fortnight', '1', '[day]'],
  time_zone: ['Europe/Berlin2', 'Mars/Olympus', '12'],
  limit: ['-1', 'lots', '2000000000', '[1]'],
  mode: ['hrad', 'true'],
  thresholds: ['[-1]', '[1, 0.5]', '[0]', '0.8', '[high]'],
  scope: ['{provider: nowhere-at-all}', '{modl: a}', '{member: somebody}', '[]', '{provider: openai, model: own-0/m}'],
  url: [`https://hooks.example.com/${secret}`, '12', '[]', `\${NOT A NAME}`, `\${PAGER_WEBHOOK_SECRET}`],
  secret: [secret, '7', '{}', `\${OPENAI_API_KEY}`],
  events: ['[budget.forcast]', 'all', '[7]'],
};

const fieldOf = (line: string) => /^[\s-]*([\w-]+):/.exec(line)?.[1] ?? '';
const spoil = (line: string, pick: number): string | undefined => {
  const field = fieldOf(line);
  if (field.startsWith('alias-')) return line.replace(/: .*/, pick % 2 ? ': nowhere-at-all/x' : ': no-such-name-here');
  if (field.startsWith('chain-'))
    return line.replace(/: .*/, pick % 2 ? ': {models: []}' : ': {modls: [openai/gpt-5]}');
  const faults = faultsByField[field] ?? [];
  const fault = faults[pick % Math.max(1, faults.length)];
  return fault === undefined ? undefined : line.replace(/: .*/, `: ${fault}`);
};

describe('any text at all', () => {
  const junk = fc.constantFrom(
    '\t',
    '\u0000',
    '\ufeff',
    '💥',
    'é',
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '&a ',
    '*a',
    '<<: ',
    '|',
    '>',
    '"',
    "'",
    '#',
    '!!set ',
    '---\n',
    '%',
    '\r',
    '\n',
    '@',
    '`',
    '__proto__: ',
    '-1',
    '1e400',
    '.nan',
    'null',
    '~',
    '? ',
  );
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const at = (text: string, share: number) => Math.floor(text.length * share);

  const mutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
    fc.tuple(place, junk).map(
      ([where, what]) =>
        (text: string) =>
          text.slice(0, at(text, where)) + what + text.slice(at(text, where)),
    ),
    fc.tuple(place, fc.integer({ min: 1, max: 60 })).map(
      ([where, length]) =>
        (text: string) =>
          text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
    ),
    fc.tuple(place, fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })).map(
      ([where, what]) =>
        (text: string) =>
          text.slice(0, at(text, where)) + what + text.slice(at(text, where) + what.length),
    ),
    place.map((where) => (text: string) => text.slice(0, at(text, where))),
    fc.tuple(place, place).map(([first, second]) => (text: string) => {
      const lines = text.split('\n');
      const [a, b] = [Math.floor(lines.length * first), Math.floor(lines.length * second)];
      return lines
        .with(a, lines[b] ?? '')
        .with(b, lines[a] ?? '')
        .join('\n');
    }),
    fc.tuple(place, fc.integer({ min: -4, max: 4 })).map(([where, by]) => (text: string) => {
      const lines = text.split('\n');
      const index = Math.floor(lines.length * where);
      const line = lines[index] ?? '';
      return lines
        .with(index, by < 0 ? line.slice(Math.min(-by, line.search(/\S|$/))) : ' '.repeat(by) + line)
        .join('\n');
    }),
    fc
      .tuple(
        place,
        fc.constantFrom(
          '{}',
          '[]',
          '-7',
          '""',
          'true',
          '{a: {b: [1]}}',
          '[[[[[]]]]]',
          `${'['.repeat(40)}${']'.repeat(40)}`,
        ),
      )
      .map(([where, value]) => (text: string) => {
        const lines = text.split('\n');
        const index = Math.floor(lines.length * where);
        return lines.with(index, (lines[index] ?? '').replace(/:.*/, `: ${value}`)).join('\n');
      }),
  );

  test('520 mutated files: never a throw, every problem has a place and a sentence, no secret', () => {
    const base = fc.oneof(
      { arbitrary: fc.constant(example), weight: 1 },
      { arbitrary: fc.integer({ min: 1, max: 2 }).map((count) => soundLines(count).join('\n')), weight: 2 },
    );
    let spoiled = 0;
    fc.assert(
      fc.property(base, fc.array(mutation, { minLength: 1, maxLength: 5 }), (text, mutations) => {
        const { configuration } = readSafely(mutations.reduce((current, mutate) => mutate(current), text));
        if (configuration === undefined) spoiled += 1;
      }),
      { numRuns: 520 },
    );
    // Else the mutations would be too tame to show anything.
    expect(spoiled).toBeGreaterThan(260);
  });

  test('text of no form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.array(junk, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => void readSafely(text),
      ),
      { numRuns: 100 },
    );
  });
});

describe('independent faults', () => {
  test('the file that is spoiled is sound', () => {
    expect(readConfiguration(soundLines(3).join('\n'), { environment }).problems).toEqual([]);
  });

  test('all of them are reported, each in its line, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(100)), { minLength: 1, maxLength: 12 }),
        (count, picks) => {
          const lines = [...soundLines(count)];
          const expected = new Set<number>();
          for (const [where, what] of picks) {
            const index = where % lines.length;
            const fault = expected.has(index + 1) ? undefined : spoil(lines[index] ?? '', what);
            if (fault === undefined) continue;
            lines[index] = fault;
            expected.add(index + 1);
          }
          const errors = readSafely(lines.join('\n')).problems.filter(({ severity }) => severity === 'error');
          expect([...new Set(errors.map(({ position }) => position.line))].toSorted((a, b) => a - b)).toEqual(
            [...expected].toSorted((a, b) => a - b),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
