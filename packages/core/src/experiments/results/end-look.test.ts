import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { readExperiment } from '../definition/read-definition.ts';
import type { AnsweredItem } from '../watch/answer-fact.ts';
import { buildResults } from './build-results.ts';
import { adjustLook, type ItemKnowledge, lookAtEnd, pairsOf } from './end-look.ts';

const definition = readExperiment({
  hypothesis: 'h',
  source: { type: 'paired', datasetVersionId: 'd' },
  baseline: 'a',
  variants: [
    { key: 'a', model: 'sim/one' },
    { key: 'b', model: 'sim/two' },
    { key: 'c', model: 'sim/three' },
  ],
  scorers: { right: { check: { type: 'exact' } } },
  primary: { metric: 'score:right' },
  guardrails: [{ metric: 'latencyMs', margin: 500 }],
  smallestEffect: 0.1,
  caps: { costUsd: '5' },
}).definition!;

const item = (index: number, [a, b, c]: readonly [number, number, number], cluster?: string): AnsweredItem => ({
  itemId: `i${index}`,
  ...(cluster !== undefined && { cluster }),
  answers: [a, b, c].map((score, place) => ({
    ...{ variant: 'abc'[place]!, repeat: 0, latencyMs: 100 + 10 * ((index * 7 + place) % 5), scores: { right: score } },
  })),
});

const lookOnce = (items: readonly AnsweredItem[]) =>
  lookAtEnd('score:right', pairsOf('score:right', 'b', definition, items));
const adjust = (items: readonly AnsweredItem[], knowledge: ItemKnowledge) =>
  adjustLook(pairsOf('score:right', 'b', definition, items), knowledge);

describe('one look at the planned end', () => {
  test('is the exact McNemar test for yes and no', () => {
    const table: readonly (readonly [number, number, number])[] = [
      [20, 1, 1],
      [2, 1, 0],
      [11, 0, 1],
      [7, 0, 0],
    ];
    const items = table.flatMap(([count, a, b]) => Array.from({ length: count }, (_, i) => item(i, [a, b, 0])));
    // scipy.stats.binomtest(2, 13, 0.5).pvalue; 2 * scipy.stats.binom.cdf(1, 13, 0.5) + scipy.stats.binom.pmf(2, 13, 0.5)
    expect(lookOnce(items)).toMatchObject({
      ...{ method: 'mcnemar', n: 40, estimate: 9 / 40, pValue: expect.closeTo(0.0224609375, 12) },
      midPValue: expect.closeTo(0.012939453125, 12),
    });
  });

  test('three samples have an honest interval, two have none, and constant differences are told apart from none', () => {
    const scores = [item(0, [0.5, 0.6, 0]), item(1, [0.4, 0.7, 0]), item(2, [0.3, 0.35, 0])];
    const look = lookOnce(scores);
    // scipy.stats.ttest_rel([0.6, 0.7, 0.35], [0.5, 0.4, 0.3]).pvalue
    expect(look).toMatchObject({ method: 'paired-t', n: 3, pValue: expect.closeTo(0.18849732879931094, 8) });
    expect(look).toMatchObject({ cautions: ['few-values'] });
    expect(lookOnce(scores.slice(0, 2))).toMatchObject({ reason: 'too-few' });
    const constant = scores.map((_each, i) => item(i, [0.25, 0.75, 0]));
    expect(lookOnce(constant)).toMatchObject({ reason: 'zero-variance' });
  });

  test('five clusters count as five, whatever is in them; one cluster cannot tell', () => {
    const random = createSeededRandom(3);
    const items = Array.from({ length: 100 }, (_, i) =>
      item(i, [random.next() < 0.4 ? 1 : 0, random.next() < 0.6 ? 1 : 0, 0], `cluster-${i % 5}`),
    );
    const look = lookOnce(items);
    expect(look).toMatchObject({ method: 'clustered', n: 100, clusters: 5, cautions: ['few-clusters'] });
    const one = items.map((each) => ({ ...each, cluster: 'all' }));
    expect(lookOnce(one)).toMatchObject({ kind: 'cannot-tell' });
  });

  test('stands beside the anytime look in the results, corrected by Holm over variants and goals, each with its n', () => {
    const random = createSeededRandom(8);
    const items = Array.from({ length: 60 }, (_, i) =>
      item(i, [random.next() < 0.3 ? 1 : 0, random.next() < 0.75 ? 1 : 0, random.next() < 0.5 ? 1 : 0]),
    );
    const { variants, summaries } = buildResults({ definition, plannedUnits: 60 }, items, undefined);
    const [b, c] = variants;
    const [primary] = b!.metrics;
    if (primary!.atEnd?.kind !== 'end-look' || primary!.effect.kind !== 'anytime') throw new Error('no look');
    expect(primary!.atEnd.estimate).toBeCloseTo(primary!.effect.estimate, 12);
    expect(primary!.atEnd.holmPValue).toBeCloseTo(4 * primary!.atEnd.pValue, 12);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(primary!.atEnd.interval)).toBeLessThan(width(primary!.effect.interval));
    const shown = c!.metrics.find(({ metric }) => metric === 'success')!;
    expect(shown.atEnd).toMatchObject({ kind: 'end-look', pValue: 1, holmPValue: undefined, n: 60 });
    expect(b!.latencyPairs).toBe(60);
    expect(summaries[0]!.costPerSuccessItems).toBe(0);
  });
});

describe('an adjustment by what was known', () => {
  /** `all` items of which `seen` are answered; harder ones gain more, 0 in the mean over all that there could be. */
  const simulate = (seed: number, seen = 80, all = 800) => {
    const random = createSeededRandom(seed);
    const values = new Map<string, number>();
    const items = Array.from({ length: all }, (_, i) => {
      const hardness = random.next();
      values.set(`i${i}`, hardness);
      return item(i, [0.5, 0.5 + 0.4 * (hardness - 0.5) + 0.2 * (random.next() - 0.5), 0]);
    }).slice(0, seen);
    const mean = [...values.values()].reduce((sum, value) => sum + value, 0) / all;
    return { items, knowledge: { covariate: 'length', values, population: { count: all, mean } } as const };
  };
  const width = ({ low, high }: { low: number; high: number }) => high - low;

  test('takes out that the items seen so far are harder than all, and says how much was saved', () => {
    const { items, knowledge } = simulate(1);
    const plain = lookOnce(items);
    const adjusted = adjust(items, knowledge);
    if (plain.kind !== 'end-look' || adjusted.kind !== 'adjusted') throw new Error('no look');
    expect(adjusted.varianceSaved).toBeGreaterThan(0.5);
    expect(width(adjusted.interval) ** 2 / width(plain.interval) ** 2).toBeCloseTo(1 - adjusted.varianceSaved, 1);
  });

  test('when all items are in there is nothing to gain', () => {
    const { items, knowledge } = simulate(1, 80, 80);
    const plain = lookOnce(items);
    const adjusted = adjust(items, knowledge);
    if (plain.kind !== 'end-look' || adjusted.kind !== 'adjusted') throw new Error('no look');
    expect(adjusted.estimate).toBeCloseTo(plain.estimate, 12);
    expect(adjusted.varianceSaved).toBeLessThan(0.01);
    expect(width(adjusted.interval)).toBeGreaterThanOrEqual(width(plain.interval));
  });

  test.each([
    [80, 800],
    [80, 80],
    [30, 300],
  ])('its intervals hold: %i of %i items seen, 800 runs, coverage within 93 and 97 percent', (seen, all) => {
    let held = 0;
    for (let seed = 0; seed < 800; seed += 1) {
      const { items, knowledge } = simulate(seed, seen, all);
      const look = adjust(items, knowledge);
      if (look.kind === 'adjusted' && look.interval.low <= 0 && look.interval.high >= 0) held += 1;
    }
    expect(held / 800).toBeGreaterThan(0.93);
    expect(held / 800).toBeLessThanOrEqual(0.97);
  });

  test('nothing known, few items, and one value for all cannot be adjusted by', () => {
    const { items, knowledge } = simulate(2);
    const by = (values: ReadonlyMap<string, number>, some = items) => adjust(some, { ...knowledge, values });
    expect(by(new Map())).toMatchObject({ reason: 'not-identified' });
    expect(by(knowledge.values, items.slice(0, 19))).toMatchObject({ reason: 'too-few' });
    expect(by(new Map([...knowledge.values.keys()].map((key) => [key, 3])))).toMatchObject({ reason: 'zero-variance' });
  });
});
