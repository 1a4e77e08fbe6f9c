import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { preferenceByScores } from './find-self-preference.ts';
import type { PairFact, ScaleFact } from './judge-fact.ts';
import { reportJudge } from './judge-report.ts';

const rubric = (scales: readonly ScaleFact[], pairs: readonly PairFact[] = []) =>
  reportJudge({ type: 'rubric', places: 5, scales, pairs }, createSeededRandom(5));
const pairwise = (pairs: readonly PairFact[]) =>
  reportJudge({ type: 'pairwise', places: 3, scales: [], pairs }, createSeededRandom(5));

/** Answers of known quality; the judge adds `bonus` to its own kind and errs by up to `noise`. */
function answers(count: number, { bonus = 0, noise = 0.1, seed = 1 } = {}): readonly ScaleFact[] {
  const random = createSeededRandom(seed);
  const near = (value: number) => Math.min(1, Math.max(0, value + noise * (2 * random.next() - 1)));
  return Array.from({ length: count }, (_, index) => {
    const quality = 0.2 + 0.5 * random.next();
    const isOwn = index % 2 === 0;
    return {
      unit: `item-${index >> 1}`,
      judge: near(quality + (isOwn ? bonus : 0)),
      ratings: [near(quality), near(quality)],
      kinship: isOwn ? 'same-vendor' : 'none',
    };
  });
}

const pair = (fact: Partial<PairFact>, index: number): PairFact => ({
  unit: `item-${index}`,
  judge: 1,
  votes: [],
  firstKinship: 'none',
  secondKinship: 'none',
  ...fact,
});

describe('a judge beside people', () => {
  test('one that sees what people see agrees; one that draws lots does not, and both say how sure that is', () => {
    const [good] = rubric(answers(120)).agreements;
    const kappa = good!.kappa;
    if (kappa.kind !== 'kappa' || !kappa.interval) throw new Error('no kappa');
    expect(kappa.estimate).toBeGreaterThan(0.6);
    expect(kappa.interval.low).toBeLessThan(kappa.estimate);
    expect(good).toMatchObject({ n: 120, judgements: 240, shareAgreed: { kind: 'proportion' } });
    const lots = answers(120).map((each, index) => ({ ...each, judge: ((index * 37) % 5) / 4 }));
    const { agreements, words } = rubric(lots);
    const drawn = agreements[0]!.kappa;
    expect(drawn.kind === 'kappa' && Math.abs(drawn.estimate)).toBeLessThan(0.25);
    expect(words.join(' ')).toContain('does not agree enough');
  });

  test('below 20 judged answers it is too few to tell, and how many are missing is said', () => {
    const { agreements, words } = rubric(answers(19));
    expect(agreements[0]).toMatchObject({ n: 19, kappa: { reason: 'too-few' }, alpha: { reason: 'too-few' } });
    expect(words.join(' ')).toContain('1 more are needed');
    expect(rubric([]).agreements[0]!.n).toBe(0);
  });

  test('one answer with many words of people counts once', () => {
    const loud = answers(40).map((each, index) => (index === 0 ? { ...each, ratings: new Array(500).fill(0) } : each));
    expect(rubric(loud).agreements[0]).toMatchObject({ n: 40, judgements: 78 + 500 });
  });

  test('perfect agreement is 1, and a judge that always says the same has no kappa', () => {
    const same = answers(60, { noise: 0 }).map((each) => ({ ...each, ratings: [each.judge] }));
    expect(rubric(same).agreements[0]!.kappa).toMatchObject({ kind: 'kappa', estimate: 1 });
    const stubborn = answers(60).map((each) => ({ ...each, judge: 1, ratings: [1] }));
    expect(rubric(stubborn).agreements[0]!.kappa).toMatchObject({ kind: 'cannot-tell', reason: 'zero-variance' });
  });
});

describe('preference for its own kind', () => {
  test('is flagged when it likes its own more than people do, and not when its own is simply better', () => {
    const partial = rubric(answers(120, { bonus: 0.2 })).selfPreference;
    expect(partial).toMatchObject({ isFlagged: true, ownVerdicts: 60, otherVerdicts: 60 });
    expect(partial.excess.kind === 'estimate' && partial.excess.estimate).toBeCloseTo(0.2, 1);
    const better = answers(120).map((each) =>
      each.kinship === 'none' ? each : { ...each, judge: each.judge + 0.3, ratings: each.ratings.map((r) => r + 0.3) },
    );
    expect(rubric(better).selfPreference.isFlagged).toBe(false);
  });

  test('a fair judge is flagged in about one of forty cases (400 runs of 60 answers)', () => {
    let flagged = 0;
    for (let seed = 0; seed < 400; seed += 1) {
      const facts = answers(60, { seed, noise: 0.2 });
      if (preferenceByScores(facts).isFlagged) flagged += 1;
    }
    expect(flagged).toBeLessThan(20);
  });

  test('in pairs it is measured against the votes on the same pairs', () => {
    const partial = pairwise(
      Array.from({ length: 60 }, (_, index) =>
        pair({ judge: index % 5 === 0 ? 0 : 1, votes: [index % 2], secondKinship: 'same-model' }, index),
      ),
    ).selfPreference;
    expect(partial).toMatchObject({ isFlagged: true, ownVerdicts: 60 });
    expect(partial.ownMean).toBeCloseTo(0.8);
    expect(
      pairwise([pair({ firstKinship: 'same-model', secondKinship: 'same-model' }, 0)]).selfPreference,
    ).toMatchObject({
      ownVerdicts: 0,
      excess: { kind: 'cannot-tell' },
    });
  });
});

describe('preference for a place', () => {
  const seen = (baselineFirst: 'first' | 'second' | 'tie', variantFirst: 'first' | 'second' | 'tie', count: number) =>
    Array.from({ length: count }, (_, index) => pair({ orders: { baselineFirst, variantFirst } }, index));

  test('is found by the exact test and told with numbers', () => {
    const { positionBias, words } = pairwise([...seen('first', 'first', 15), ...seen('second', 'first', 25)]);
    expect(positionBias).toMatchObject({ pairs: 40, isBiased: true, changed: { estimate: 0.375 } });
    // scipy.stats.binomtest(15, 15, 0.5).pvalue
    expect(positionBias!.pValue).toBeCloseTo(6.103515625e-5, 12);
    expect(words.join(' ')).toContain('in the first place');
  });

  test('verdicts that change both ways are noise, not a preference; few pairs tell nothing', () => {
    const fair = pairwise([...seen('first', 'first', 10), ...seen('second', 'second', 10), ...seen('tie', 'tie', 5)]);
    expect(fair.positionBias).toMatchObject({ isBiased: false, pValue: 1, changed: { estimate: 0.8 } });
    expect(pairwise(seen('first', 'first', 5)).positionBias).toMatchObject({
      isBiased: false,
      pValue: undefined,
      changed: { reason: 'too-few' },
    });
  });
});
