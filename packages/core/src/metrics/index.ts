export type { CallOrigin, CallPurpose, CallRecord, CallRecorder } from './call-record.ts';
export {
  axesOf,
  checkMetricsQuery,
  defaultMetricGroups,
  filteredDimensions,
  MetricsQueryError,
  type MetricsQueryProblem,
  maxMetricGroups,
  maxSeriesSteps,
} from './check-metrics-query.ts';
export { costPerSuccessUsd, latencyMeanMs, successRate, tokensPerSecond } from './derived-figures.ts';
export {
  type FoldedCall,
  type FoldedRow,
  foldChunkSize,
  foldRecords,
  type RollupKey,
  type ValueNumbers,
} from './fold-records.ts';
export {
  type AxisFacts,
  type AxisValue,
  axisValuesOf,
  type MetricAxis,
  type MetricDimension,
  maxAxisValues,
  metricAxes,
  metricDimensions,
  otherValues,
  placeOf,
  rollupMasks,
} from './metric-axes.ts';
export {
  bucketStartMs,
  type GrainHorizons,
  grainLengthMs,
  type MetricGrain,
  metricGrains,
} from './metric-grains.ts';
export type {
  LatencyPercentiles,
  MetricFigures,
  MetricFilter,
  MetricGroup,
  MetricPoint,
  MetricsQuery,
  MetricsReader,
  MetricsReport,
  MillisecondInterval,
  RecentPerformanceFilter,
  SketchName,
  SumName,
} from './metrics-reader.ts';
export { sketchNames } from './metrics-reader.ts';
export {
  joinSegments,
  planSegments,
  type ReadPlan,
  type ReadSegment,
} from './plan-segments.ts';
export {
  addCall,
  type CountedFailure,
  countedFailures,
  type FiguredFacts,
  mergeFigures,
  metricSketchError,
  noFigures,
  type RollupFigures,
  type RollupSums,
  rollupSums,
} from './rollup-figures.ts';
export { computeTokensPerSecond } from './token-rate.ts';
export { type SeriesInterval, seriesIntervals, stepBoundaries } from './zone-steps.ts';
