import {
  compileContextualScope,
  compileSimpleScope,
  probabilityOfBest,
  toAdaptiveSettings,
} from '@switchyard/core/routing';
import type { TeamRouting } from './team-routing.ts';

export interface LearnedModel {
  readonly modelId: string;
  /** Rewards, old ones discounted. */
  readonly count: number;
  /** What is believed of its quality for a prompt of no particular kind: mean and standard deviation. */
  readonly expectedQuality: number;
  readonly deviation: number;
  /** The mean of the rewards; null without one. */
  readonly meanReward: number | null;
  /** The probability that it has the best quality of those that can be called, 0–1. */
  readonly probabilityOfBest: number;
}

export interface LearnedScope {
  readonly scope: string;
  readonly observed: number;
  /** How often the scope forgot because the world had changed. */
  readonly drifts: number;
  readonly models: readonly LearnedModel[];
}

/** What the router has learned, scope by scope, for people to look at. Models that can be chosen and were never judged stand there with their prior. */
export function describeLearning(team: TeamRouting): readonly LearnedScope[] {
  const settings = toAdaptiveSettings(team.preferences);
  const { models } = team.snapshot;
  return [...team.memory.state.scopes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([scope, statistics]) => {
      const isContextual = settings.algorithm === 'contextual' && !scope.includes('#');
      const compiled = isContextual ? compileContextualScope(statistics) : compileSimpleScope(statistics, settings);
      const shown = models.filter(
        ({ model }) => statistics.arms.has(model.modelId) || (model.isAutomatic !== false && model.health !== 'down'),
      );
      const beliefs = shown.map(({ model, tierQuality }) => ({
        mean: compiled.expect(model.modelId, tierQuality, undefined),
        deviation: compiled.deviate(model.modelId, undefined),
      }));
      return {
        scope,
        observed: statistics.observed,
        drifts: statistics.drifts,
        models: shown.map(({ model: { modelId } }, place): LearnedModel => {
          const arm = statistics.arms.get(modelId);
          const belief = beliefs[place] ?? { mean: 0, deviation: 0 };
          return {
            modelId,
            count: arm?.count ?? 0,
            expectedQuality: belief.mean,
            deviation: belief.deviation,
            meanReward: arm && arm.count > 0 ? arm.qualitySum / arm.count : null,
            probabilityOfBest: probabilityOfBest(beliefs, place),
          };
        }),
      };
    });
}
