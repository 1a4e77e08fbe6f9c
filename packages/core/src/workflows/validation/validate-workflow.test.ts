import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { writeWorkflowYaml } from '../definition/write-definition.ts';
import { codeWithReview } from '../gallery/code-with-review.ts';
import { gallery } from '../gallery/gallery.ts';
import { simulatedEnvironment } from '../testing/simulated-environment.ts';
import { validateWorkflow, validateWorkflowText } from './validate-workflow.ts';
import { formatProblemPath } from './workflow-problem.ts';

const prompt = (id: string, text = 'Hello', more: object = {}) => ({
  id,
  type: 'prompt',
  role: 'coder',
  prompt: text,
  ...more,
});
const workflow = (steps: readonly unknown[], more: object = {}) => ({ format: 1, name: 'test', ...more, steps });

/** `CODE at path` of everything found. */
function problemsOf(input: unknown): readonly string[] {
  const { problems } = validateWorkflow(input, simulatedEnvironment);
  for (const { message, suggestion } of problems) {
    expect(message).not.toBe('');
    expect(suggestion).not.toBe('');
  }
  return problems.map(({ code, path }) => `${code} at ${formatProblemPath(path)}`);
}

const find = (input: unknown, code: string) =>
  validateWorkflow(input, simulatedEnvironment).problems.find((problem) => problem.code === code);

describe('a definition with many mistakes', () => {
  test('is told all of them at once, each with its path', () => {
    const found = problemsOf({
      format: 1,
      name: 'Bad Name',
      inputs: { topic: { type: 'string' }, count: { type: 'number', default: 'many' }, odd: { type: 'text' } },
      steps: [
        prompt('a', 'About {{ inputs.topik }} and {{ steps.zz.output }}', { after: ['nobody'] }),
        prompt('a', '{{ 1 | upcase | nofilter }}', { role: 'codr' }),
        { id: 'b', type: 'prompt', prompt: 'x', models: [{ model: 'openai/gpt-5' }, { model: 'openai/gpt-5' }] },
        { id: 'c', type: 'prompt', prompt: 'x', models: [{ model: 'cohere/command-r' }, { model: 'nowhere/x' }] },
        { id: 'd', type: 'branch', cases: [{ when: 'inputs.count', goTo: ['a'] }] },
        { id: 'e', type: 'map', over: 'inputs.topic', do: { type: 'transform', value: 'item' } },
        { id: 'f', type: 'transform', value: 'size(', colour: 'red' },
        { id: 'g', type: 'wish' },
      ],
    });
    for (const expected of [
      'INVALID_VALUE at name',
      'INVALID_VALUE at inputs.odd.type',
      'UNKNOWN_FIELD at steps[6].colour',
      'INVALID_VALUE at steps[7].type',
      'DUPLICATE_STEP at steps[1].id',
      'UNKNOWN_STEP at steps[0].after[0]',
      'UNKNOWN_VARIABLE at steps[0].prompt',
      'UNKNOWN_STEP at steps[0].prompt',
      'TEMPLATE_SYNTAX at steps[1].prompt',
      'UNKNOWN_ROLE at steps[1].role',
      'DUPLICATE_MODEL at steps[2].models[1].model',
      'MISSING_CREDENTIALS at steps[3].models[0].model',
      'UNKNOWN_MODEL at steps[3].models[1].model',
      'BRANCH_WITHOUT_DEFAULT at steps[4].default',
      'NOT_A_LIST at steps[5].over',
    ]) {
      expect(found).toContain(expected);
    }
  });

  test('has each problem placed in the text it was read from', () => {
    const text = writeWorkflowYaml(codeWithReview.definition).replace('inputs.task }}', 'inputs.tsk }}');
    const { problems } = validateWorkflowText(text, simulatedEnvironment);
    expect(problems).toMatchObject([
      {
        code: 'UNKNOWN_VARIABLE',
        suggestion: 'Did you mean inputs.task?',
        position: { line: 2, column: 4 },
        path: ['steps', 0, 'prompt'],
      },
    ]);
    const line = text.split('\n')[(problems[0]?.filePosition?.line ?? 0) - 1];
    expect(line).toMatch(/prompt: \|/);
  });

  test('never makes the check throw, and is found out wherever a gallery workflow is broken', () => {
    const breakAt = (value: unknown, random: () => number): unknown => {
      if (Array.isArray(value)) {
        const index = Math.floor(random() * value.length);
        return value.map((entry, place) => (place === index ? breakAt(entry, random) : entry));
      }
      if (typeof value !== 'object' || value === null) return random() < 0.5 ? { broken: true } : null;
      const names = Object.keys(value);
      const name = names[Math.floor(random() * names.length)];
      if (name === undefined) return 7;
      if (random() < 0.2) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
      return { ...value, [name]: breakAt((value as Record<string, unknown>)[name], random) };
    };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createSeededRandom(seed);
        const entry = gallery[Math.floor(random.next() * gallery.length)];
        const { problems, definition } = validateWorkflow(
          breakAt(entry?.definition, () => random.next()),
          simulatedEnvironment,
        );
        expect(definition === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 300 },
    );
  });
});

describe('rings and ways', () => {
  test('names the ring', () => {
    const ring = workflow([
      prompt('a', '{{ steps.c.output }}'),
      prompt('b', '{{ steps.a.output }}'),
      prompt('c', '{{ steps.b.output }}'),
      prompt('d'),
    ]);
    expect(find(ring, 'CYCLE')?.message).toBe('These steps wait for each other: a → b → c → a.');
    expect(find(workflow([prompt('a', '{{ steps.a.output }}')]), 'CYCLE')?.message).toContain('a → a');
  });

  test('finds a step that waits for two ends of one branch', () => {
    const branch = { id: 'b', type: 'branch', cases: [{ when: 'inputs.x', goTo: ['l'] }], default: ['r'] };
    const inputs = { inputs: { x: { type: 'boolean' } } };
    const join = prompt('j', '{{ steps.l.output }} {{ steps.r.output }}');
    const steps = [branch, prompt('l'), prompt('r')];
    expect(problemsOf(workflow([...steps, join], inputs))).toEqual(['UNREACHABLE at steps[3]']);
    expect(problemsOf(workflow([...steps, { ...join, join: 'any' }], inputs))).toEqual([]);
  });

  test('finds cases behind one that always holds', () => {
    const branch = {
      id: 'b',
      type: 'branch',
      cases: [
        { when: 'true', goTo: ['l'] },
        { when: '1 == 2', goTo: ['l'] },
      ],
      default: [],
    };
    expect(problemsOf(workflow([branch, prompt('l')]))).toEqual(['UNREACHABLE at steps[0].cases[1]']);
  });

  test('takes a thousand steps, in a chain and in a knot', () => {
    const chain = Array.from({ length: 1_000 }, (_, index) =>
      prompt(`s${index}`, index === 0 ? 'x' : `{{ steps.s${index - 1}.output }}`),
    );
    expect(problemsOf(workflow(chain))).toEqual([]);
    expect(problemsOf(workflow([...chain, prompt('s1000')]))).toEqual(['INVALID_VALUE at steps']);
    const ring = [prompt('s0', '{{ steps.s999.output }}'), ...chain.slice(1)];
    expect(problemsOf(workflow(ring))).toEqual(['CYCLE at steps[0]']);
  });
});

describe('models', () => {
  const ask = (more: object) => workflow([{ id: 'a', type: 'prompt', prompt: 'Hello', ...more }]);

  test('must be there, have a key, and be able to do what the step needs', () => {
    expect(problemsOf(ask({ models: [{ model: 'openai/gpt-55' }] }))).toEqual([
      'UNKNOWN_MODEL at steps[0].models[0].model',
    ]);
    expect(find(ask({ models: [{ model: 'cohere/x' }] }), 'MISSING_CREDENTIALS')?.suggestion).toBe(
      'Set COHERE_API_KEY, or add it under Providers.',
    );
    expect(problemsOf(ask({ models: [{ model: 'smart' }, { model: 'auto' }, { model: 'role:coder' }] }))).toEqual([]);
    const needs = { contextTokens: 90_000_000 };
    expect(problemsOf(ask({ role: 'coder', needs }))).toEqual(['CONTEXT_TOO_SMALL at steps[0].role']);
  });

  test('without vision, tools or JSON are refused where these are needed', () => {
    const capabilities = { text: true, vision: false, tools: false, json: false, reasoning: false, streaming: true };
    const environment = { ...simulatedEnvironment, models: [{ modelId: 'openai/plain', capabilities }] };
    const needs = { vision: true, tools: true, reasoning: true };
    const step = { models: [{ model: 'openai/plain' }], needs, output: { format: 'json' } };
    const { problems } = validateWorkflow(ask(step), environment);
    expect(problems.map(({ code }) => code)).toEqual(Array(4).fill('MISSING_CAPABILITY'));
  });

  test('come from a role or a list, not from both and not from neither', () => {
    expect(problemsOf(ask({}))).toEqual(['MISSING_FIELD at steps[0].role']);
    expect(problemsOf(ask({ role: 'coder', models: [{ model: 'smart' }] }))).toEqual([
      'CONTRADICTION at steps[0].role',
    ]);
    expect(problemsOf(ask({ role: 'coder', strategy: 'parallel' }))).toEqual(['CONTRADICTION at steps[0].strategy']);
  });
});

describe('variables', () => {
  test('of the shape that a schema promises are known down to their fields', () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' } },
      required: ['title'],
      additionalProperties: false,
    };
    const steps = (text: string) =>
      workflow([prompt('a', 'x', { output: { format: 'json', schema } }), prompt('b', text)]);
    expect(problemsOf(steps('{{ steps.a.output.title }}'))).toEqual([]);
    expect(find(steps('{{ steps.a.output.titl }}'), 'UNKNOWN_VARIABLE')?.suggestion).toBe('Did you mean title?');
    expect(find(steps('{{ a.output }}'), 'UNKNOWN_VARIABLE')?.suggestion).toBe('Did you mean steps.a.output?');
  });

  test('of models are known by provider and model', () => {
    const models = [{ model: 'openai/gpt-5' }, { model: 'openai/gpt-5-mini' }];
    const ask = { id: 'a', type: 'prompt', models, strategy: 'parallel', prompt: 'x' };
    const see = (model: string) => workflow([ask, prompt('b', `{{ steps.a.modelOutputs.openai["${model}"] }}`)]);
    expect(problemsOf(see('gpt-5-mini'))).toEqual([]);
    expect(find(see('gpt-5-minni'), 'UNKNOWN_VARIABLE')?.suggestion).toBe('Did you mean gpt-5-mini?');
  });

  test('in expressions are checked too, with the place in the expression', () => {
    const steps = [{ id: 'a', type: 'transform', value: '1 +\n steps.nobody.output' }];
    expect(find(workflow(steps), 'UNKNOWN_STEP')?.position).toEqual({ line: 2, column: 2 });
  });

  test('by the thousand and long beyond reason are answered all the same', () => {
    const names = Array.from({ length: 1_500 }, (_, index) => `{{ steps.${'x'.repeat(30)}${index}.output }}`).join('');
    const steps = Array.from({ length: 300 }, (_, index) => prompt(`step${index}`.padEnd(40, 'x'), 'x'));
    const { problems } = validateWorkflow(
      workflow([...steps, prompt('a', names), prompt('b', `{{ steps["${'y'.repeat(50_000)}"] }}`)]),
      simulatedEnvironment,
    );
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)?.code).toBe('TOO_MANY_PROBLEMS');
  });

  test('that nothing uses are a warning and hinder nothing', () => {
    const input = workflow([prompt('a')], { inputs: { idle: { type: 'string' } } });
    const { definition, problems } = validateWorkflow(input, simulatedEnvironment);
    expect(problems).toMatchObject([{ code: 'UNUSED_INPUT', severity: 'warning' }]);
    expect(definition).toBeDefined();
  });
});
