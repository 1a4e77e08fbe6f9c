export {
  type AnswerSpeed,
  checkSpeed,
  defaultCallSpeed,
  type HealthOutcome,
  type HealthVerdict,
  judgeFailure,
  judgeSpeed,
  type SpeedLimits,
  speedLimitsOf,
  usualMinSamples,
} from './health-outcome.ts';
export {
  type HealthPeriod,
  knownShareOf,
  type StatusTimes,
  sumPeriods,
  type TimeSpan,
  uptimeOf,
} from './health-periods.ts';
export {
  countOutcomes,
  errorRateOf,
  type HealthScore,
  healthWeights,
  noOutcomes,
  type OutcomeCounts,
  scoreHealth,
  worstErrorRate,
} from './health-score.ts';
export {
  defaultIncidentSettings,
  describeTrouble,
  durationText,
  type IncidentEntryKind,
  type IncidentObservation,
  type IncidentSettings,
  type IncidentSeverity,
  type IncidentState,
  type IncidentStep,
  incidentEntryKinds,
  maxIncidentModels,
  observeIncident,
} from './incident.ts';
export {
  defaultHealthSettings,
  faultsInRowNeeded,
  type HealthCause,
  type HealthJudgement,
  type HealthSettings,
  type HealthState,
  type HealthStatus,
  healthStatuses,
  judgeHealth,
  unknownHealth,
} from './judge-health.ts';
export { judgeModel } from './judge-model.ts';
