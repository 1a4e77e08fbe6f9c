/** How an adaptive step learns and how much it tries. Figures without a unit are shares (0–1) or quality (0–1). */
export interface AdaptiveSettings {
  /** `contextual` looks at the prompt, `thompson` and `epsilon-greedy` only at the task class. */
  readonly algorithm: 'contextual' | 'thompson' | 'epsilon-greedy';
  /** λ: how much quality one US dollar per call is worth. 2 means: 5 cents outweigh a tenth of the scale. */
  readonly costWeightPerUsd: number;
  /** μ: how much quality one second of waiting is worth. */
  readonly latencyWeightPerSecond: number;
  /** Share of requests that go to any eligible model, all alike; for `epsilon-greedy` this is ε. Never 0: nothing would be learned again. */
  readonly explorationShare: number;
  /** How boldly Thompson sampling draws: 1 is the textbook's posterior, less trusts what is known sooner. */
  readonly explorationScale: number;
  /** After this many rewards of a scope an observation counts half. */
  readonly halfLifeRewards: number;
  /** How many observations the prior of a model is worth. */
  readonly priorStrength: number;
  /** Whether a jump of the error of prediction makes the scope forget most of what it knew. */
  readonly detectsDrift: boolean;
}

export const defaultAdaptiveSettings: AdaptiveSettings = {
  algorithm: 'contextual',
  costWeightPerUsd: 2,
  latencyWeightPerSecond: 0.005,
  explorationShare: 0.01,
  explorationScale: 0.5,
  halfLifeRewards: 20_000,
  priorStrength: 4,
  detectsDrift: true,
};

/** Standard deviation of one quality reward around its expectation: what graded answers in [0, 1] show. */
export const rewardNoise = 0.4;
