import { type CannotTell, cannotTell, requirePositive, requireProbability } from './cannot-tell.ts';
import { normalQuantile, studentQuantile } from './distributions.ts';
import { noncentralStudentCdf } from './noncentral-t.ts';

/** A test that is read once, at its planned end. */
export interface FixedDesign {
  /**
   * 'paired': `deviation` is that of the difference of one pair, n counts pairs. 'two-arm': `deviation` is that of one value
   * (both arms alike), n counts the values of the baseline arm.
   */
  readonly kind: 'paired' | 'two-arm';
  /** Standard deviation, unit of the metric. */
  readonly deviation: number;
  /** Size of the variant arm as a multiple of the baseline arm; 1 unless given; 'two-arm' only. */
  readonly allocation?: number;
  /** 1 − α, 0.95 unless given. */
  readonly confidence?: number;
  /** 2 unless given; 1 for a margin (non-inferiority): `effect` is then the distance to the margin. */
  readonly sides?: 1 | 2;
  /** Variance inflation by clustering (`designEffect`), 1 unless given. */
  readonly designEffect?: number;
}

/** Most pairs or values a plan may ask for; beyond it the answer is "this test cannot conclude". */
export const largestPlan = 10_000_000;

/** Chance to find a true `effect` (unit of the metric) with `size` pairs or values per baseline arm; noncentral t. */
export function fixedPower(design: FixedDesign, effect: number, size: number): number {
  const { factor, degreesOfFreedom, tail, sides } = readDesign(design, size);
  if (!(degreesOfFreedom >= 1)) return 0;
  const noncentrality = Math.abs(effect) / (factor / Math.sqrt(size));
  const critical = -studentQuantile(tail, degreesOfFreedom);
  const upper = 1 - noncentralStudentCdf(critical, degreesOfFreedom, noncentrality);
  return sides === 1 ? upper : upper + noncentralStudentCdf(-critical, degreesOfFreedom, noncentrality);
}

/** Smallest whole size that reaches `power`; "cannot tell" when none up to ten million does. */
export function fixedSampleSize(design: FixedDesign, effect: number, power: number): number | CannotTell {
  requireProbability(power, 'power');
  if (!Number.isFinite(effect) || effect === 0) {
    return cannotTell(
      'out-of-range',
      'An effect of zero cannot be found by any number of answers; state one that matters.',
    );
  }
  let low = 2;
  let high = 4;
  while (fixedPower(design, effect, high) < power) {
    low = high;
    high *= 2;
    if (high > largestPlan) {
      return cannotTell('out-of-range', 'This test cannot conclude: it would take more than ten million answers.');
    }
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fixedPower(design, effect, middle) >= power) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** Smallest effect (unit of the metric) that `size` finds with `power`. */
export function fixedDetectableEffect(design: FixedDesign, size: number, power: number): number | CannotTell {
  requireProbability(power, 'power');
  const { factor, degreesOfFreedom, tail } = readDesign(design, size);
  if (!(degreesOfFreedom >= 1)) return cannotTell('too-few', `${size} is too few to find any effect.`);
  const unit = factor / Math.sqrt(size);
  let low = 0;
  let high = unit * (normalQuantile(power) + 1 - studentQuantile(tail, degreesOfFreedom));
  while (fixedPower(design, high, size) < power) high *= 2;
  for (let step = 0; step < 60 && high - low > 1e-10 * high; step++) {
    const middle = (low + high) / 2;
    if (fixedPower(design, middle, size) >= power) high = middle;
    else low = middle;
  }
  return high;
}

function readDesign(design: FixedDesign, size: number) {
  const confidence = design.confidence ?? 0.95;
  const sides = design.sides ?? 2;
  const allocation = design.allocation ?? 1;
  const inflation = design.designEffect ?? 1;
  requireProbability(confidence, 'confidence');
  requirePositive(design.deviation, 'deviation');
  requirePositive(allocation, 'allocation');
  requirePositive(inflation, 'designEffect');
  const arms = design.kind === 'paired' ? 1 : 1 + 1 / allocation;
  return {
    /** Standard error × √size. */
    factor: design.deviation * Math.sqrt(arms * inflation),
    degreesOfFreedom: design.kind === 'paired' ? size - 1 : size * (1 + allocation) - 2,
    tail: (1 - confidence) / sides,
    sides,
  };
}
