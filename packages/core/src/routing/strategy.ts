/** How the eligible models of a request are put in order. */
export const strategies = [
  'manual',
  'parallel',
  'weighted',
  'cost-first',
  'latency-first',
  'quality-first',
  'reliability-first',
  'balanced',
  'adaptive',
] as const;

export type Strategy = (typeof strategies)[number];

export const criteria = ['cost', 'latency', 'quality', 'reliability'] as const;

export type Criterion = (typeof criteria)[number];

/** What `balanced` makes of the criteria: shares that need not add up to 1; they are divided by their sum. */
export type CriterionWeights = Readonly<Record<Criterion, number>>;

export const defaultCriterionWeights: CriterionWeights = { cost: 0.3, latency: 0.2, quality: 0.35, reliability: 0.15 };
