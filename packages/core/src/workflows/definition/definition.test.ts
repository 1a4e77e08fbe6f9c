import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { codeWithReview } from '../gallery/code-with-review.ts';
import { gallery } from '../gallery/gallery.ts';
import { randomWorkflow } from '../testing/random-workflow.ts';
import { canonicalForm } from './canonical-form.ts';
import { readDefinition } from './read-definition.ts';
import { readWorkflowText } from './read-workflow-text.ts';
import type { WorkflowDefinition } from './workflow-definition.ts';
import { writeWorkflowJson, writeWorkflowYaml } from './write-definition.ts';

/** The same value with the fields of all maps in another order, as a database may give them back. */
function shuffle(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((entry) => shuffle(entry, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => ({ name, each: shuffle(each, random), at: random() }));
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ name, each }) => [name, each]));
}

function read(text: string): WorkflowDefinition {
  const { value, problems } = readWorkflowText(text);
  expect(problems).toEqual([]);
  const result = readDefinition(value);
  expect(result.problems).toEqual([]);
  return result.definition as WorkflowDefinition;
}

describe('export and import', () => {
  test('give the same bytes again, in YAML and in JSON, in whatever order the fields were', () => {
    for (const { definition } of gallery) {
      const yaml = writeWorkflowYaml(definition);
      const json = writeWorkflowJson(definition);
      const random = createSeededRandom(1);
      const shuffled = shuffle(definition, () => random.next()) as WorkflowDefinition;
      expect(writeWorkflowYaml(shuffled)).toBe(yaml);
      expect(writeWorkflowYaml(read(yaml))).toBe(yaml);
      expect(writeWorkflowJson(read(json))).toBe(json);
      expect(writeWorkflowYaml(read(json))).toBe(yaml);
    }
  });

  test('keep every text that a definition can hold, however odd', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(
          'a',
          ' ',
          '\n',
          '\t',
          '\r',
          ':',
          '#',
          '-',
          '|',
          '>',
          '"',
          "'",
          '{',
          '}',
          '%',
          '&',
          '*',
          '\u2028',
          '\u0085',
        ),
        maxLength: 40,
      }),
      fc.constantFrom(
        'yes',
        'null',
        '~',
        '1e3',
        '0x10',
        '2026-01-01',
        '- a',
        'a: b',
        '  lead',
        'trail  ',
        '\n\n',
        '---',
        '...',
      ),
    );
    const plain = odd.filter((text) => text.isWellFormed() && !text.includes('\0'));
    fc.assert(
      fc.property(plain, plain, (prompt, key) => {
        const definition: WorkflowDefinition = {
          format: 1,
          name: 'odd',
          inputs: { a: { type: 'object', default: { [key === '__proto__' ? 'x' : key]: prompt } } },
          steps: [{ id: 'one', type: 'prompt', role: 'coder', prompt }],
        };
        const text = writeWorkflowYaml(definition);
        const again = read(text);
        expect(again.steps[0]).toEqual(definition.steps[0]);
        expect(again).toEqual(definition);
        expect(writeWorkflowYaml(again)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('keep every random workflow', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { definition } = randomWorkflow(createSeededRandom(seed), 20);
        expect(read(writeWorkflowYaml(definition))).toEqual(definition);
      }),
      { numRuns: 50 },
    );
  });

  test('a change of one line of a prompt is a difference of one line', () => {
    const { definition } = codeWithReview;
    const before = writeWorkflowYaml(definition).split('\n');
    const steps = definition.steps.map((step) =>
      step.id === 'plan' && step.type === 'prompt'
        ? { ...step, prompt: step.prompt.replace('numbered', 'short') }
        : step,
    );
    const after = writeWorkflowYaml({ ...definition, steps }).split('\n');
    expect(after.length).toBe(before.length);
    expect(after.filter((line, index) => line !== before[index])).toHaveLength(1);
  });

  test('the canonical order begins with what a reader looks for', () => {
    const { definition } = codeWithReview;
    expect(Object.keys(canonicalForm(definition))).toEqual([
      'format',
      'name',
      'title',
      'description',
      'inputs',
      'outputs',
      'steps',
    ]);
    expect(writeWorkflowYaml(definition)).toContain(
      '\n  - id: clarify\n    type: prompt\n    title: Clarify\n    role: clarifier\n',
    );
  });
});

describe('reading text', () => {
  test('refuses aliases, so that a small file cannot become a large one', () => {
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a]\nsteps: [*b, *b]\n';
    const { value, problems } = readWorkflowText(bomb);
    expect(value).toBeUndefined();
    expect(problems[0]).toMatchObject({ code: 'SYNTAX', filePosition: { line: 2, column: 8 } });
  });

  test('says where the text breaks', () => {
    const { problems } = readWorkflowText('name: a\nsteps: [\n');
    expect(problems[0]).toMatchObject({ code: 'SYNTAX', severity: 'error' });
    expect(problems[0]?.filePosition?.line).toBeGreaterThanOrEqual(2);
  });

  test('refuses what is nested so deep that reading it would exhaust the stack', () => {
    let deep: unknown = {};
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(readDefinition({ inputs: { a: { default: deep } }, steps: [] }).problems).toHaveLength(1);
    const texts = ['['.repeat(50_000), `${'- '.repeat(50_000)}a`, `a: ${'{a: '.repeat(20_000)}`];
    const staircase = Array.from({ length: 2_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    for (const text of [...texts, staircase]) {
      const { value, problems } = readWorkflowText(text);
      expect(problems.length + readDefinition(value).problems.length).toBeGreaterThan(0);
    }
  });

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        readDefinition(readWorkflowText(text).value);
      }),
    );
    fc.assert(fc.property(fc.anything(), (value) => void readDefinition(value)));
  });
});
