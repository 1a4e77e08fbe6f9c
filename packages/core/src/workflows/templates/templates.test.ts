import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileTemplate, TemplateFailed, type TemplateLimits } from './compile-template.ts';

function render(
  source: string,
  context: Readonly<Record<string, unknown>> = {},
  limits?: Partial<TemplateLimits>,
): string {
  const result = compileTemplate(source);
  if (!result.isValid) throw new Error(result.problem.message);
  return result.template.render(context, limits);
}

const problemOf = (source: string) => {
  const result = compileTemplate(source);
  return result.isValid ? undefined : result.problem;
};

describe('a template', () => {
  test('writes values as prompts need them', () => {
    const context = { inputs: { list: ['a', 'b'], object: { a: 1 }, none: null, text: 'x\ny' } };
    expect(render('{{ inputs.object }}', context)).toBe('{\n  "a": 1\n}');
    expect(render('{{ inputs.object | json }}', context)).toBe('{"a":1}');
    expect(render('[{{ inputs.none }}{{ inputs.missing.deep }}]', context)).toBe('[]');
    expect(render('{{ inputs.list | bullets }}', context)).toBe('- a\n- b');
    expect(render('{{ inputs.list | numbered }}', context)).toBe('1. a\n2. b');
    expect(render('{{ inputs.text | indent: 2 }}', context)).toBe('  x\n  y');
    expect(render('{{ code | fence: "js" }}', { code: 'a```b' })).toBe('````js\na```b\n````');
    expect(render('{{ text | truncate_tokens: 3 }}', { text: 'one two three four five six' })).toMatch(
      /^one two three …?$|^one two three…$/,
    );
  });

  test('says what it looks at, with the place; names of its own are not counted', () => {
    const source =
      'Hi {{ inputs.name }}\n{% for each in steps.a.output %}{{ each.x }} {{ steps["b c"].output }}{% endfor %}';
    const result = compileTemplate(source);
    expect(result.isValid && result.template.references).toEqual([
      { path: ['inputs', 'name'], position: { line: 1, column: 7 } },
      { path: ['steps', 'a', 'output'], position: { line: 2, column: 16 } },
      { path: ['steps', 'b c', 'output'], position: { line: 2, column: 49 } },
    ]);
  });

  test('that is broken says where and what to write', () => {
    expect(problemOf('a\n {{ x | upcas }}')).toMatchObject({
      position: { line: 2, column: 2 },
      suggestion: 'Did you mean upcase?',
    });
    expect(problemOf('{% casse x %}')).toMatchObject({ suggestion: 'Did you mean case?' });
    expect(problemOf('{{ x ')).toMatchObject({ position: { line: 1, column: 1 } });
    expect(problemOf('{% if x %}')).toBeDefined();
  });
});

describe('the sandbox', () => {
  test('knows no files, no other templates, no clock, no chance, no hashes', () => {
    const tags = [
      'include "a"',
      'render "a"',
      'layout "a"',
      'block a',
      'liquid echo 1',
      'increment x',
      'tablerow x in y',
    ];
    for (const tag of tags) expect(problemOf(`{% ${tag} %}`), tag).toBeDefined();
    const filters = [
      'date: "%Y"',
      'sample',
      'hmac_sha256: "k"',
      'sha256',
      'where_exp: "i", "i.x"',
      'base64_encode',
      'inspect',
      'raw',
    ];
    for (const filter of filters) expect(problemOf(`{{ x | ${filter} }}`), filter).toBeDefined();
  });

  test('shows nothing but the data itself: no prototypes, no constructors, no methods', () => {
    class Secret {
      visible = 1;
      get hidden() {
        return 'secret';
      }
    }
    const context = { o: { a: 1 }, f: () => 'called', s: new Secret(), text: 'abc' };
    const ways = [
      'o.constructor',
      'o.__proto__',
      'o["__proto__"]["toString"]',
      'text.constructor.name',
      's.hidden',
      'o.toString',
      'f.constructor',
    ];
    for (const way of ways) expect(render(`[{{ ${way} }}]`, context), way).toBe('[]');
  });

  test('ends what grows without bounds, by each of its limits', () => {
    const doubling =
      '{% assign a = "xxxxxxxx" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}';
    for (const source of [doubling, '{% for i in (1..999999999) %}x{% endfor %}']) {
      expect(() => render(source)).toThrow(TemplateFailed);
    }
    const loops = '{% for i in (1..200) %}{% for j in (1..200) %}xy{% endfor %}{% endfor %}';
    expect(() => render(loops, {}, { outputCharacters: 1_000 })).toThrow(/more than 1000 characters/);
    expect(() => render(loops, {}, { writes: 1_000 })).toThrow(/more than 1000 pieces/);
    expect(() => render(loops, {}, { renderMs: 0 })).toThrow(/limit/);
  });

  test('reads a text of nothing but braces in one pass', () => {
    const result = compileTemplate(`{% raw %}${'{{'.repeat(45_000)}{% endraw %}`);
    expect(result.isValid).toBe(true);
  });

  test('lets nothing but its own failures out, whatever the text', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      ' if ',
      ' for x in inputs.l ',
      ' endfor ',
      ' endif ',
      'inputs.l',
      '| join',
      '| json',
      ': 1',
      '"',
      '(1..3)',
      'a',
      '\n',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const result = compileTemplate(pieces.join(''));
        if (!result.isValid) return;
        try {
          result.template.render({ inputs: { l: [1, 'a', { b: null }] } });
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateFailed);
        }
      }),
      { numRuns: 300 },
    );
  });
});
