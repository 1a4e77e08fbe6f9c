import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../seeded-random.ts';
import { splitIntoTokens, truncateToTokens } from '../tokens/count-tokens.ts';
import { composeAnswer } from './compose-answer.ts';
import { jsonFromSchema } from './json-from-schema.ts';
import { readPromptSubject } from './prompt-subject.ts';
import { sampleOfPattern } from './sample-of-pattern.ts';
import { type StyleName, WRITING_STYLES } from './writing-styles.ts';

const STYLES = Object.keys(WRITING_STYLES) as StyleName[];
const words = (text: string): number => text.split(/\s+/).length;

describe('prose', () => {
  test('the same seed gives the same text, another seed or style another', () => {
    const text = composeAnswer('Explain tides', 'essay', [1, 'anthropic', 'a']);
    expect(composeAnswer('Explain tides', 'essay', [1, 'anthropic', 'a'])).toBe(text);
    expect(composeAnswer('Explain tides', 'essay', [2, 'anthropic', 'a'])).not.toBe(text);
    expect(new Set(STYLES.map((style) => composeAnswer('Explain tides', style, [1]))).size).toBe(STYLES.length);
  });

  test.each(STYLES)('%s: of sensible length and about the prompt', (style) => {
    for (let seed = 0; seed < 20; seed++) {
      const text = composeAnswer('Explain eventual consistency to a new developer', style, [seed]);
      expect(words(text)).toBeGreaterThan(50);
      expect(words(text)).toBeLessThan(480);
      expect(text).toMatch(/eventual consistency|new developer/i);
      expect(text).not.toMatch(/\{[a-ct]\}|undefined/i);
    }
  });

  test.each([
    ['Write a python function that sorts invoices', /```python\n[^`]+\n```/],
    ['Compare cats and dogs', /\| --- \|/],
    ['List 7 names for a boat', /\n7\. /],
    ['What is 12 * 12?', /144/],
    ['Translate to French: hello world', /bonjour monde/i],
    ['Summarize: The bridge is old. The bridge needs repair soon. Nobody knows the cost.', /bridge/],
    ['Write a short story about a lighthouse keeper', /lighthouse/i],
    ['Draft an email to the team about the release', /^\*\*Subject:\*\*/],
    ['Hello!', /[Hh](i|ello)/],
    ['Answer in one word: the capital of winter', /^\S+( \S+){0,2}$/],
  ])('%s has the form asked for', (prompt, form) => {
    expect(composeAnswer(prompt, 'concise', [1])).toMatch(form);
  });

  test('any prompt gets a text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom(...STYLES), (prompt, style) => {
        expect(composeAnswer(prompt, style, [1]).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('tokens', () => {
  test('pieces join to the text, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1500 }), (text) => {
        expect(
          splitIntoTokens(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
    const special = 'a <|endoftext|> b 👩‍👩‍👧 こんにちは \ud800 c';
    expect(
      splitIntoTokens(special)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(special);
  });

  test('truncation keeps a beginning and counts it', () => {
    expect(truncateToTokens('one two three four', 2)).toMatchObject({ text: 'one two', tokens: 2, cut: true });
    expect(truncateToTokens('one', 5)).toMatchObject({ text: 'one', cut: false });
  });
});

describe('JSON', () => {
  const make = (schema: unknown, seed = 1): unknown =>
    jsonFromSchema(schema, 'about Oslo', readPromptSubject('about Oslo'), createSeededRandom(seed));

  test('satisfies bounds, enums, references, combinations and formats', () => {
    const schema = {
      $defs: {
        node: {
          type: 'object',
          properties: {
            label: { type: 'string', minLength: 5, maxLength: 8 },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['label', 'children'],
        },
      },
      type: 'object',
      properties: {
        level: { type: 'integer', exclusiveMinimum: 3, maximum: 5 },
        share: { type: 'number', minimum: 0.25, maximum: 0.75, multipleOf: 0.25 },
        kind: { enum: ['x', 'y'] },
        fixed: { const: 42 },
        when: { type: 'string', format: 'date' },
        code: { type: 'string', pattern: '^[A-Z]{3}-\\d{4}$' },
        maybe: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        tree: { $ref: '#/$defs/node' },
        both: {
          allOf: [
            { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] },
            { properties: { b: { type: 'integer' } }, required: ['b'] },
          ],
        },
      },
      required: ['level', 'share', 'kind', 'fixed', 'when', 'code', 'maybe', 'tree', 'both'],
    };
    for (let seed = 0; seed < 50; seed++) {
      const value = make(schema, seed) as Record<string, unknown>;
      expect([4, 5]).toContain(value.level);
      expect([0.25, 0.5, 0.75]).toContain(value.share);
      expect(['x', 'y']).toContain(value.kind);
      expect(value.fixed).toBe(42);
      expect(value.when).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(value.code).toMatch(/^[A-Z]{3}-\d{4}$/);
      expect(typeof value.maybe).toBe('string');
      expect((value.tree as { label: string }).label.length).toBeGreaterThanOrEqual(5);
      expect(value.both).toEqual({ a: expect.any(Boolean), b: expect.any(Number) });
      expect(JSON.stringify(value).length).toBeLessThan(1_000_000);
    }
  });

  test('any schema-like thing gives something that is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (schema) => {
        expect(JSON.stringify(make(schema))).toEqual(expect.any(String));
      }),
    );
  });

  test.each(['^\\w+@\\w+\\.com$', '^(red|green)-[0-9a-f]{2,4}$', '^#?[A-F]+x*$'])(
    'a sample of %s matches it',
    (pattern) => {
      for (let seed = 0; seed < 30; seed++)
        expect(sampleOfPattern(pattern, createSeededRandom(seed))).toMatch(new RegExp(pattern));
    },
  );
});
