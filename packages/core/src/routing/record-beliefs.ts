import type { CompiledScope } from './adaptive/compile-scope.ts';

/** What a decision read of the belief in one model. A part that it did not look at is absent. */
export interface ModelBelief {
  /** Expected quality, as the scope told it. */
  readonly expected?: number;
  /** Standard deviation of that belief. */
  readonly deviation?: number;
  /** Rewards of the model, discounted. */
  readonly count?: number;
}

/**
 * All that one adaptive decision read of what had been learned: a few numbers for each model in place of the matrices they
 * come from, so that the decision can be made again when these have long learned more. Plain JSON.
 */
export interface RecordedBeliefs {
  readonly observed: number;
  readonly models: Readonly<Record<string, ModelBelief>>;
}

interface OpenBelief {
  expected?: number;
  deviation?: number;
  count?: number;
}

/** Looks over the shoulder of one decision: prompt and tiers are the same throughout, so each figure is kept once. */
export class BeliefRecorder {
  readonly #models = new Map<string, OpenBelief>();
  #observed: number | undefined;

  /** The scope as it is, noting what is read of it. */
  watch(scope: CompiledScope): CompiledScope {
    this.#observed = scope.observed;
    return {
      observed: scope.observed,
      countOf: (modelId) => {
        const count = scope.countOf(modelId);
        this.#of(modelId).count = count;
        return count;
      },
      expect: (modelId, tierQuality, features) => {
        const expected = scope.expect(modelId, tierQuality, features);
        this.#of(modelId).expected = expected;
        return expected;
      },
      deviate: (modelId, features) => {
        const deviation = scope.deviate(modelId, features);
        this.#of(modelId).deviation = deviation;
        return deviation;
      },
    };
  }

  /** Undefined when nothing was asked of what had been learned. */
  get beliefs(): RecordedBeliefs | undefined {
    if (this.#observed === undefined || this.#models.size === 0) return undefined;
    return { observed: this.#observed, models: Object.fromEntries(this.#models) };
  }

  #of(modelId: string): OpenBelief {
    let belief = this.#models.get(modelId);
    if (!belief) {
      belief = {};
      this.#models.set(modelId, belief);
    }
    return belief;
  }
}

/** A scope that answers what was recorded. A figure that was not is NaN, which shows as a difference. */
export function scopeFromBeliefs({ observed, models }: RecordedBeliefs): CompiledScope {
  return {
    observed,
    countOf: (modelId) => models[modelId]?.count ?? Number.NaN,
    expect: (modelId) => models[modelId]?.expected ?? Number.NaN,
    deviate: (modelId) => models[modelId]?.deviation ?? Number.NaN,
  };
}
