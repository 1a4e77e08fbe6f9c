import { type AnsweredItem, type ExperimentDefinition, readExperiment } from '@switchyard/core/experiments';
import { expect, test } from 'vitest';
import { findItems } from './find-items.ts';
import { mostLooks, pastLooks } from './look-history.ts';

const definition = readExperiment({
  hypothesis: 'B is right more often.',
  source: { type: 'paired', datasetVersionId: 'dsv_1' },
  baseline: 'a',
  variants: [
    { key: 'a', model: 'sim/one' },
    { key: 'b', model: 'sim/two' },
  ],
  scorers: { right: { check: { type: 'exact' } } },
  primary: { metric: 'score:right' },
  smallestEffect: 0.1,
  caps: { costUsd: '5' },
}).definition as ExperimentDefinition;

const item = (itemId: string, a: number, b: number, change: object = {}): AnsweredItem => ({
  itemId,
  answers: [
    { variant: 'a', repeat: 0, scores: { right: a } },
    { variant: 'b', repeat: 0, scores: { right: b }, ...change },
  ],
});

// Three of four items are alike; b is right where a is not in one of four.
const items = Array.from({ length: 400 }, (_, i) => item(`i${i}`, i % 4 === 0 ? 0 : i % 2, i % 4 === 0 ? 1 : i % 2));

test('the interval of a test narrows while items come in, and its last look is that of now', () => {
  const looks = pastLooks({ definition, plannedUnits: 400 }, items, true);
  expect(looks).toHaveLength(mostLooks);
  expect(looks.at(-1)?.items).toBe(400);
  const widths = looks.flatMap(({ effects: [effect] }) =>
    effect?.high === undefined || effect.low === undefined ? [] : [effect.high - effect.low],
  );
  expect(widths.length).toBeGreaterThan(40);
  expect(widths.at(-1)).toBeLessThan((widths[0] ?? 0) / 3);
  expect(looks[0]?.effects).toEqual([
    { variant: 'b', metric: 'score:right', estimate: undefined, low: undefined, high: undefined },
  ]);
  expect(looks.at(-1)?.effects[0]?.estimate).toBeCloseTo(0.25);
});

test('a test without answers has no looks', () => {
  expect(pastLooks({ definition, plannedUnits: 400 }, [], false)).toEqual([]);
});

test('a live split is looked at by units, each counted once, and its interval narrows too', () => {
  const source = { type: 'live-split', workflowName: 'w', stepId: 's', unit: 'user', plannedUnits: 200 } as const;
  const live = { ...definition, source } as ExperimentDefinition;
  const executions = Array.from({ length: 400 }, (_, i): AnsweredItem => {
    const user = Math.floor(i / 2);
    const variant = user % 2 === 0 ? 'a' : 'b';
    const right = variant === 'b' || user % 4 === 0 ? 1 : 0;
    return { itemId: `e${i}`, cluster: `u${user}`, answers: [{ variant, repeat: 0, scores: { right } }] };
  });
  const looks = pastLooks({ definition: live, plannedUnits: 200 }, executions, true);
  expect(looks.at(-1)?.items).toBe(200);
  const told = looks.flatMap(({ effects: [effect] }) =>
    effect?.high === undefined || effect.low === undefined ? [] : [effect.high - effect.low],
  );
  expect(told.length).toBeGreaterThan(5);
  expect(told.at(-1)).toBeLessThan(told[0] ?? 0);
});

test('items are found by what happened to them, the gravest first', () => {
  const all = [
    item('same', 1, 1),
    item('worse', 0.5, 0.25),
    item('better', 0, 1),
    item('worst', 1, 0),
    item('failed', 0, 0, { failure: 'timeout', scores: {} }),
    item('spoilt', 1, 0, { contamination: 'failover' }),
  ];
  const find = (shown: Parameters<typeof findItems>[2]['shown'], variant?: string) =>
    findItems(definition, all, { shown, variant });
  expect(find('all')).toHaveLength(6);
  expect(find('disagreements').slice(2)).toEqual(['worse']);
  expect(find('disagreements').slice(0, 2).toSorted()).toEqual(['better', 'worst']);
  expect(find('losses')).toEqual(['worst', 'worse']);
  expect(find('failures')).toEqual(['failed']);
  expect(find('contaminated', 'b')).toEqual(['spoilt']);
  expect(find('losses', 'nobody')).toEqual([]);
});
