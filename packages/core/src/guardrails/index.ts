export * from './alerts/index.ts';
export { type BoundCall, boundCall, type CallRoom, tighterRoom } from './bound-call.ts';
export {
  type BreachPolicy,
  type Budget,
  type BudgetCondition,
  type BudgetRaise,
  type BudgetScopeKind,
  type BudgetUnit,
  type BudgetWindowKind,
  budgetScopeKinds,
  budgetWindowKinds,
  type CallAttributes,
  effectiveLimit,
  type UnpricedPolicy,
} from './budget.ts';
export { accountOf, type BudgetDemand, demandsOf, needsRoom, WindowCalendar } from './budget-demand.ts';
export type {
  ActualUse,
  BudgetFigures,
  BudgetLedger,
  BudgetRefusal,
  BudgetWarning,
  RefusalReason,
  ReserveAnswer,
  ReserveRequest,
  UpperBound,
} from './budget-ledger.ts';
export {
  type AccountFigures,
  type BudgetStore,
  type Holding,
  type LeaseAnswer,
  type LeaseRequest,
  type SpendEntry,
  type SyncAnswer,
  type SyncRequest,
  sizeLease,
  type WindowAccount,
  wantedForMs,
} from './budget-store.ts';
export { isTimeZone, type WindowSpan, windowOf } from './budget-window.ts';
export {
  alarmingBurnRate,
  decideForecastAlerts,
  type ForecastFinding,
} from './decide-forecast-alerts.ts';
export { describeRefusal, formatAmount } from './describe-refusal.ts';
export {
  affordableOutputTokens,
  asksForLength,
  type CallEstimate,
  type EstimatedModel,
  estimateCall,
  estimateInputTokens,
  measureUse,
  type ReceivedAnswer,
} from './estimate-call.ts';
export {
  type CostBasis,
  type CostRange,
  estimateCostRange,
  fewestRecordsForRange,
} from './estimate-cost-range.ts';
export { bucketMsFor, type ProfileKind, type SpendBucket } from './forecast-profile.ts';
export {
  type ForecastMethod,
  type ForecastQuestion,
  forecastCoverage,
  forecastWindow,
  historyStartMs,
  type NoForecastReason,
  type WindowForecast,
} from './forecast-window.ts';
export type { BudgetSource, SlicedLedgerDependencies, SliceFigures } from './ledger-parts.ts';
export { defaultLedgerSettings, type LedgerSettings } from './ledger-settings.ts';
export { type BudgetMatch, matchBudgets, windowIdOf } from './match-budgets.ts';
export { MemoryBudgetStore, type MemoryBudgetStoreOptions } from './memory-budget-store.ts';
export {
  checkLimits,
  type ModelLimits,
  nothingUsed,
  type RequestLimits,
  roomOfLimits,
  type UsedSoFar,
} from './model-limits.ts';
export { countRunsLeft, fewestRunsToLearnFrom, type RunsLeft } from './runs-left.ts';
export { SlicedLedger } from './sliced-ledger.ts';
export { type BudgetProblem, type KnownValues, validateBudget } from './validate-budget.ts';
