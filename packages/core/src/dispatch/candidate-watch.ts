import { isReturnProven, judgeCalls, readSkip as judgeSkip, type TriggerVerdict } from '../failover/index.ts';
import type { RecentCall } from '../policies/index.ts';
import { circuitKeyOf } from './attempt-gate.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { CallOutcome } from './run-call.ts';

type Watching = Pick<ChainDependencies, 'recentCalls' | 'policy' | 'watch' | 'statusOf'>;

/** Why `target` is passed over now; undefined when it is not, also when it is time to ask it again. */
export function readSkip(target: DispatchTarget, watching: Watching): TriggerVerdict | undefined {
  const { recentCalls, watch, policy } = watching;
  const { triggers, plan } = policy;
  if (!triggers || !recentCalls) return undefined;
  const status = watching.statusOf?.(target);
  return judgeSkip({
    ...{ key: circuitKeyOf(target), modelId: target.modelId },
    ...{ triggers, recentCalls, plan, watch, status },
  });
}

/** Remembers a call that begins; the answer must be told how it ended. */
export function watchCall(
  target: DispatchTarget,
  watching: Watching,
): (outcome: CallOutcome, isHedgeLost: boolean) => void {
  const { recentCalls, watch, policy } = watching;
  const { triggers, plan } = policy;
  if (!recentCalls) return () => {};
  const key = circuitKeyOf(target);
  const out = plan && watch?.find(plan.id, key);
  // Asked although a trigger fires: its time to return has come, or nobody else was left.
  const isOnTrial = triggers && !out && judgeCalls(key, triggers, recentCalls) !== undefined;
  recentCalls.noteStart(key);
  return (outcome, isHedgeLost) => {
    const call = summarise(outcome, isHedgeLost);
    const isProven = triggers !== undefined && isReturnProven(call, triggers);
    if (triggers && plan && watch && out && call.outcome !== undefined) {
      const status = watching.statusOf?.(target);
      if (watch.noteAnswer(plan.id, key, isProven, plan.returning, status, triggers)) recentCalls.forget(key);
    } else if (isOnTrial && isProven) recentCalls.forget(key);
    recentCalls.noteEnd(key, call);
  };
}

function summarise({ record, error }: CallOutcome, isHedgeLost: boolean): Omit<RecentCall, 'endedAtMs'> {
  // It was silent for at least so long.
  const wasSilent = error?.kind === 'timeout' || isHedgeLost;
  const timeToFirstTokenMs = record.timeToFirstTokenMs ?? (wasSilent ? record.latencyMs : undefined);
  const outcome = !error ? 'success' : error.blame === 'provider' ? 'fault' : undefined;
  return { outcome, timeToFirstTokenMs };
}
