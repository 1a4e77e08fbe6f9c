import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { adjustPValues } from './adjust-p-values.ts';
import { cannotTell } from './cannot-tell.ts';
import { drawNormal } from './draw-normal.ts';
import { decideJointly } from './joint-decision.ts';
import { testMargin, testMarginAnytime } from './margin-test.ts';
import { oneSampleTTest } from './paired-t-test.ts';
import { planSequential } from './sequential-plan.ts';

describe('adjusted p-values', () => {
  test('agree with statsmodels 0.13.5', () => {
    const pValues = [0.001, 0.012, 0.03, 0.04, 0.2, 0.9];
    // statsmodels.stats.multitest.multipletests(p, method='holm')[1] and method='fdr_bh'
    const holm = [0.006, 0.06, 0.12, 0.12, 0.4, 0.9];
    const benjaminiHochberg = [0.006, 0.036, 0.06, 0.06, 0.24, 0.9];
    adjustPValues(pValues, 'holm').forEach((p, i) => {
      expect(p).toBeCloseTo(holm[i]!, 12);
    });
    adjustPValues(pValues, 'benjamini-hochberg').forEach((p, i) => {
      expect(p).toBeCloseTo(benjaminiHochberg[i]!, 12);
    });
    expect(adjustPValues([0.9, 0.001], 'holm')).toEqual([0.9, 0.002]);
    expect(adjustPValues([], 'holm')).toEqual([]);
    expect(() => adjustPValues([0.1, Number.NaN], 'holm')).toThrow(RangeError);
  });
});

describe('a margin', () => {
  const difference = { estimate: -0.01, standardError: 0.008, degreesOfFreedom: 99 };

  test('slightly worse passes a margin that is wide enough, and not superiority', () => {
    expect(testMargin(difference, { better: 'higher', margin: 0.03 }).verdict).toBe('passed');
    expect(testMargin(difference, { better: 'higher', margin: 0 }).verdict).toBe('open');
    expect(testMargin({ ...difference, estimate: -0.09 }, { better: 'higher', margin: 0.03 }).verdict).toBe('harmed');
  });

  test('lower is better mirrors higher is better', () => {
    const up = testMargin(difference, { better: 'higher', margin: 0.02 });
    const down = testMargin({ ...difference, estimate: 0.01 }, { better: 'lower', margin: 0.02 });
    expect(down.passPValue).toBeCloseTo(up.passPValue, 12);
    expect(down.benefitAtLeast).toBeCloseTo(up.benefitAtLeast, 12);
  });

  test('passes exactly when the benefit surely exceeds minus the margin', () => {
    for (const margin of [0.001, 0.01, 0.02, 0.0232, 0.0234, 0.05]) {
      const result = testMargin(difference, { better: 'higher', margin });
      expect(result.verdict === 'passed').toBe(result.benefitAtLeast > -margin);
    }
    expect(() => testMargin(difference, { better: 'higher', margin: -1 })).toThrow(RangeError);
  });

  test('watched all the time it needs more evidence than at one planned look', () => {
    const plan = planSequential({ plannedObservations: 100, sides: 1 });
    const watched = testMarginAnytime({ ...difference, observations: 100 }, { better: 'higher', margin: 0.03 }, plan);
    const once = testMargin(difference, { better: 'higher', margin: 0.03 });
    if (watched.kind === 'cannot-tell') throw new Error(watched.message);
    expect(watched.passPValue).toBeGreaterThan(once.passPValue);
    expect(() =>
      testMarginAnytime(
        { ...difference, observations: 100 },
        { better: 'higher', margin: 0.03 },
        planSequential({ plannedObservations: 9 }),
      ),
    ).toThrow(/one-sided/);
  });
});

describe('"not worse on quality and cheaper, no guardrail harmed"', () => {
  const good = testMargin({ estimate: 1, standardError: 0.1, degreesOfFreedom: 50 }, { better: 'higher', margin: 0 });
  const bad = testMargin({ estimate: -1, standardError: 0.1, degreesOfFreedom: 50 }, { better: 'higher', margin: 0 });
  const open = testMargin({ estimate: 0, standardError: 0.1, degreesOfFreedom: 50 }, { better: 'higher', margin: 0 });

  test('adopts only when every part passes; one unknown or open part blocks it, one harmed part ends it', () => {
    const parts = (last: Parameters<typeof decideJointly>[0][number]['result']) => [
      { name: 'quality', result: good },
      { name: 'cost', result: good },
      { name: 'latency', result: last },
    ];
    expect(decideJointly(parts(good)).verdict).toBe('adopt');
    expect(decideJointly(parts(open))).toMatchObject({ verdict: 'cannot-tell-yet', open: ['latency'], harmed: [] });
    expect(decideJointly(parts(cannotTell('too-few', '…')))).toMatchObject({ verdict: 'cannot-tell-yet', pValue: 1 });
    expect(decideJointly(parts(bad))).toMatchObject({ verdict: 'keep-baseline', harmed: ['latency'] });
    expect(decideJointly([]).verdict).toBe('cannot-tell-yet');
  });

  test('wrongly adopts at most 5 % of variants that are cheaper and lose exactly the margin of quality (2,000 runs)', () => {
    const random = createSeededRandom(11);
    let adopted = 0;
    for (let run = 0; run < 2_000; run++) {
      const quality = oneSampleTTest(Array.from({ length: 40 }, () => drawNormal(random) - 0.2));
      const cost = oneSampleTTest(Array.from({ length: 40 }, () => drawNormal(random) - 2));
      if (quality.kind === 'cannot-tell' || cost.kind === 'cannot-tell') throw new Error('normal draws vary');
      const verdict = decideJointly([
        { name: 'quality', result: testMargin(quality, { better: 'higher', margin: 0.2 }) },
        { name: 'cost', result: testMargin(cost, { better: 'lower', margin: 0 }) },
      ]).verdict;
      if (verdict === 'adopt') adopted++;
    }
    // Nominal 5 % at this worst case; band of three standard errors.
    expect(adopted / 2_000).toBeLessThan(0.065);
    expect(adopted / 2_000).toBeGreaterThan(0.035);
  });
});
