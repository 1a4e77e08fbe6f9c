/*
 * Tests of variants: what is decided before the start, who gets which variant, when to stop, and what came out. Pure.
 */
export { assignVariant, hashToUnit, type WeightedVariant } from './assignment/assign-variant.ts';
export {
  type AnswerPath,
  type ContaminationReason,
  contaminationReasons,
  findContamination,
} from './assignment/contamination.ts';
export { orderItems, orderVariants } from './assignment/order-variants.ts';
export { type DefinitionText, readDefinitionText, writeDefinitionYaml } from './definition/definition-text.ts';
export type {
  ExperimentDefinition,
  ExperimentGoal,
  ExperimentScorer,
  ExperimentVariant,
} from './definition/experiment-definition.ts';
export { builtInMetrics, isShareMetric, type MetricName, usualDirection } from './definition/metric.ts';
export { canonicalJson, type PreRegistration, preRegister } from './definition/pre-registration.ts';
export {
  type ExperimentProblem,
  fewestItems,
  type ReadExperiment,
  readExperiment,
} from './definition/read-definition.ts';
export { type ReadScorer, readScorer, type ScorerContent } from './definition/read-scorer.ts';
export { type PlanOutlook, type PlanQuestion, planTest, type TestPlan } from './plan/plan-test.ts';
export { type AnswerReward, rewardOfScores, rewardOfVotes, rewardTrust } from './results/answer-reward.ts';
export { buildLiveResults } from './results/build-live-results.ts';
export { buildResults } from './results/build-results.ts';
export type { AdjustedLook, EndLook, ItemCovariate, ItemKnowledge } from './results/end-look.ts';
export { formatReportCsv, formatReportJson, formatReportMarkdown, type ReportedTest } from './results/format-report.ts';
export { buildLeaderboard, type Leaderboard, type LeaderboardRow, type PairVote } from './results/leaderboard.ts';
export { effectWords, headlineWords, metricWords, valueWords } from './results/result-words.ts';
export type {
  ExperimentResults,
  MetricResult,
  TestHealth,
  VariantResult,
  VariantSummary,
} from './results/results.ts';
export type { AnsweredItem, AnswerFact, MissingReason } from './watch/answer-fact.ts';
export { brokenSplitLevel, LiveWatch } from './watch/live-watch.ts';
export { lookAtLive, plannedUnitsOf } from './watch/look-at-live.ts';
export { boundariesOf, type WatchBoundaries } from './watch/look-at-metric.ts';
export {
  decideStop,
  lookAtWatch,
  type MetricLook,
  type ShownSoFar,
  type StopDecision,
  type StopReason,
  type TestLimits,
  type VariantLook,
  type WatchLook,
} from './watch/look-at-watch.ts';
export { metricValue, pairOfItem } from './watch/metric-value.ts';
export {
  addItem,
  closeClusters,
  comparedVariants,
  goalsOf,
  metricsOf,
  type PairedWatch,
  startPairedWatch,
  type WatchPlan,
} from './watch/paired-watch.ts';
