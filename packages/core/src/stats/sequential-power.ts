import { type CannotTell, cannotTell, requirePositive, requireProbability } from './cannot-tell.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { largestPlan } from './fixed-power.ts';
import { planSequential, type SequentialPlan, sequentialBoundary } from './sequential-plan.ts';

/** A test that is watched all the time and stops at the boundary, at the latest at its planned end. */
export interface SequentialDesign {
  /**
   * Standard error of the effect × √observations: the deviation of a pair's difference; for two equal arms counted
   * per arm, √2 times that of one value; times √designEffect when clustered. Unit of the metric.
   */
  readonly deviation: number;
  readonly confidence?: number;
  readonly sides?: 1 | 2;
}

export interface SequentialOutlook {
  /** Chance to conclude by the planned end. */
  readonly power: number;
  /** Mean of the observations at the end of the test, stopped early or not, as a share of the plan. */
  readonly expectedShare: number;
}

const looks = 36;
const gridPoints = 120;

/**
 * Outlook of a plan of `size` observations at a true `effect` (unit of the metric): the chance that a Brownian motion with
 * drift crosses the boundary at one of 36 looks spread over the plan, by recursive numerical integration (Armitage,
 * McPherson & Rowe 1969). Watching continuously concludes a little earlier, so the power is understated slightly.
 */
export function sequentialPower(design: SequentialDesign, effect: number, size: number): SequentialOutlook {
  requirePositive(design.deviation, 'deviation');
  requirePositive(size, 'size');
  return crossing(planFor(design), (Math.abs(effect) / design.deviation) * Math.sqrt(size));
}

/** Smallest planned size with `power`; the boundary is tuned to it. "Cannot tell" above ten million or at effect 0. */
export function sequentialSampleSize(design: SequentialDesign, effect: number, power: number): number | CannotTell {
  requireProbability(power, 'power');
  requirePositive(design.deviation, 'deviation');
  if (!Number.isFinite(effect) || effect === 0) {
    return cannotTell(
      'out-of-range',
      'An effect of zero cannot be found by any number of answers; state one that matters.',
    );
  }
  const size = Math.ceil((standardizedDrift(design, power) * (design.deviation / Math.abs(effect))) ** 2);
  if (size > largestPlan) {
    return cannotTell('out-of-range', 'This test cannot conclude: it would take more than ten million answers.');
  }
  return Math.max(2, size);
}

/** Smallest effect (unit of the metric) that a plan of `size` observations finds with `power`. */
export function sequentialDetectableEffect(design: SequentialDesign, size: number, power: number): number {
  requireProbability(power, 'power');
  requirePositive(design.deviation, 'deviation');
  requirePositive(size, 'size');
  return (standardizedDrift(design, power) * design.deviation) / Math.sqrt(size);
}

/**
 * effect/deviation·√size that gives `power`. The boundary is tuned to the plan, so the whole problem has no other scale:
 * one root serves sample size and detectable effect alike. In normal quantiles the power is almost a line in the
 * drift with slope 1, so each step adds what is missing.
 */
function standardizedDrift(design: SequentialDesign, power: number): number {
  const plan = planFor(design);
  const target = normalQuantile(power);
  let drift = Math.max(0.1, sequentialBoundary(1, plan) + target - 0.3);
  for (let step = 0; step < 20; step++) {
    const reached = Math.min(1 - 1e-12, Math.max(1e-12, crossing(plan, drift).power));
    const change = target - normalQuantile(reached);
    if (drift === 0 && change <= 0) break;
    drift = Math.max(0, drift + change);
    if (Math.abs(change) < 1e-5) break;
  }
  return drift;
}

/** A plan of one unit of time: size and scale drop out. */
function planFor(design: SequentialDesign): SequentialPlan {
  return planSequential({
    plannedObservations: 1,
    ...(design.confidence === undefined ? {} : { confidence: design.confidence }),
    ...(design.sides === undefined ? {} : { sides: design.sides }),
  });
}

/** Brownian motion W(t) + drift·t on (0, 1], stopped at ±boundary(t)·√t (only + when one-sided). */
function crossing(plan: SequentialPlan, drift: number): SequentialOutlook {
  let density = new Float64Array(0);
  let points = new Float64Array(0);
  let spacing = 0;
  let before = 0;
  let running = 1;
  let expectedShare = 0;
  for (let look = 1; look <= looks; look++) {
    const time = (look / looks) ** 1.5;
    const upper = sequentialBoundary(time, plan) * Math.sqrt(time);
    const lower = plan.sides === 2 ? -upper : Math.min(-upper, drift * time - 8 * Math.sqrt(time));
    const deviation = Math.sqrt(time - before);
    const nextSpacing = (upper - lower) / gridPoints;
    const nextPoints = Float64Array.from({ length: gridPoints }, (_, i) => lower + (i + 0.5) * nextSpacing);
    const next = new Float64Array(gridPoints);
    const move = drift * (time - before);
    for (let i = 0; i < gridPoints; i++) {
      const low = nextPoints[i]! - nextSpacing / 2 - move;
      if (before === 0) {
        next[i] = normalCdf((low + nextSpacing) / deviation) - normalCdf(low / deviation);
        continue;
      }
      next[i] = spread(density, points, spacing, nextPoints[i]! - move, deviation) * nextSpacing;
    }
    const left = next.reduce((sum, mass) => sum + mass, 0);
    const stillRunning = Math.min(running, left);
    expectedShare += running * (time - before);
    running = stillRunning;
    density = next;
    points = nextPoints;
    spacing = nextSpacing;
    before = time;
  }
  return { power: 1 - running, expectedShare: Math.min(1, expectedShare) };
}

/** Density at `target` after one step of normal noise from point masses `density` at `points`. */
function spread(
  density: Float64Array,
  points: Float64Array,
  spacing: number,
  target: number,
  deviation: number,
): number {
  const reach = 6.5 * deviation;
  const from = Math.max(0, Math.floor((target - reach - points[0]!) / spacing));
  const to = Math.min(points.length - 1, Math.ceil((target + reach - points[0]!) / spacing));
  let sum = 0;
  for (let k = from; k <= to; k++) {
    const z = (target - points[k]!) / deviation;
    sum += density[k]! * Math.exp(-0.5 * z * z);
  }
  return sum / (deviation * Math.sqrt(2 * Math.PI));
}
