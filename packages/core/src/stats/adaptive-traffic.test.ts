import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { type AdaptiveMethod, type AdaptiveObservation, estimateFromAdaptiveTraffic } from './adaptive-traffic.ts';
import { normalCdf } from './distributions.ts';
import { drawNormal } from './draw-normal.ts';

/** Two arms with true means 0.5 and 0.3 under Thompson sampling with an exploration floor of 5 % per arm. */
function thompson(length: number, seed: number): AdaptiveObservation[] {
  const random = createSeededRandom(seed);
  const truth = { a: 0.5, b: 0.3 } as const;
  const posterior = { a: { sum: 0, count: 1 }, b: { sum: 0, count: 1 } };
  return Array.from({ length }, () => {
    const mean = (arm: 'a' | 'b') => posterior[arm].sum / posterior[arm].count;
    const spread = Math.sqrt(0.25 / posterior.a.count + 0.25 / posterior.b.count);
    const a = 0.05 + 0.9 * normalCdf((mean('a') - mean('b')) / spread);
    const chosen = random.next() < a ? 'a' : 'b';
    const reward = truth[chosen] + 0.5 * drawNormal(random);
    posterior[chosen].sum += reward;
    posterior[chosen].count += 1;
    return { chosen, reward, propensities: { a, b: 1 - a } };
  });
}

describe('traffic that Thompson sampling steered', () => {
  const methods: readonly AdaptiveMethod[] = ['ips', 'snips', 'aipw', 'adaptive-aipw'];
  const runs = Array.from({ length: 600 }, (_, seed) => thompson(300, seed));

  test('the plain mean of the losing arm is biased, the weighted estimates are not (600 runs of 300 requests)', () => {
    const meanOfB = runs.map((rows) => {
      const rewards = rows.filter((row) => row.chosen === 'b').map((row) => row.reward);
      return rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length);
    });
    const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(average(meanOfB)).toBeLessThan(0.28);
    for (const method of methods) {
      const estimates = runs.map((rows) => estimateFromAdaptiveTraffic(rows, { b: 1 }, { method }));
      const values = estimates.map((result) => (result.kind === 'estimate' ? result.estimate : Number.NaN));
      const spread = Math.sqrt(average(values.map((value) => (value - average(values)) ** 2)) / runs.length);
      // Three standard errors of the mean over the runs; SNIPS and the adaptive weights may add 0.01 of bias.
      const allowed = 3 * spread + (method === 'ips' || method === 'aipw' ? 0 : 0.01);
      expect(Math.abs(average(values) - 0.3), method).toBeLessThan(allowed);
    }
  });

  test.each(methods)('%s: 95 % intervals of the difference cover in 92 to 98 of 100 runs', (method) => {
    const covered = runs.filter((rows) => {
      const result = estimateFromAdaptiveTraffic(rows, { a: 1, b: -1 }, { method });
      return result.kind === 'estimate' && result.interval.low <= 0.2 && 0.2 <= result.interval.high;
    });
    expect(covered.length / runs.length).toBeGreaterThan(0.92);
    expect(covered.length / runs.length).toBeLessThan(0.98);
  });

  test('predictions make the doubly robust estimate less noisy than plain weighting', () => {
    const error = (method: AdaptiveMethod) =>
      runs.reduce((sum, rows) => {
        const result = estimateFromAdaptiveTraffic(rows, { b: 1 }, { method });
        return sum + (result.kind === 'estimate' ? (result.estimate - 0.3) ** 2 : 1);
      }, 0);
    expect(error('aipw')).toBeLessThan(error('ips'));
  });
});

describe('what the estimate says about itself', () => {
  const even = Array.from({ length: 100 }, (_, i) => ({
    chosen: i % 2 ? 'a' : 'b',
    reward: (i % 7) / 7,
    propensities: { a: 0.5, b: 0.5 },
  }));

  test('with even propensities all methods give the plain mean, worth as many answers as the arm has', () => {
    const rewards = even.filter((row) => row.chosen === 'a').map((row) => row.reward);
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    for (const method of ['ips', 'snips'] as const) {
      const result = estimateFromAdaptiveTraffic(even, { a: 1 }, { method });
      expect(result).toMatchObject({
        estimate: expect.closeTo(mean, 10),
        effectiveSampleSize: expect.closeTo(50, 8),
        cautions: [],
      });
    }
  });

  test('small propensities are named, and cutting weights is marked as such', () => {
    const rare = even.map((row, i) => (i === 1 ? { ...row, propensities: { a: 0.001, b: 0.999 } } : row));
    const plain = estimateFromAdaptiveTraffic(rare, { a: 1 }, { method: 'snips' });
    expect(plain).toMatchObject({
      cautions: ['small-propensities', 'few-effective-values'],
      smallestPropensity: 0.001,
    });
    const cut = estimateFromAdaptiveTraffic(rare, { a: 1 }, { method: 'snips', maxWeight: 10 });
    expect(cut).toMatchObject({ cautions: expect.arrayContaining(['clipped-weights']), clippedShare: 1 / 50 });
    if (cut.kind === 'estimate' && plain.kind === 'estimate') {
      expect(cut.effectiveSampleSize).toBeGreaterThan(plain.effectiveSampleSize);
    }
  });

  test('an arm without a chance, never chosen, NaN rewards and too little traffic cannot be judged', () => {
    expect(estimateFromAdaptiveTraffic(even.slice(0, 5), { a: 1 })).toMatchObject({ reason: 'too-few' });
    expect(estimateFromAdaptiveTraffic(even, { c: 1 })).toMatchObject({ reason: 'out-of-range' });
    const never = even.map((row) => ({ ...row, chosen: 'b' }));
    expect(estimateFromAdaptiveTraffic(never, { a: 1 })).toMatchObject({ reason: 'too-few' });
    const zero = even.map((row) => ({ ...row, propensities: { a: 0, b: 1 } }));
    expect(estimateFromAdaptiveTraffic(zero, { a: 1 })).toMatchObject({ reason: 'out-of-range' });
    const broken = even.map((row, i) => (i === 3 ? { ...row, reward: Number.NaN } : row));
    expect(estimateFromAdaptiveTraffic(broken, { a: 1 })).toMatchObject({ reason: 'not-finite' });
  });
});
