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
export { type PlanQuestion, planTest, type TestPlan } from './plan/plan-test.ts';
export { buildResults } from './results/build-results.ts';
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
export { boundariesOf, type WatchBoundaries } from './watch/look-at-metric.ts';
export {
  decideStop,
  lookAtWatch,
  type MetricLook,
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
