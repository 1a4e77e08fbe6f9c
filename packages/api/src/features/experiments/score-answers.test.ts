import { readExperiment } from '@switchyard/core/experiments';
import { describe, expect, test } from 'vitest';
import type { CallResult } from './ask-variant.ts';
import { CallPermits } from './call-permits.ts';
import { fillPrompt, unknownPlaces } from './fill-prompt.ts';
import { type AskJudge, scoreByChecks, scoreByJudges } from './score-answers.ts';

const { definition } = readExperiment({
  hypothesis: 'h',
  source: { type: 'paired', datasetVersionId: 'd' },
  baseline: 'a',
  variants: ['a', 'b', 'c'].map((key) => ({ key, model: `sim/${key}` })),
  scorers: {
    right: { check: { type: 'exact' } },
    shape: { check: { type: 'json-schema', schema: { type: 'object', required: ['x'] } } },
    good: { judge: { type: 'rubric', model: 'sim/judge', rubric: 'Be good.' } },
    better: { judge: { type: 'pairwise', model: 'sim/judge', rubric: 'Be better.' } },
  },
  primary: { metric: 'score:right' },
  smallestEffect: 0.1,
  caps: { costUsd: '1' },
});

const came: CallResult = {
  ...{ text: '', failure: undefined, failureMessage: undefined, costNanoUsd: 10n, latencyMs: 1, timeToFirstTokenMs: 1 },
  ...{
    inputTokens: 1,
    outputTokens: 1,
    answeredModelId: 'sim/judge',
    decisionId: undefined,
    contamination: undefined,
    isCut: false,
  },
};
const answers = (scores: object = {}) =>
  new Map(
    ['a', 'b', 'c'].map((key) => [key, { text: `answer of ${key}`, scores: key === 'b' ? (scores as never) : {} }]),
  );
const textOf = (call: Parameters<AskJudge>[1]) => JSON.stringify(call.messages);

describe('scores of a test', () => {
  test('of checks are there at once, with the reason where there is none', () => {
    const scores = scoreByChecks(
      definition!.scorers,
      { prompt: 'p' },
      { text: '{"x":1}', latencyMs: 5, timeToFirstTokenMs: 1 },
    );
    expect(scores).toEqual({
      right: { missing: 'no-expectation', why: expect.stringContaining('expected') },
      shape: { score: 1, why: expect.any(String) },
    });
  });

  test('of judges: a rubric for each answer, a pair for each variant in both orders, all paid for', async () => {
    let calls = 0;
    const judged = await scoreByJudges(definition!, { prompt: 'p' }, answers(), async (judge, call) => {
      calls += 1;
      const text = textOf(call);
      // It prefers c wherever it stands, and in the pair of a and b whoever stands first.
      const winner = text.includes('answer of c')
        ? text.indexOf('answer of c') < text.indexOf('answer of a')
          ? 'A'
          : 'B'
        : 'A';
      return {
        ...came,
        text: JSON.stringify(judge.type === 'rubric' ? { reason: 'r', score: 4 } : { reason: 'r', winner }),
      };
    });
    expect(calls).toBe(3 + 2 * 2);
    expect(judged.get('a')).toMatchObject({ scores: { good: { score: 0.75 } }, costNanoUsd: 10n });
    expect(judged.get('a')!.scores.better).toBeUndefined();
    expect(judged.get('b')).toMatchObject({
      scores: { better: { score: 0.5, why: expect.stringContaining('changed its mind') } },
      costNanoUsd: 30n,
    });
    expect(judged.get('c')).toMatchObject({ scores: { better: { score: 1 } } });
  });

  test('that are there are not paid for again, and a judge that fails or talks nonsense is missing', async () => {
    const asked: string[] = [];
    const judged = await scoreByJudges(
      definition!,
      { prompt: 'p' },
      answers({ good: { score: 1, why: '' }, better: { score: 1, why: '' } }),
      async (judge, call) => {
        asked.push(textOf(call));
        return judge.type === 'rubric'
          ? { ...came, text: 'Splendid!' }
          : { ...came, failure: 'server', failureMessage: 'broken' };
      },
    );
    expect(asked).toHaveLength(2 + 2);
    expect(judged.has('b')).toBe(false);
    expect(judged.get('c')!.scores).toMatchObject({
      good: { missing: 'judge-nonsense' },
      better: { missing: 'judge-failed' },
    });
  });
});

describe('a prompt with places', () => {
  const item = { input: 'What is {{ fields.secret }}?', fields: { topic: 'math', deep: { x: 1 }, none: null } };

  test('is filled once: what an item holds stays text', () => {
    expect(fillPrompt('{{input}} on {{ fields.topic }} {{fields.deep}}{{fields.none}}{{fields.__proto__}}', item)).toBe(
      'What is {{ fields.secret }}? on math {"x":1}',
    );
    expect(fillPrompt('no place, {% loop %} {{ other }}', item)).toBe('no place, {% loop %} {{ other }}');
  });

  test('names what means nothing', () => {
    expect(unknownPlaces('{{ input }} {{ inptu }} {{ fields.a }} {{ fields. }}')).toEqual(['inptu', 'fields.']);
  });
});

test('permits let so many calls run at a time, in order, also when one fails', async () => {
  const permits = new CallPermits(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = (id: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    order.push(id);
    await Promise.resolve();
    running -= 1;
    if (id === 1) throw new Error('broken');
  };
  const settled = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => permits.use(work(id))));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
