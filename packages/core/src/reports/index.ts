export {
  buildWeeklyReport,
  judgeWeek,
  toReportFigures,
  type WeekFacts,
  type WeekGroup,
} from './build-weekly-report.ts';
export {
  type ComparedSubject,
  type CriterionResult,
  compareSubjects,
  type RankRange,
  type SubjectComparison,
  type SureDifference,
} from './compare-subjects.ts';
export { estimateTrend, fewestTrendSteps, type Trend } from './estimate-trend.ts';
export {
  findRecommendations,
  type Recommendation,
  type RecommendationEvidence,
  type RecommendationPlace,
} from './find-recommendations.ts';
export { formatCsv, formatReportCsv } from './format-report-csv.ts';
export {
  fewestCalls,
  fewestJudged,
  type MeasuredCriterion,
  measureCriterion,
  measureQuality,
  type ReportCriterion,
  reportCriteria,
} from './measure-criteria.ts';
export {
  addQuality,
  type MeasuredPercentile,
  noQuality,
  type QualitySums,
  type ReportSubject,
  type SubjectBucket,
} from './report-subject.ts';
export { calendarDay, isTimeZone, lastWeeks, type ReportWeek } from './report-week.ts';
export type {
  Mover,
  ReportBudget,
  ReportDay,
  ReportFigures,
  ReportIncident,
  ReportModel,
  WeeklyReport,
  WeekVerdict,
} from './weekly-report.ts';
