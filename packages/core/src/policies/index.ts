export { type BackoffSettings, computeBackoffMs, defaultBackoff, type PlannedWait, planWait } from './backoff.ts';
export { type CallLimits, QueueDeadlineExceeded, QueueFull } from './call-limits.ts';
export {
  admitCall,
  type CircuitAdmission,
  type CircuitOutcome,
  type CircuitSettings,
  type CircuitState,
  type CircuitStatus,
  closedCircuit,
  defaultCircuitSettings,
  readProbeDueMs,
  settleCall,
  toCircuitOutcome,
} from './circuit-breaker.ts';
export { CircuitBreakers, type CircuitChange, type CircuitEntry, type CircuitReading } from './circuit-breakers.ts';
export { type CircuitLedger, claimTimeoutMs } from './circuit-ledger.ts';
export {
  ConcurrencyLimit,
  ConcurrencyLimits,
  type ConcurrencyReading,
  type QueueOptions,
  type ReleaseSlot,
} from './concurrency-limit.ts';
export { DeadlineExceeded, type DeadlineName, type Deadlines, defaultDeadlines, withDeadlines } from './deadlines.ts';
export { HedgeBudget } from './hedge-budget.ts';
export { computeFirstTokenP95Ms, type RecentCall, RecentCalls } from './recent-calls.ts';
export {
  createRetryBudget,
  defaultRetryBudget,
  depositRequest,
  depositSuccess,
  type RetryBudgetReading,
  type RetryBudgetSettings,
  type RetryBudgetState,
  RetryBudgets,
  withdrawRetry,
} from './retry-budget.ts';
export {
  decideRetry,
  defaultRetrySettings,
  type RetryDecision,
  type RetryQuestion,
  type RetryReason,
  type RetrySettings,
} from './retry-policy.ts';
