import { requirePositive, requireProbability } from './cannot-tell.ts';

/** What is settled before the first look: the error rate, the side, and where the interval is to be narrowest. */
export interface SequentialPlan {
  /** 1 − confidence: the chance that any look, ever, is wrong. */
  readonly alpha: number;
  readonly sides: 1 | 2;
  /** Observations (pairs, items) at which the boundary is tightest. Fixed before the start. */
  readonly plannedObservations: number;
  /** Below this many observations a look gives no answer. */
  readonly firstLook: number;
  /** ρ² of the normal mixture, from α, sides and plannedObservations. */
  readonly rhoSquared: number;
}

const defaultFirstLook = 20;

/**
 * ρ for the planned number of observations t*: ρ² = (−W₋₁(−α² e⁻¹) − 1) / t* (Waudby-Smith, Arbour, Sinha, Kennedy &
 * Ramdas 2024, "Time-uniform central limit theory", appendix on tuning ρ; the exact optimum, where they also give the
 * approximation (−2 ln α + ln(1 − 2 ln α)) / t*). One-sided boundaries use 2α in its place (same appendix). The first look
 * is at 20 observations unless given: the guarantee is one for large samples.
 */
export function planSequential(settings: {
  readonly plannedObservations: number;
  readonly confidence?: number;
  readonly sides?: 1 | 2;
  readonly firstLook?: number;
}): SequentialPlan {
  const alpha = 1 - (settings.confidence ?? 0.95);
  const sides = settings.sides ?? 2;
  requireProbability(alpha, 'confidence');
  requirePositive(settings.plannedObservations, 'plannedObservations');
  const tuning = Math.min(0.99, sides === 1 ? 2 * alpha : alpha);
  return {
    alpha,
    sides,
    plannedObservations: settings.plannedObservations,
    firstLook: Math.max(2, settings.firstLook ?? defaultFirstLook),
    rhoSquared: optimalIntrinsicTime(tuning) / settings.plannedObservations,
  };
}

/** x = −W₋₁(−α²/e) − 1, the root of x = ln(1 + x) − 2 ln α, by Newton's method. */
function optimalIntrinsicTime(alpha: number): number {
  const target = -2 * Math.log(alpha);
  let x = target + Math.log(1 + target);
  for (let step = 0; step < 50; step++) {
    const change = (x - Math.log1p(x) - target) / (1 - 1 / (1 + x));
    x -= change;
    if (Math.abs(change) < 1e-14 * x) break;
  }
  return x;
}

/**
 * How many standard errors the estimate may lie from the truth at this look. Two-sided √(2(x+1)/x · ln(√(x+1)/α)),
 * one-sided √(2(x+1)/x · ln(1 + √(x+1)/(2α))), x = t·ρ² (Waudby-Smith et al. 2024, Theorem 2.2 and its one-sided form;
 * the mixture is Robbins 1970).
 */
export function sequentialBoundary(observations: number, plan: SequentialPlan): number {
  const x = observations * plan.rhoSquared;
  const root = Math.sqrt(x + 1);
  const log = plan.sides === 2 ? Math.log(root / plan.alpha) : Math.log1p(root / (2 * plan.alpha));
  return Math.sqrt(((2 * (x + 1)) / x) * log);
}

/** The p-value at which the boundary would just be touched by `z` standard errors; at most 1. */
export function sequentialPValue(z: number, observations: number, plan: SequentialPlan): number {
  const x = observations * plan.rhoSquared;
  const exponent = (z * z * x) / (2 * (x + 1));
  if (plan.sides === 2) return Math.min(1, Math.exp(0.5 * Math.log1p(x) - exponent));
  if (z <= 0) return 1;
  return Math.min(1, Math.exp(0.5 * Math.log1p(x) - Math.LN2 - exponent - Math.log1p(-Math.exp(-exponent))));
}
