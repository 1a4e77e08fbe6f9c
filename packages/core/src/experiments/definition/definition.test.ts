import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preRegister } from './pre-registration.ts';
import { readExperiment } from './read-definition.ts';

const good = {
  hypothesis: 'B answers better.',
  source: { type: 'paired', datasetVersionId: 'dsv_1' },
  baseline: 'a',
  variants: [
    { key: 'a', model: 'sim/one' },
    { key: 'b', model: 'sim/two' },
  ],
  scorers: { right: { check: { type: 'exact' } } },
  primary: { metric: 'score:right' },
  guardrails: [{ metric: 'costUsd', margin: 0.001 }],
  smallestEffect: 0.05,
  caps: { costUsd: '5' },
};
const problemsOf = (change: object) => readExperiment({ ...good, ...change }).problems;
const placesOf = (change: object) => problemsOf(change).map(({ severity, path }) => `${severity} ${path.join('.')}`);

describe('the definition of a test', () => {
  test('is read with its defaults', () => {
    expect(readExperiment(good)).toMatchObject({
      problems: [],
      definition: {
        stop: { alpha: 0.05, onWin: true },
        failedAnswers: 'count-as-worst',
        source: { repeats: 1 },
        caps: { concurrency: 4 },
      },
    });
  });

  test('tells all problems at once, each with its place, also across parts', () => {
    const { definition, problems } = readExperiment({
      ...good,
      hypothesis: ' ',
      baseline: 'c',
      variants: [
        { key: 'a', model: 'sim/one' },
        { key: 'a', model: 'x', workflow: { name: 'w', version: 1 } },
      ],
      smallestEffect: 0,
      guardrails: [
        { metric: 'costUSD', margin: 0.1 },
        { metric: 'success', margin: 0 },
      ],
      caps: { costUsd: 'lots' },
      surprise: 1,
    });
    expect(definition).toBeUndefined();
    const places = problems.map(({ path }) => path.join('.'));
    for (const place of [
      'hypothesis',
      'variants.1.model',
      'smallestEffect',
      'guardrails.1.margin',
      'caps.costUsd',
      '',
    ]) {
      expect(places).toContain(place);
    }
  });

  test('refuses what has no meaning', () => {
    expect(placesOf({ variants: [good.variants[0]] })).toContain('error variants');
    expect(placesOf({ variants: [...good.variants, { key: 'b', model: 'sim/three' }] })).toEqual([
      'error variants.2.key',
    ]);
    expect(placesOf({ baseline: 'z' })).toEqual(['error baseline']);
    expect(placesOf({ primary: { metric: 'score:wrong' } })).toContain('error primary.metric');
    expect(problemsOf({ primary: { metric: 'costUSD' } })[0]?.message).toContain('Did you mean "costUsd"?');
    expect(placesOf({ primary: { metric: 'costUsd' } })).toContain('error guardrails.0.metric');
    expect(placesOf({ smallestEffect: 1.5 })).toEqual(['error smallestEffect']);
    expect(placesOf({ primary: { metric: 'score:right', margin: 1 } })).toEqual(['error primary.margin']);
    expect(placesOf({ caps: { costUsd: '0.0' } })).toEqual(['error caps.costUsd']);
  });

  test('warns of tests that check the setup, of judges near to what they judge, and of tests too small', () => {
    expect(placesOf({ variants: [good.variants[0], { key: 'b', model: 'sim/one' }] })).toEqual(['warning variants.1']);
    const judge = { type: 'rubric', model: 'sim/two', rubric: 'r' };
    expect(placesOf({ scorers: { right: { judge } } })).toEqual([
      'warning scorers.right.judge.model',
      'warning scorers.right.judge.model',
    ]);
    expect(placesOf({ source: { ...good.source, maxItems: 3 } })).toEqual(['warning source.maxItems']);
    expect(readExperiment({ ...good, source: { ...good.source, maxItems: 3 } }).definition).toBeDefined();
  });

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(good)), (value, name) => {
        readExperiment(value);
        readExperiment({ ...good, [name]: value });
      }),
      { numRuns: 300 },
    );
  });
});

describe('what was decided before the start', () => {
  test('has the same text and hash whatever the order of names, and another one for any change', () => {
    const frozen = preRegister({ b: [1, { d: 1, c: undefined }], a: 'x' });
    expect(frozen).toEqual(preRegister({ a: 'x', b: [1, { d: 1 }] }));
    expect(frozen.text).toBe('{"a":"x","b":[1,{"d":1}]}');
    expect(preRegister({ a: 'x', b: [1, { d: 2 }] }).hash).not.toBe(frozen.hash);
    expect(preRegister(JSON.parse('{"__proto__":1}')).text).toBe('{"__proto__":1}');
  });
});
