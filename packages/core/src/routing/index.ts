export { type AdaptiveSettings, defaultAdaptiveSettings } from './adaptive/adaptive-settings.ts';
export {
  type AdaptiveState,
  type ArmStatistics,
  emptyAdaptiveState,
  parseAdaptiveState,
  rebalanceAdaptiveState,
  type ScopeStatistics,
  serializeAdaptiveState,
} from './adaptive/adaptive-state.ts';
export {
  type Arm,
  type ArmChoice,
  chooseByThompson,
  chooseGreedily,
  probabilityOfBest,
} from './adaptive/choose-arm.ts';
export {
  type CompiledScope,
  compileContextualScope,
  compileSimpleScope,
} from './adaptive/compile-scope.ts';
export { learnRewards, type RewardObservation } from './adaptive/learn-rewards.ts';
export { learningScopesOf } from './adaptive/learning-scopes.ts';
export {
  extractPromptFeatures,
  featureCount,
  featureVersion,
  shapeFeatureNames,
} from './adaptive/prompt-features.ts';
export { sampleBeta, sampleGamma, sampleNormal } from './adaptive/sample-distributions.ts';
export { type BackTestReport, backTest, type Comparison, type Estimate, type RecordedDecision } from './back-test.ts';
export { askedInNeed, compileSnapshot, type RoutingSnapshot, withLoad } from './compile-snapshot.ts';
export {
  type DecisionBasis,
  type DecisionRecord,
  mostStoredRejections,
  toRewardObservation,
} from './decision-record.ts';
export { deriveTier } from './derive-tier.ts';
export { explainRoute } from './explain-route.ts';
export { type MatchedRequest, matchesCondition } from './match-condition.ts';
export { type PlanOptions, planRoute } from './plan-route.ts';
export { BeliefRecorder, type ModelBelief, type RecordedBeliefs } from './record-beliefs.ts';
export { computeRegret, type Regret, type ReplayedChoice } from './regret.ts';
export { type Replay, type ReplayDifference, replayDecision } from './replay-decision.ts';
export {
  type CriterionScore,
  type MatchedRule,
  type RejectedModel,
  type RejectionCode,
  type RouteCandidate,
  type RoutePlan,
  rejectionCodes,
} from './route-plan.ts';
export type { AdaptiveWishes, RouteConstraints, RouteNeeds, RouteRequest } from './route-request.ts';
export {
  mergePreferences,
  type RoutingPreferences,
  toAdaptiveSettings,
  toRequestWishes,
} from './routing-preferences.ts';
export {
  type BudgetUse,
  circuitOpen,
  type HealthState,
  type MeasuredFigures,
  type ModelTier,
  type RoutedModel,
  type RoutingInputs,
} from './routing-snapshot.ts';
export { checkRules, type RuleProblem } from './rules/check-rules.ts';
export {
  type CompiledCondition,
  type ConditionProblem,
  compileCondition,
  conditionFunctions,
} from './rules/compile-condition.ts';
export { diffRules, type RuleChange } from './rules/diff-rules.ts';
export type { RoutingRule, RuleAction, RuleEffect } from './rules/routing-rule.ts';
export { factFields, factVariables } from './rules/rule-facts.ts';
export { taskPreferenceRules } from './rules/task-preference-rules.ts';
export { readSnapshot, type SnapshotTexts, type StoredSnapshot, writeSnapshot } from './stored-snapshot.ts';
export {
  type Criterion,
  type CriterionWeights,
  criteria,
  defaultCriterionWeights,
  type Strategy,
  strategies,
} from './strategy.ts';
