import type { ReasoningEffort } from '../models/model-profile.ts';
import type { SeededRandom } from '../seeded-random.ts';

const TYPICAL_TOKENS: Record<ReasoningEffort, number> = {
  none: 0,
  minimal: 0,
  low: 64,
  medium: 192,
  high: 512,
  xhigh: 960,
  max: 1536,
};

/** Reasoning tokens of one answer: lognormal around the effort's usual number, within the client's budget. */
export function drawReasoningTokens(
  effort: ReasoningEffort,
  budgetTokens: number | undefined,
  random: SeededRandom,
): number {
  const typical = TYPICAL_TOKENS[effort];
  if (typical === 0) return 0;
  const drawn = Math.round(typical * Math.exp(0.35 * random.normal()));
  return Math.max(16, Math.min(drawn, budgetTokens ?? Number.POSITIVE_INFINITY));
}
