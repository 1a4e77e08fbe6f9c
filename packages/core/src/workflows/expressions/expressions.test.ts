import { describe, expect, test } from 'vitest';
import { compileExpression, ExpressionFailed } from './compile-expression.ts';

const context = {
  inputs: {
    n: 3,
    half: 0.5,
    text: 'a,b',
    list: [1, 2.5, 3],
    people: [
      { name: 'Ada', age: 36 },
      { name: 'Bo', age: 9 },
    ],
  },
  steps: { a: { output: { kind: 'billing' }, status: 'completed' } },
  item: { x: 1 },
  index: 2,
};

function evaluate(source: string): unknown {
  const result = compileExpression(source, 'item');
  if (!result.isValid) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  return result.expression.evaluate(context);
}

const problemOf = (source: string) => {
  const result = compileExpression(source, 'workflow');
  return result.isValid ? undefined : result.problem;
};

describe('an expression', () => {
  test.each([
    ['inputs.n + 1', 4],
    ['inputs.n * 0.5 + inputs.half', 2],
    ['inputs.list.map(x, x * 2)', [2, 5, 6]],
    ['inputs.people.filter(p, p.age > 18).map(p, p.name)', ['Ada']],
    ['steps.a.output.kind == "billing"', true],
    ['index + 1', 3],
    ['joinText(inputs.text.split(",").map(t, t.upperAscii()), "-")', 'A-B'],
    ['parseJson("{\\"a\\": [1, 2]}").a', [1, 2]],
    ['toJson({"a": 1})', '{"a":1}'],
    ['get(inputs, "missing", "none")', 'none'],
    ['has(inputs.missing) ? 1 : 2', 2],
    ['round(2.6)', 3],
    [
      'range(3).map(i, {"i": i, "text": inputs.people[i % 2].name})',
      [
        { i: 0, text: 'Ada' },
        { i: 1, text: 'Bo' },
        { i: 2, text: 'Ada' },
      ],
    ],
    ['unique([1, 1, 2])', [1, 2]],
    ['item', { x: 1 }],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  test('that has no value for these inputs says where and what to do', () => {
    expect(() => evaluate('inputs.people[0].\n height')).toThrow(ExpressionFailed);
    expect(() => evaluate('inputs.people[0].height')).toThrow(/No such key: height.*column \d+.*has\(…\)/);
    expect(() => evaluate('parseJson("{")')).toThrow(ExpressionFailed);
    expect(() => evaluate('inputs.list[9]')).toThrow(ExpressionFailed);
  });

  test('is refused when it cannot be read, with the place and a suggestion', () => {
    expect(problemOf('1 +\n  * 2')).toMatchObject({ code: 'EXPRESSION_SYNTAX', position: { line: 2 } });
    expect(problemOf('input.n')).toMatchObject({
      code: 'UNKNOWN_VARIABLE',
      suggestion: expect.stringContaining('inputs'),
    });
    expect(problemOf('inputs.l.joind(",")')).toMatchObject({ code: 'EXPRESSION_SYNTAX' });
    expect(problemOf('item.x')).toMatchObject({ code: 'UNKNOWN_VARIABLE' });
  });
});

describe('the bounds of expressions', () => {
  test('leave out what can take exponential time or memory', () => {
    for (const source of ['inputs.s.matches("(a+)+$")', 'cel.bind(x, 1, x)', 'inputs.l.join(",")', 'timestamp(0)']) {
      expect(problemOf(source), source).toBeDefined();
    }
    expect(problemOf('inputs.l.map(x, inputs.l.map(y, x))')?.message).toContain('inside another');
    expect(problemOf('inputs.l.filter(x, x > 1).map(x, x)')).toBeUndefined();
    expect(problemOf(Array(300).fill('1').join('+'))).toBeDefined();
  });

  test('end texts and lists that grow beyond what a run keeps', () => {
    const big = { inputs: { list: Array(5_000).fill('x'.repeat(500)) }, steps: {} };
    const run = (source: string) => {
      const result = compileExpression(source, 'workflow');
      if (!result.isValid) throw new Error(result.problem.message);
      return result.expression.evaluate(big);
    };
    expect(() => run('joinText(inputs.list, "")')).toThrow(/at most 1000000 characters/);
    expect(() => run('inputs.list.map(x, x + x)')).toThrow(/more than 2000000 characters/);
    expect(() => run('range(10001)')).toThrow(ExpressionFailed);
  });

  test('show nothing but the data itself', () => {
    for (const source of ['inputs.constructor', 'inputs.__proto__', 'inputs.toString', 'steps.a.output.constructor']) {
      expect(() => evaluate(source), source).toThrow(ExpressionFailed);
    }
  });
});

test('references are found through loops, keys and tests, loop variables left out', () => {
  const source = 'steps.a.output.filter(x, x.y == inputs["k"] && has(steps.b.output.z))[steps.c.output]';
  const result = compileExpression(source, 'workflow');
  expect(result.isValid && result.expression.references.map(({ path, isTest }) => [path.join('.'), isTest])).toEqual([
    ['steps.a.output', undefined],
    ['inputs.k', undefined],
    ['steps.b.output.z', true],
    ['steps.c.output', undefined],
  ]);
});
