export { type BackoffSettings, computeBackoffMs, defaultBackoff, type PlannedWait, planWait } from './backoff.ts';
export {
  admitCall,
  type CircuitAdmission,
  type CircuitOutcome,
  type CircuitSettings,
  type CircuitState,
  type CircuitStatus,
  closedCircuit,
  defaultCircuitSettings,
  settleCall,
  toCircuitOutcome,
} from './circuit-breaker.ts';
export { CircuitBreakers, type CircuitChange, type CircuitEntry } from './circuit-breakers.ts';
export {
  ConcurrencyLimit,
  ConcurrencyLimits,
  QueueDeadlineExceeded,
  type QueueOptions,
  type ReleaseSlot,
} from './concurrency-limit.ts';
export { DeadlineExceeded, type DeadlineName, type Deadlines, defaultDeadlines, withDeadlines } from './deadlines.ts';
export {
  defaultRetryBudget,
  depositRequest,
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
