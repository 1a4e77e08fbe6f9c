export {
  CompiledPlans,
  checkPlanCondition,
  choosePlan,
  defaultReturn,
  type FailoverPlan,
  type FailoverReturn,
  type FailoverSettings,
  type PlannedCall,
} from './failover-plan.ts';
export type { FailoverTriggers } from './failover-triggers.ts';
export { FailoverWatch, type PassedOver, type ReturnReason, type WatchListener } from './failover-watch.ts';
export {
  defaultTriggerMinCalls,
  defaultTriggerReturnAfterMs,
  defaultTriggerWindowMs,
  describeSkip,
  isReturnProven,
  judgeStatus,
  judgeTriggers,
  type SkipReason,
  skipReasons,
  type TriggerVerdict,
  type WatchedStatus,
} from './judge-triggers.ts';
export { type ActivePlan, judgeCalls, readSkip, type SkipFacts } from './read-skip.ts';
export {
  buildRehearsalReport,
  type RehearsalAlert,
  type RehearsalCheck,
  type RehearsalObservations,
  type RehearsalReport,
  type RehearsedCall,
} from './rehearsal-report.ts';
