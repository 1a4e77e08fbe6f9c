import { type CannotTell, requireProbability } from './cannot-tell.ts';
import { anytimeEstimate } from './confidence-sequence.ts';
import { studentCdf, studentQuantile } from './distributions.ts';
import type { SequentialPlan } from './sequential-plan.ts';

/** Which way is good for a metric. */
export type BetterDirection = 'higher' | 'lower';

/** A difference variant − baseline with its error, e.g. an `Estimate`. */
export interface Difference {
  readonly estimate: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

export interface MarginResult {
  readonly kind: 'margin';
  /** 'passed': better than −margin with confidence; 'harmed': worse than −margin with confidence; else 'open'. */
  readonly verdict: 'passed' | 'harmed' | 'open';
  /** One-sided, against "worse by the margin or more". */
  readonly passPValue: number;
  /** One-sided, against "not worse than the margin". */
  readonly harmPValue: number;
  /** Benefit of the variant (positive is good) that is exceeded with 1 − α confidence. */
  readonly benefitAtLeast: number;
}

export interface MarginQuestion {
  readonly better: BetterDirection;
  /**
   * Loss that would still be accepted, ≥ 0, in the unit of the metric. 0 asks for superiority, more for non-inferiority.
   */
  readonly margin: number;
  /** One-sided error rate, 0.05 unless given; 0.025 matches a 95 % two-sided interval. */
  readonly alpha?: number;
}

/**
 * Is the variant not worse than the baseline by more than the margin? One-sided t-test against the shifted null (Blackwelder
 * 1982; with margin 0 the ordinary superiority test). For one look at the planned end. Throws on a negative margin.
 */
export function testMargin(difference: Difference, question: MarginQuestion): MarginResult {
  const alpha = checkQuestion(question);
  const benefit = question.better === 'higher' ? difference.estimate : -difference.estimate;
  const t = (benefit + question.margin) / difference.standardError;
  const quantile = -studentQuantile(alpha, difference.degreesOfFreedom);
  return conclude(
    alpha,
    studentCdf(-t, difference.degreesOfFreedom),
    studentCdf(t, difference.degreesOfFreedom),
    benefit - quantile * difference.standardError,
  );
}

/**
 * The same while the test runs, readable at every look: one-sided confidence sequences in both directions. `plan` must be
 * one-sided; its α counts and `question.alpha` is not used.
 */
export function testMarginAnytime(
  difference: Difference & { readonly observations: number; readonly skewness?: number },
  question: MarginQuestion,
  plan: SequentialPlan,
): MarginResult | CannotTell {
  checkQuestion(question);
  if (plan.sides !== 1) throw new RangeError('a margin is tested with a one-sided plan (sides: 1)');
  const sign = question.better === 'higher' ? 1 : -1;
  const benefit = sign * difference.estimate;
  const skewness = sign * (difference.skewness ?? 0);
  const pass = anytimeEstimate({ ...difference, estimate: benefit, skewness }, plan, { nullValue: -question.margin });
  if (pass.kind === 'cannot-tell') return pass;
  const harm = anytimeEstimate({ ...difference, estimate: -benefit, skewness: -skewness }, plan, {
    nullValue: question.margin,
  });
  if (harm.kind === 'cannot-tell') return harm;
  return conclude(plan.alpha, pass.pValue, harm.pValue, pass.interval.low);
}

function checkQuestion(question: MarginQuestion): number {
  const alpha = question.alpha ?? 0.05;
  requireProbability(alpha, 'alpha');
  if (!(question.margin >= 0 && Number.isFinite(question.margin))) {
    throw new RangeError(`margin must be 0 or more, got ${question.margin}`);
  }
  return alpha;
}

function conclude(alpha: number, passPValue: number, harmPValue: number, benefitAtLeast: number): MarginResult {
  const verdict = passPValue <= alpha ? 'passed' : harmPValue <= alpha ? 'harmed' : 'open';
  return { kind: 'margin', verdict, passPValue, harmPValue, benefitAtLeast };
}
