export * from './alerts/index.ts';
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
export { accountOf } from './budget-demand.ts';
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
  affordableOutputTokens,
  type CallEstimate,
  type EstimatedModel,
  estimateCall,
  estimateInputTokens,
  measureUse,
  type ReceivedAnswer,
} from './estimate-call.ts';
export { defaultLedgerSettings, type LedgerSettings } from './ledger-settings.ts';
export { type BudgetMatch, matchBudgets, windowIdOf } from './match-budgets.ts';
export { MemoryBudgetStore, type MemoryBudgetStoreOptions } from './memory-budget-store.ts';
export {
  correctRate,
  type RateAnswer,
  type RateDemand,
  type RateLimit,
  RateLimits,
  type RateState,
  takeFromRate,
} from './rate-limit.ts';
export { type BudgetSource, SlicedLedger, type SlicedLedgerDependencies, type SliceFigures } from './sliced-ledger.ts';
export { type BudgetProblem, type KnownValues, validateBudget } from './validate-budget.ts';
