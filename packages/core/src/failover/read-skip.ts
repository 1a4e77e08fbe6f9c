import type { RecentCalls } from '../policies/index.ts';
import type { FailoverReturn } from './failover-plan.ts';
import type { FailoverTriggers } from './failover-triggers.ts';
import type { FailoverWatch } from './failover-watch.ts';
import {
  defaultTriggerReturnAfterMs,
  defaultTriggerWindowMs,
  judgeStatus,
  judgeTriggers,
  type TriggerVerdict,
  type WatchedStatus,
} from './judge-triggers.ts';

/** The plan that a chain obeys. */
export interface ActivePlan {
  readonly id: string;
  readonly returning: FailoverReturn;
}

/** By what a candidate is judged. */
export interface SkipFacts {
  /** Of its circuit. */
  readonly key: string;
  readonly modelId: string;
  readonly triggers: FailoverTriggers;
  readonly recentCalls: RecentCalls;
  /** Absent: triggers of a chain, which are judged anew each time. */
  readonly plan?: ActivePlan | undefined;
  readonly watch?: FailoverWatch | undefined;
  /** Of its provider; undefined: nobody knows. */
  readonly status: WatchedStatus | undefined;
}

/** Why a candidate is passed over now; undefined when it is not, also when it is time to ask it again. */
export function readSkip(facts: SkipFacts): TriggerVerdict | undefined {
  const { key, modelId, triggers, recentCalls, plan, watch, status } = facts;
  const returnAfterMs = triggers.returnAfterMs ?? defaultTriggerReturnAfterMs;
  const quietMs = recentCalls.readQuietMs(key);
  const out = plan && watch?.find(plan.id, key);
  if (plan && watch && out) {
    if (plan.returning.kind === 'by-hand') return out.verdict;
    const isByStatus = out.verdict.reason === 'trigger-status';
    if (isByStatus && plan.returning.kind === 'at-once' && !judgeStatus(status, triggers)) {
      watch.release(plan.id, key, 'answers');
      recentCalls.forget(key);
      return undefined;
    }
    return Math.min(quietMs, watch.ageMs(out)) >= returnAfterMs ? undefined : out.verdict;
  }
  const isQuiet = quietMs >= returnAfterMs;
  const byCalls = isQuiet ? undefined : judgeCalls(key, triggers, recentCalls);
  const verdict = judgeStatus(status, triggers) ?? byCalls;
  if (verdict && plan) watch?.pass(plan.id, key, modelId, verdict);
  return verdict;
}

/** What the calls of a candidate say. */
export function judgeCalls(
  key: string,
  triggers: FailoverTriggers,
  recentCalls: RecentCalls,
): TriggerVerdict | undefined {
  return judgeTriggers(recentCalls.read(key, triggers.windowMs ?? defaultTriggerWindowMs), triggers);
}
