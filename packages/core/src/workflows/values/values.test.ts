import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { codeWithReview } from '../gallery/code-with-review.ts';
import { leadQualification } from '../gallery/lead-qualification.ts';
import { readOutput } from '../run/read-output.ts';
import { toPlainValue, ValueTooLarge } from './bounded-value.ts';
import { completionsAt } from './completions.ts';
import { checkAgainstSchema, uncheckedKeywords } from './json-schema.ts';

describe('an answer in JSON', () => {
  const schema = {
    type: 'object',
    properties: {
      kind: { enum: ['a', 'b'] },
      tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
      n: { type: 'integer', minimum: 1 },
    },
    required: ['kind'],
    additionalProperties: false,
  };
  const output = { format: 'json', schema } as const;

  test('is read through fences and words around it', () => {
    for (const text of ['{"kind": "a"}', '```json\n{"kind": "a"}\n```', 'Here you are: {"kind": "a"} Anything else?']) {
      expect(readOutput(text, output)).toEqual({ isValid: true, value: { kind: 'a' } });
    }
  });

  test('says what is not as promised, with the place', () => {
    const complaints = (value: unknown) => checkAgainstSchema(value, schema).join(' ');
    expect(complaints({})).toBe('answer.kind is missing.');
    expect(complaints({ kind: 'c', more: 1 })).toBe('answer.kind must be one of "a", "b". answer.more is not allowed.');
    expect(complaints({ kind: 'a', tags: ['x', 1, 'y'], n: 0 })).toBe(
      'answer.tags must have at most 2 entries. answer.tags[1] must be string, but it is number. answer.n must be at least 1.',
    );
    expect(complaints([])).toBe('answer must be object, but it is array.');
    expect(checkAgainstSchema(1, { anyOf: [{ type: 'string' }, { type: 'number' }] })).toEqual([]);
    expect(checkAgainstSchema(true, { oneOf: [{ type: 'string' }, { type: 'number' }] })).toHaveLength(1);
  });

  test('that was cut is never half a value', () => {
    const whole = '{"kind": "a", "tags": ["x"], "n": 2}';
    for (let length = 0; length < whole.length; length += 1) {
      expect(readOutput(whole.slice(0, length), output).isValid, whole.slice(0, length)).toBe(false);
    }
  });

  test('checks never throw, whatever the schema and the value', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('type', 'properties', 'items', 'required', 'enum', 'anyOf', 'a') }),
        fc.jsonValue(),
        (odd, value) => {
          checkAgainstSchema(value, odd);
          uncheckedKeywords(odd);
        },
      ),
    );
    expect(uncheckedKeywords({ properties: { a: { pattern: 'x' } }, $ref: '#' })).toEqual(['pattern', '$ref']);
  });
});

test('plain values are JSON and bounded in size and depth', () => {
  expect(toPlainValue({ a: 1n, b: new Map([['c', undefined]]), d: Number.NaN, e: () => 1 })).toEqual({
    a: 1,
    b: { c: null },
    d: null,
    e: null,
  });
  expect(() => toPlainValue(['x'.repeat(50)], 40)).toThrow(ValueTooLarge);
  let deep: unknown = 1;
  for (let level = 0; level < 200; level += 1) deep = [deep];
  expect(() => toPlainValue(deep)).toThrow(ValueTooLarge);
});

describe('completions', () => {
  const textsAt = (definition: WorkflowDefinition, stepId: string) =>
    Object.fromEntries((completionsAt(definition, stepId)?.variables ?? []).map(({ text, type }) => [text, type]));

  test('offer inputs and steps that do not wait for this one, with types', () => {
    const plan = textsAt(codeWithReview.definition, 'plan');
    expect(plan['inputs.constraints']).toBe('list of string');
    expect(plan['steps.clarify.output.requirements']).toBe('list of string');
    expect(plan['steps.review.output.verdict']).toBeUndefined();
    expect(textsAt(codeWithReview.definition, 'revise')['steps.review.output.verdict']).toBe('string');
    expect(completionsAt(codeWithReview.definition, 'nobody')).toBeUndefined();
  });

  test('offer the entry of a map and the candidates of a merge', () => {
    expect(textsAt(leadQualification.definition, 'score')).toMatchObject({ item: 'object', index: 'number' });
    const steps: WorkflowStep[] = [
      { id: 'a', type: 'prompt', models: [{ model: 'openai/gpt-5' }], prompt: 'x' },
      { id: 'm', type: 'merge', mode: 'llm', from: ['a'], role: 'coder', prompt: 'x' },
    ];
    const offered = textsAt({ format: 1, name: 'x', steps }, 'm');
    expect(offered).toMatchObject({ candidates: 'list of object', 'steps.a.modelOutputs.openai["gpt-5"]': 'string' });
  });

  test('offer the filters, tags and functions there are', () => {
    const { filters = [], tags = [], functions = [] } = completionsAt(codeWithReview.definition, 'plan') ?? {};
    expect(filters).toEqual(expect.arrayContaining(['json', 'truncate_tokens', 'upcase']));
    expect(tags).toContain('for');
    expect(functions).toEqual(expect.arrayContaining(['parseJson', 'filter']));
  });
});
