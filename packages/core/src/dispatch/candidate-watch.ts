import type { RecentCall } from '../policies/index.ts';
import { circuitKeyOf } from './attempt-gate.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import {
  defaultTriggerReturnAfterMs,
  defaultTriggerWindowMs,
  isReturnProven,
  judgeTriggers,
  type TriggerVerdict,
} from './judge-triggers.ts';
import type { CallOutcome } from './run-call.ts';

type Watching = Pick<ChainDependencies, 'recentCalls' | 'policy'>;

/** Why `target` is passed over now; undefined when it is not, also when it is time to ask it again. */
export function readSkip(target: DispatchTarget, { recentCalls, policy }: Watching): TriggerVerdict | undefined {
  const { triggers } = policy;
  if (!triggers || !recentCalls) return undefined;
  const key = circuitKeyOf(target);
  if (recentCalls.readQuietMs(key) >= (triggers.returnAfterMs ?? defaultTriggerReturnAfterMs)) return undefined;
  return judgeTriggers(recentCalls.read(key, triggers.windowMs ?? defaultTriggerWindowMs), triggers);
}

/** Remembers a call that begins; the answer must be told how it ended. */
export function watchCall(
  target: DispatchTarget,
  { recentCalls, policy: { triggers } }: Watching,
): (outcome: CallOutcome, isHedgeLost: boolean) => void {
  if (!recentCalls) return () => {};
  const key = circuitKeyOf(target);
  // Asked although a trigger fires: its time to return has come, or nobody else was left.
  const isOnTrial =
    triggers && judgeTriggers(recentCalls.read(key, triggers.windowMs ?? defaultTriggerWindowMs), triggers);
  recentCalls.noteStart(key);
  return (outcome, isHedgeLost) => {
    const call = summarise(outcome, isHedgeLost);
    if (isOnTrial && isReturnProven(call, triggers)) recentCalls.forget(key);
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
