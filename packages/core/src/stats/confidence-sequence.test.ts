import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom, type Random } from '../kernel/index.ts';
import { anytimeDifference } from './anytime-difference.ts';
import { anytimeEstimate, anytimeMean, startMeanWatch, watchMean } from './confidence-sequence.ts';
import { drawNormal } from './draw-normal.ts';
import { addToMoments, momentsOf, noMoments, skewnessOf, varianceOf } from './running-moments.ts';
import { planSequential, sequentialBoundary, sequentialPValue } from './sequential-plan.ts';

describe('tuning', () => {
  test('ρ² is the optimum for the planned number of pairs, not a fixed one', () => {
    // -scipy.special.lambertw(-.05**2/numpy.e, k=-1).real - 1, and with .1 for the one-sided plan (scipy 1.10.1)
    expect(planSequential({ plannedObservations: 250 }).rhoSquared * 250).toBeCloseTo(8.211968062068253, 10);
    expect(planSequential({ plannedObservations: 5_000 }).rhoSquared * 5_000).toBeCloseTo(8.211968062068253, 10);
    expect(planSequential({ plannedObservations: 80, sides: 1 }).rhoSquared * 80).toBeCloseTo(6.638352067993812, 10);
  });

  test('at the planned size no other plan has a narrower interval', () => {
    const at = (planned: number) => sequentialBoundary(400, planSequential({ plannedObservations: planned }));
    for (const other of [50, 200, 350, 450, 800, 5_000]) expect(at(400)).toBeLessThan(at(other));
  });

  test('the p-value is the inverse of the boundary, one- and two-sided', () => {
    for (const sides of [1, 2] as const) {
      const plan = planSequential({ plannedObservations: 300, sides });
      for (const n of [20, 100, 300, 2_000]) {
        expect(sequentialPValue(sequentialBoundary(n, plan), n, plan)).toBeCloseTo(0.05, 10);
      }
    }
  });
});

describe('a look', () => {
  const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 20, maxLength: 80 });

  test('rejects exactly when the interval leaves the null out, for any data, skewed or not', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.constantFrom(1 as const, 2 as const),
        (data, nullValue, sides) => {
          const plan = planSequential({ plannedObservations: 60, sides });
          const look = anytimeMean(momentsOf(data), plan, { nullValue });
          if (look.kind === 'cannot-tell') return;
          const outside = nullValue < look.interval.low || nullValue > look.interval.high;
          if (Math.abs(look.pValue - 0.05) > 1e-9) expect(look.pValue < 0.05).toBe(outside);
        },
      ),
    );
  });

  test('is symmetric in the sign and indifferent to the unit', () => {
    const plan = planSequential({ plannedObservations: 60 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 100, noNaN: true }), (data, unit) => {
        const plain = anytimeMean(momentsOf(data), plan);
        const turned = anytimeMean(momentsOf(data.map((value) => -unit * value)), plan);
        if (plain.kind === 'cannot-tell' || turned.kind === 'cannot-tell') return;
        expect(turned.pValue).toBeCloseTo(plain.pValue, 6);
        expect(turned.interval.low / unit).toBeCloseTo(-plain.interval.high, 6);
      }),
    );
  });

  test('the running watch equals the look at all values at once, and its p never rises', () => {
    const plan = planSequential({ plannedObservations: 100 });
    const random = createSeededRandom(3);
    let watch = startMeanWatch;
    const seen: number[] = [];
    let before = 1;
    for (let i = 0; i < 100; i++) {
      seen.push(drawNormal(random) + 0.4);
      const next = watchMean(watch, seen.at(-1)!, plan);
      watch = next.watch;
      expect(watch.minPValue).toBeLessThanOrEqual(before);
      before = watch.minPValue;
    }
    const whole = anytimeMean(momentsOf(seen), plan);
    if (whole.kind === 'cannot-tell') throw new Error(whole.message);
    expect(watch.minPValue).toBeLessThanOrEqual(whole.pValue);
    expect(watch.low).toBeGreaterThanOrEqual(whole.interval.low - 1e-12);
    expect(structuredClone(watch)).toEqual(watch);
  });

  test('three pairs, equal values and NaN give no interval', () => {
    const plan = planSequential({ plannedObservations: 100 });
    expect(anytimeMean(momentsOf([1, 2, 3]), plan)).toMatchObject({
      reason: 'too-few',
      message: expect.stringContaining('20'),
    });
    expect(anytimeMean(noMoments, plan)).toMatchObject({ reason: 'too-few' });
    expect(anytimeMean(momentsOf(new Array(30).fill(0.2)), plan)).toMatchObject({ reason: 'zero-variance' });
    const look = { estimate: Number.NaN, standardError: 1, observations: 30, degreesOfFreedom: 29 };
    expect(anytimeEstimate(look, plan)).toMatchObject({ reason: 'not-finite' });
    expect(() => watchMean(startMeanWatch, Number.NaN, plan)).toThrow(RangeError);
  });
});

/** Share of runs in which any look after any pair rejects the truth, up to the planned size. */
function everRejects(draw: (random: Random) => number, planned: number, runs: number, sides: 1 | 2 = 2): number {
  const plan = planSequential({ plannedObservations: planned, sides });
  const random = createSeededRandom(planned);
  // Without skewness the multiplier depends on n alone; it bounds the full look from below, which is asked only beyond it.
  const multiplier = Array.from({ length: planned + 1 }, (_, n) => {
    const look = anytimeEstimate({ estimate: 0, standardError: 1, observations: n, degreesOfFreedom: n - 1 }, plan);
    return look.kind === 'anytime' ? -look.interval.low : Number.POSITIVE_INFINITY;
  });
  let rejected = 0;
  for (let run = 0; run < runs; run++) {
    let moments = noMoments;
    for (let n = 1; n <= planned; n++) {
      moments = addToMoments(moments, draw(random));
      const t = moments.mean / Math.sqrt(moments.squaredDeviations / (n - 1) / n);
      if (!(Math.abs(t) > multiplier[n]!)) continue;
      const look = anytimeMean(moments, plan);
      if (look.kind === 'anytime' && look.pValue <= 0.05) {
        rejected++;
        break;
      }
    }
  }
  return rejected / runs;
}

describe('looking after every pair under a true null rejects at most 5 %', () => {
  const laws: Record<string, (random: Random) => number> = {
    'normal differences': drawNormal,
    'success or not, one pair in five differs': (random) => {
      const u = random.next();
      return u < 0.1 ? 1 : u < 0.2 ? -1 : 0;
    },
    'skewed (exponential) differences': (random) => -Math.log(1 - random.next()) - 1,
  };
  // Runs × observations is kept near 500,000, so each case takes well under a second.
  test.each([250, 500, 1_000, 2_500, 5_000])(
    'planned size %i',
    (planned) => {
      const runs = Math.max(200, Math.round(500_000 / planned));
      for (const [name, draw] of Object.entries(laws)) {
        expect(everRejects(draw, planned, runs), `${name}, ${runs} runs`).toBeLessThanOrEqual(0.05);
        expect(everRejects(draw, planned, Math.round(runs / 2), 1), `${name}, one-sided`).toBeLessThanOrEqual(0.05);
      }
    },
    60_000,
  );

  test('strongly skewed costs (lognormal, σ = 1.2) stay within 7.5 % at 250 planned pairs (1,000 runs)', () => {
    const draw = (random: Random) => Math.exp(1.2 * drawNormal(random)) - Math.exp(0.72);
    expect(everRejects(draw, 250, 1_000)).toBeLessThanOrEqual(0.075);
    expect(skewnessOf(momentsOf([0, 0, 0, 0, 9]))).toBeGreaterThan(1);
  });
});

describe('a live split', () => {
  test('looking after every request rejects at most 5 % of 300 A/A splits of 400 requests, one arm a quarter, skewed', () => {
    const plan = planSequential({ plannedObservations: 400 });
    const random = createSeededRandom(21);
    let rejected = 0;
    for (let run = 0; run < 300; run++) {
      let baseline = noMoments;
      let variant = noMoments;
      for (let n = 1; n <= 400; n++) {
        const cost = -Math.log(1 - random.next());
        if (random.next() < 0.25) variant = addToMoments(variant, cost);
        else baseline = addToMoments(baseline, cost);
        const spread = Math.sqrt(varianceOf(baseline) / baseline.count + varianceOf(variant) / variant.count);
        if (n < 20 || !(Math.abs(variant.mean - baseline.mean) > 2.9 * spread)) continue;
        const look = anytimeDifference(baseline, variant, plan);
        if (look.kind !== 'anytime' || look.pValue > 0.05) continue;
        rejected++;
        break;
      }
    }
    expect(rejected / 300).toBeLessThanOrEqual(0.05);
  });

  test('finds a real difference, turns its sign with the arms, and waits for both arms', () => {
    const plan = planSequential({ plannedObservations: 100 });
    const low = momentsOf(Array.from({ length: 50 }, (_, i) => Math.exp(Math.sin(i)) - 1));
    const high = momentsOf(Array.from({ length: 40 }, (_, i) => 2 + (i % 7 === 0 ? 3 : 0)));
    const there = anytimeDifference(low, high, plan);
    const back = anytimeDifference(high, low, plan);
    if (there.kind === 'cannot-tell' || back.kind === 'cannot-tell') throw new Error('enough values');
    expect(there.interval.low).toBeGreaterThan(0.5);
    expect(back.interval.high).toBeCloseTo(-there.interval.low, 10);
    expect(anytimeDifference(low, momentsOf([1, 2, 3]), plan)).toMatchObject({ reason: 'too-few' });
  });
});
