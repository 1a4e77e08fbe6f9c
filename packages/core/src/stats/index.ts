export {
  type AdaptiveEstimate,
  type AdaptiveMethod,
  type AdaptiveObservation,
  estimateFromAdaptiveTraffic,
} from './adaptive-traffic.ts';
export { adjustPValues } from './adjust-p-values.ts';
export { anytimeDifference, differenceOfArms } from './anytime-difference.ts';
export {
  type BootstrapEstimate,
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapTwoSamples,
} from './bootstrap.ts';
export { type BootstrapStrengths, bootstrapBradleyTerry } from './bootstrap-bradley-terry.ts';
export {
  type BradleyTerryFit,
  type CompetitorStrength,
  fitBradleyTerry,
  toRatingPoints,
} from './bradley-terry.ts';
export {
  type CannotTell,
  type CannotTellReason,
  cannotTell,
  cannotTellReasons,
  isCannotTell,
} from './cannot-tell.ts';
export {
  type ClusteredValue,
  type ClusterOptions,
  clusterRobustDifference,
  clusterRobustMean,
  clusterRobustRegression,
  type RegressionResult,
} from './cluster-robust.ts';
export { cohenKappa, type RatedPair } from './cohen-kappa.ts';
export {
  type AnytimeEstimate,
  anytimeEstimate,
  anytimeMean,
  type MeanWatch,
  startMeanWatch,
  watchMean,
} from './confidence-sequence.ts';
export { adjustWithCuped, type CupedArm, type CupedResult } from './cuped.ts';
export { designEffect, pairedDifferenceDeviation, repeatedDifferenceDeviation } from './design-effect.ts';
export { drawNormal } from './draw-normal.ts';
export { type Caution, type ConfidenceOption, type Estimate, type Interval, studentEstimate } from './estimate.ts';
export { type FixedDesign, fixedDetectableEffect, fixedPower, fixedSampleSize } from './fixed-power.ts';
export {
  correlationOf,
  estimateIntraclassCorrelation,
  type IntraclassCorrelation,
} from './intraclass-correlation.ts';
export { type DecisionPart, decideJointly, type JointDecision } from './joint-decision.ts';
export { type AlphaEstimate, krippendorffAlpha, type RatingScale } from './krippendorff-alpha.ts';
export { lift, pairedLift, ratioOfSums } from './lift.ts';
export {
  type BetterDirection,
  type Difference,
  type MarginQuestion,
  type MarginResult,
  testMargin,
  testMarginAnytime,
} from './margin-test.ts';
export { type McNemarResult, mcnemarTest, type PairedOutcomes } from './mcnemar-test.ts';
export { oneSampleTTest, pairedTTest } from './paired-t-test.ts';
export { type ProportionEstimate, type ProportionMethod, proportionInterval } from './proportion-interval.ts';
export { type QuantileEstimate, quantileInterval, quantileRanks, sortedQuantile } from './quantile.ts';
export { pairedQuantileDifference, quantileDifference } from './quantile-difference.ts';
export { QuantileSketch } from './quantile-sketch.ts';
export { type RankRange, rankRanges } from './rank-ranges.ts';
export {
  addToMoments,
  mergeMoments,
  momentsOf,
  noMoments,
  type RunningMoments,
  skewnessOf,
  varianceOf,
} from './running-moments.ts';
export { type SampleRatioResult, sampleRatioTest } from './sample-ratio.ts';
export { planSequential, type SequentialPlan, sequentialBoundary } from './sequential-plan.ts';
export {
  type SequentialDesign,
  type SequentialOutlook,
  sequentialDetectableEffect,
  sequentialPower,
  sequentialSampleSize,
} from './sequential-power.ts';
export {
  observeSampleRatio,
  type SampleRatioWatch,
  splitEvidence,
  startSampleRatioWatch,
} from './sequential-sample-ratio.ts';
export { SketchMerger } from './sketch-merger.ts';
export type { Vote } from './vote.ts';
export { findVoteConnectivity, type VoteConnectivity } from './vote-connectivity.ts';
export { welchFromMoments, welchTTest } from './welch-t-test.ts';
