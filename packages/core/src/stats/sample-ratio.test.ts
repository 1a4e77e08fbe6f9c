import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { sampleRatioTest } from './sample-ratio.ts';
import { observeSampleRatio, splitEvidence, startSampleRatioWatch } from './sequential-sample-ratio.ts';

describe('chi-square check of the split', () => {
  test('agrees with scipy 1.10.1', () => {
    // scipy.stats.chisquare([5120, 4880]); scipy.stats.chisquare([480, 530, 590], [1600/3]*3)
    expect(sampleRatioTest([5_120, 4_880], [1, 1])).toMatchObject({ chiSquare: expect.closeTo(5.76, 10) });
    const two = sampleRatioTest([5_120, 4_880], [50, 50]);
    if (two.kind === 'sample-ratio') expect(two.pValue).toBeCloseTo(0.01639507184919225, 10);
    const three = sampleRatioTest([480, 530, 590], [1, 1, 1]);
    if (three.kind === 'sample-ratio') expect(three.pValue).toBeCloseTo(0.003388052521834713, 10);
  });

  test('too few assignments, none, and bad settings', () => {
    expect(sampleRatioTest([0, 0], [1, 1])).toMatchObject({ reason: 'empty' });
    expect(sampleRatioTest([3, 4], [1, 1])).toMatchObject({ reason: 'too-few' });
    expect(() => sampleRatioTest([10], [1])).toThrow(RangeError);
    expect(() => sampleRatioTest([10, 10], [1, 0])).toThrow(RangeError);
    expect(() => sampleRatioTest([10.5, 10], [1, 1])).toThrow(RangeError);
  });
});

describe('sequential check of the split', () => {
  /** The assignment number at which p first falls to 0.05, or undefined. */
  function firstAlarm(
    shares: readonly number[],
    weights: readonly number[],
    length: number,
    seed: number,
  ): number | undefined {
    const random = createSeededRandom(seed);
    const counts = weights.map(() => 0);
    let watch = startSampleRatioWatch(weights.length);
    for (let n = 1; n <= length; n++) {
      let rest = random.next();
      const arm = shares.findIndex((share) => {
        rest -= share;
        return rest < 0;
      });
      counts[arm < 0 ? shares.length - 1 : arm]! += 1;
      const look = observeSampleRatio(watch, counts, weights);
      watch = look.watch;
      if (look.pValue <= 0.05) return n;
    }
    return undefined;
  }

  test('the evidence has mean 1 under the plan, exactly: all outcomes of 12 assignments at 30 : 70', () => {
    let mean = 0;
    let ways = 1;
    for (let k = 0; k <= 12; k++) {
      mean += ways * 0.3 ** k * 0.7 ** (12 - k) * Math.exp(splitEvidence([k, 12 - k], [3, 7]));
      ways = (ways * (12 - k)) / (k + 1);
    }
    expect(mean).toBeCloseTo(1, 10);
  });

  test('looking after each of 1,000 assignments raises a false alarm in at most 5 % of 200 runs', () => {
    let alarms = 0;
    for (let run = 0; run < 200; run++) if (firstAlarm([0.5, 0.3, 0.2], [5, 3, 2], 1_000, run)) alarms++;
    expect(alarms / 200).toBeLessThanOrEqual(0.05);
  });

  test('a variant that loses a fifth of its traffic is found within 3,000 assignments in all of 40 runs', () => {
    for (let run = 0; run < 40; run++)
      expect(firstAlarm([0.5 / 0.9, 0.4 / 0.9], [1, 1], 3_000, 1_000 + run)).toBeDefined();
  });

  test('the p-value never rises again, and the order of the variants does not matter', () => {
    const bad = observeSampleRatio(startSampleRatioWatch(2), [90, 30], [1, 1]);
    expect(bad.pValue).toBeLessThan(1e-4);
    expect(observeSampleRatio(bad.watch, [90, 90], [1, 1]).pValue).toBe(bad.pValue);
    expect(splitEvidence([90, 30, 7], [2, 1, 1])).toBeCloseTo(splitEvidence([7, 30, 90], [1, 1, 2]), 9);
  });
});
