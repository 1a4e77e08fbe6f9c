import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, matchPattern } from './match-pattern.ts';
import { PatternProblem } from './pattern-problem.ts';

const matches = (pattern: string, text: string, isWhole = false) =>
  matchPattern(compilePattern(pattern), text, isWhole);

describe('a safe pattern', () => {
  test('matches what the engine of the language matches, on random patterns and texts', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '\\b',
      '^',
      '$',
      '(a|b)',
      '(?:ab)',
      '(?:(a*)*)',
      '',
    );
    const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?');
    const piece = fc.tuple(atom, times).map(([one, count]) => (/^(?:\\b|\^|\$|)$/.test(one) ? one : one + count));
    const source = fc
      .array(fc.array(piece, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
      .map((all) => all.map((each) => each.join('')).join('|'));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '\n', 'é', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(
        source,
        text,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (pattern, input, ignoreCase, multiline, isWhole) => {
          const flags = `u${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}`;
          const wanted = isWhole
            ? new RegExp(`^(?:${pattern})$`, flags.replace('m', '')).test(input)
            : new RegExp(pattern, flags).test(input);
          if (isWhole && multiline) return;
          expect(matchPattern(compilePattern(pattern, { ignoreCase, multiline }), input, isWhole)).toBe(wanted);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('takes time in proportion to the text where backtracking would take for ever', () => {
    const text = `${'a'.repeat(5_000)}!`;
    for (const pattern of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      expect([pattern, matches(pattern, text)]).toEqual([pattern, false]);
    }
  });

  test('gives up with "too much" instead of taking long', () => {
    expect(matchPattern(compilePattern('[a-z]{900}x'), 'a'.repeat(50_000), false)).toBeUndefined();
  });

  test.each([
    ['(?=a)', 'ahead or behind'],
    ['(?<!a)b', 'ahead or behind'],
    ['(a)\\1', 'back to a group'],
    ['(a', 'no )'],
    ['a)', 'without its ('],
    ['[a', 'no ]'],
    ['*a', 'nothing before *'],
    ['a{2,1}', 'wrong order'],
    ['a{5000}', 'repetitions'],
    ['((a{900}){900}){900}', 'too large'],
    ['(((){1000}){1000}){1000}a{5}{6}', 'cannot be repeated'],
    ['[z-a]', 'cannot be read'],
    ['\\u12', 'not complete'],
    ['\\', 'lone'],
    ['('.repeat(60), 'deep'],
    ['a'.repeat(3_000), '2000 characters'],
  ])('%.30s is refused with the reason', (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(PatternProblem);
    expect(() => compilePattern(pattern)).toThrow(reason);
  });

  test('counts of nothing are nothing', () => {
    expect(matches('(((){1000}){1000}){1000}a', 'a', true)).toBe(true);
  });
});
