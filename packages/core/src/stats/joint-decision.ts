import { adjustPValues } from './adjust-p-values.ts';
import { type CannotTell, requireProbability } from './cannot-tell.ts';
import type { MarginResult } from './margin-test.ts';

/** One condition of the decision: "quality not worse than 0.02", "cost lower", "latency not harmed by 200 ms". */
export interface DecisionPart {
  readonly name: string;
  readonly result: MarginResult | CannotTell;
}

export interface JointDecision {
  readonly kind: 'decision';
  /** 'adopt': every part passed. 'keep-baseline': a part is harmed for sure. Otherwise 'cannot-tell-yet'. */
  readonly verdict: 'adopt' | 'keep-baseline' | 'cannot-tell-yet';
  /** p-value of "all conditions hold": the largest of the parts; 1 while a part cannot tell. */
  readonly pValue: number;
  /** Parts that stand in the way of 'adopt', in the order given. */
  readonly open: readonly string[];
  /** Parts harmed with confidence, after Holm's correction over all parts. */
  readonly harmed: readonly string[];
}

/**
 * "Not worse on quality AND cheaper AND no guardrail harmed" as one decision. Intersection–union test (Berger 1982,
 * Theorem 1): adopt when each part passes at α; no correction is due, the error of the whole is at most α. Harm is a claim
 * about any part, so its p-values are Holm-adjusted. An empty list never adopts.
 */
export function decideJointly(
  parts: readonly DecisionPart[],
  options: { readonly alpha?: number } = {},
): JointDecision {
  const alpha = options.alpha ?? 0.05;
  requireProbability(alpha, 'alpha');
  const pass = parts.map(({ result }) => (result.kind === 'margin' ? result.passPValue : 1));
  const harm = adjustPValues(
    parts.map(({ result }) => (result.kind === 'margin' ? result.harmPValue : 1)),
    'holm',
  );
  const open = parts.filter((_, i) => pass[i]! > alpha).map((part) => part.name);
  const harmed = parts.filter((_, i) => harm[i]! <= alpha).map((part) => part.name);
  const verdict =
    harmed.length > 0 ? 'keep-baseline' : parts.length > 0 && open.length === 0 ? 'adopt' : 'cannot-tell-yet';
  return { kind: 'decision', verdict, pValue: parts.length === 0 ? 1 : Math.max(...pass), open, harmed };
}
