export const criterionNames = ['cost', 'latency', 'quality', 'reliability'] as const;
export type CriterionName = (typeof criterionNames)[number];
export type CriterionWeights = Record<CriterionName, number>;

export const usualWeights: CriterionWeights = { cost: 0.3, latency: 0.2, quality: 0.35, reliability: 0.15 };

/** The weights divided by their sum, as the server does; the usual ones when all are 0. */
export function normalised(weights: CriterionWeights): CriterionWeights {
  const sum = criterionNames.reduce((total, name) => total + weights[name], 0);
  if (!(sum > 0)) return usualWeights;
  return Object.fromEntries(criterionNames.map((name) => [name, weights[name] / sum])) as CriterionWeights;
}

/** Whole percents that add up to 100: what is lost by rounding goes to those that lost most. */
export function percentsOf(weights: CriterionWeights): CriterionWeights {
  const exact = normalised(weights);
  const percents = Object.fromEntries(
    criterionNames.map((name) => [name, Math.floor(exact[name] * 100 + 1e-9)]),
  ) as CriterionWeights;
  const missing = 100 - criterionNames.reduce((total, name) => total + percents[name], 0);
  const byLoss = [...criterionNames].sort(
    (left, right) => exact[right] * 100 - percents[right] - (exact[left] * 100 - percents[left]),
  );
  for (const name of byLoss.slice(0, missing)) percents[name] += 1;
  return percents;
}

/**
 * Sets one weight to a share of the whole (0 to 1). The others share what is left as they did before, equally when they had nothing, so that
 * the sum stays 1.
 */
export function withWeight(weights: CriterionWeights, changed: CriterionName, share: number): CriterionWeights {
  const before = normalised(weights);
  const value = Math.min(1, Math.max(0, share));
  const others = criterionNames.filter((name) => name !== changed);
  const othersBefore = others.reduce((total, name) => total + before[name], 0);
  return Object.fromEntries(
    criterionNames.map((name) => {
      if (name === changed) return [name, value];
      const part = othersBefore > 1e-9 ? before[name] / othersBefore : 1 / others.length;
      return [name, (1 - value) * part];
    }),
  ) as CriterionWeights;
}
