import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreAnswer } from './score-answer.ts';
import { type HeuristicScorer, heuristicScorerSchema } from './scorer.ts';

const read = (scorer: object): HeuristicScorer => heuristicScorerSchema.parse(scorer);
const noSchema = () => [];
const scoreOf = (scorer: object, text: string, expected?: string, more: object = {}) => {
  const score = scoreAnswer(read(scorer), { text, expected, ...more }, noSchema);
  return score.kind === 'score' ? Math.round(score.score * 1_000) / 1_000 : score.reason;
};

describe('scorers without a model', () => {
  test('exact looks through white space, and through case when told', () => {
    expect(scoreOf({ type: 'exact' }, ' Paris \n', 'Paris')).toBe(1);
    expect(scoreOf({ type: 'exact' }, 'paris', 'Paris')).toBe(0);
    expect(scoreOf({ type: 'exact', ignoresCase: true }, 'paris', 'Paris')).toBe(1);
    expect(scoreOf({ type: 'exact' }, 'cafe\u0301', 'caf\u00e9')).toBe(1);
    expect(scoreOf({ type: 'exact', ignoresSpacing: false }, 'a  b', 'a b')).toBe(0);
    expect(scoreOf({ type: 'exact' }, 'Paris')).toBe('no-expectation');
    expect(scoreOf({ type: 'exact', expected: 'Rome' }, 'Rome', 'Paris')).toBe(1);
  });

  test('contains wants all, any, none or the share of texts', () => {
    const texts = ['red', 'Blue'];
    expect(scoreOf({ type: 'contains', texts }, 'RED and blue')).toBe(1);
    expect(scoreOf({ type: 'contains', texts }, 'red')).toBe(0);
    expect(scoreOf({ type: 'contains', texts, wants: 'any' }, 'red')).toBe(1);
    expect(scoreOf({ type: 'contains', texts, wants: 'none' }, 'green')).toBe(1);
    expect(scoreOf({ type: 'contains', texts, wants: 'share' }, 'red')).toBe(0.5);
    expect(scoreOf({ type: 'contains' }, 'it is 42.', '42')).toBe(1);
    expect(scoreOf({ type: 'contains' }, 'it is 42.')).toBe('no-expectation');
  });

  test('a number counts within the larger tolerance, as people write numbers', () => {
    const numeric = { type: 'numeric', tolerance: 0.5, relativeTolerance: 0.01 };
    expect(scoreOf(numeric, 'about 1,234.4 in all', '1234')).toBe(1);
    expect(scoreOf(numeric, '1250', '1234')).toBe(0);
    expect(scoreOf({ type: 'numeric' }, '0.3', String(0.1 + 0.2))).toBe(1);
    expect(scoreOf({ type: 'numeric' }, 'from 3 to 7', '7')).toBe(1);
    expect(scoreOf({ type: 'numeric', takes: 'first' }, 'from 3 to 7', '3')).toBe(1);
    expect(scoreOf({ type: 'numeric', takes: 'whole' }, 'It is 7', '7')).toBe(0);
    expect(scoreOf({ type: 'numeric' }, '12 %'.replace(' ', ''), '0.12')).toBe(1);
    expect(scoreOf({ type: 'numeric' }, 'on 2024-01', '1')).toBe(1);
    expect(scoreOf({ type: 'numeric' }, 'minus: \u22125', '-5')).toBe(1);
    expect(scoreOf({ type: 'numeric' }, 'none', '5')).toBe(0);
    expect(scoreOf({ type: 'numeric' }, '5', 'five')).toBe('no-expectation');
    expect(scoreOf({ type: 'numeric' }, '1'.repeat(400), '5')).toBe(0);
  });

  test('the edit distance is the share of letters that stay, and too long texts have none', () => {
    expect(scoreOf({ type: 'edit-distance' }, 'kitten', 'sitting')).toBe(0.571);
    expect(scoreOf({ type: 'edit-distance' }, '', '')).toBe(1);
    expect(scoreOf({ type: 'edit-distance' }, '', 'abc')).toBe(0);
    expect(scoreOf({ type: 'edit-distance' }, '😀😀', '😀😁')).toBe(0.5);
    expect(scoreOf({ type: 'edit-distance' }, 'a'.repeat(6_000), 'b'.repeat(6_000))).toBe('too-long');
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const scorer = { type: 'edit-distance', ignoresSpacing: false };
        expect(scoreOf(scorer, a, b)).toBe(scoreOf(scorer, b, a));
      }),
    );
  });

  test('length and latency fall off outside of what was asked', () => {
    expect(scoreOf({ type: 'length', max: 4 }, 'one two three four')).toBe(1);
    expect(scoreOf({ type: 'length', max: 2 }, 'one two three four')).toBe(0.5);
    expect(scoreOf({ type: 'length', min: 4 }, 'one')).toBe(0.25);
    expect(scoreOf({ type: 'length', min: 4 }, '')).toBe(0);
    expect(scoreOf({ type: 'length', unit: 'lines', max: 1 }, 'a\r\nb')).toBe(0.5);
    const latency = { type: 'latency', targetMs: 1_000, limitMs: 3_000 };
    expect(scoreOf(latency, '', undefined, { latencyMs: 500 })).toBe(1);
    expect(scoreOf(latency, '', undefined, { latencyMs: 2_000 })).toBe(0.5);
    expect(scoreOf(latency, '', undefined, { latencyMs: 9_000 })).toBe(0);
    expect(scoreOf(latency, '')).toBe('not-measured');
    expect(scoreOf({ ...latency, measure: 'first-token' }, '', undefined, { latencyMs: 5 })).toBe('not-measured');
  });

  test('JSON is checked by the schema; what is no JSON is a bad answer, not a missing score', () => {
    const scorer = read({ type: 'json-schema', schema: { type: 'object' } });
    const check = (value: unknown) => (Array.isArray(value) ? ['answer must be object.'] : []);
    const score = (text: string) => scoreAnswer(scorer, { text }, check);
    expect(score('{"a":1}')).toMatchObject({ score: 1 });
    expect(score('```json\n{"a":1}\n```')).toMatchObject({ score: 1 });
    expect(score('[1]')).toMatchObject({ score: 0, why: 'answer must be object.' });
    expect(score('{')).toMatchObject({ score: 0, why: 'It is not JSON.' });
    expect(score('{"a":1')).toMatchObject({ score: 0 });
  });

  test('patterns match somewhere or the whole answer, and one stored before it was checked is the fault of the scorer', () => {
    expect(scoreOf({ type: 'regex', pattern: '^\\d+$' }, '42')).toBe(1);
    expect(scoreOf({ type: 'regex', pattern: 'cat', isWholeAnswer: true }, 'a cat')).toBe(0);
    expect(scoreOf({ type: 'regex', pattern: 'CAT', ignoresCase: true, shouldMatch: false }, 'a cat')).toBe(0);
    const broken = { ...read({ type: 'regex', pattern: 'a' }), pattern: '(' } as HeuristicScorer;
    expect(scoreAnswer(broken, { text: 'a' }, noSchema)).toMatchObject({ reason: 'bad-scorer' });
  });

  test('a definition says what is wrong with it, by its place', () => {
    const problems = (scorer: object) =>
      heuristicScorerSchema.safeParse(scorer).error?.issues.map(({ path }) => path.join('.'));
    expect(problems({ type: 'regex', pattern: '(' })).toEqual(['pattern']);
    expect(problems({ type: 'length' })).toEqual(['max']);
    expect(problems({ type: 'latency', targetMs: 5, limitMs: 5 })).toEqual(['limitMs']);
    expect(problems({ type: 'numeric', tolerance: -1 })).toEqual(['tolerance']);
    expect(problems({ type: 'magic' })).toEqual(['type']);
  });

  test('every score lies between 0 and 1, whatever the answer', () => {
    const scorers = [
      { type: 'exact' },
      { type: 'contains' },
      { type: 'regex', pattern: '(a|b)*c' },
      { type: 'edit-distance' },
      { type: 'numeric' },
      { type: 'length', min: 2, max: 3 },
    ].map(read);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
        (text, expected) => {
          for (const scorer of scorers) {
            const score = scoreAnswer(scorer, { text, expected }, noSchema);
            if (score.kind === 'score') expect(score.score >= 0 && score.score <= 1).toBe(true);
          }
        },
      ),
    );
  });
});
