import { type CannotTell, cannotTell, requireProbability } from './cannot-tell.ts';
import { studentQuantile, studentTwoSided } from './distributions.ts';

/** What a reader should know before trusting an estimate; each has a sentence in docs/statistics.md. */
export type Caution = 'few-values' | 'few-clusters' | 'small-propensities' | 'few-effective-values' | 'clipped-weights';

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Coverage asked for, e.g. 0.95. */
  readonly confidence: number;
}

/** A number with its uncertainty, in the unit of the data (or as a share, where the function says so). */
export interface Estimate {
  readonly kind: 'estimate';
  readonly estimate: number;
  readonly standardError: number;
  /** Infinity stands for the normal distribution. */
  readonly degreesOfFreedom: number;
  readonly interval: Interval;
  /** Two-sided, against "no effect" (0 unless the function says otherwise). */
  readonly pValue: number;
  readonly cautions: readonly Caution[];
}

export interface ConfidenceOption {
  /** Coverage of the interval, 0.95 unless given. */
  readonly confidence?: number;
}

export const defaultConfidence = 0.95;

/** Estimate ± t quantile × standard error; "cannot tell" when the standard error is 0 or not finite. */
export function studentEstimate(
  parts: { readonly estimate: number; readonly standardError: number; readonly degreesOfFreedom: number },
  options: ConfidenceOption & { readonly nullValue?: number; readonly cautions?: readonly Caution[] } = {},
): Estimate | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  requireProbability(confidence, 'confidence');
  const { estimate, standardError, degreesOfFreedom } = parts;
  if (!Number.isFinite(estimate) || !Number.isFinite(standardError) || Number.isNaN(degreesOfFreedom)) {
    return cannotTell('not-finite', 'The numbers are too large or too small to compute with; choose another unit.');
  }
  if (standardError <= 0) {
    return cannotTell('zero-variance', 'All values are equal, so nothing shows how far the result could vary.');
  }
  const reach = -studentQuantile((1 - confidence) / 2, degreesOfFreedom) * standardError;
  return {
    kind: 'estimate',
    estimate,
    standardError,
    degreesOfFreedom,
    interval: { low: estimate - reach, high: estimate + reach, confidence },
    pValue: studentTwoSided((estimate - (options.nullValue ?? 0)) / standardError, degreesOfFreedom),
    cautions: options.cautions ?? [],
  };
}
