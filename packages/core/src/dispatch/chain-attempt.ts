import type { CallPurpose } from '../metrics/index.ts';
import { type CircuitChange, type CircuitOutcome, type Deadlines, toCircuitOutcome } from '../policies/index.ts';
import type { ModelCall, ProviderError } from '../spec/index.ts';
import { enterGate } from './attempt-gate.ts';
import { type ChainDependencies, planAttemptDeadlines } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { AttemptFailure } from './next-step.ts';
import { type CallOutcome, type PartListener, runCall } from './run-call.ts';

/** One try of one candidate. Times in milliseconds. */
export interface ChainAttempt {
  readonly target: DispatchTarget;
  /** With the target's own model id, and with the prefill when it is a continuation. */
  readonly call: ModelCall;
  readonly purpose: CallPurpose;
  /** Until the chain's overall deadline. */
  readonly remainingMs: number;
  readonly hasFallback: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onPart: PartListener;
  /** Told when the call is about to be made; answers its number. */
  onStart(isProbe: boolean): number;
  onCircuitChange(change: CircuitChange): void;
}

export type AttemptResult =
  | { readonly isCalled: true; readonly outcome: CallOutcome }
  | { readonly isCalled: false; readonly source: AttemptFailure['source']; readonly error: ProviderError };

/** Makes one call through slot and circuit and gives both their due, whatever happens. Throws what a listener throws. */
export async function runAttempt(attempt: ChainAttempt, dependencies: ChainDependencies): Promise<AttemptResult> {
  const { target, signal, remainingMs } = attempt;
  const { clock, policy } = dependencies;
  const queuedAtMs = clock.monotonicMs();
  const gate = await enterGate(target, dependencies, Math.min(policy.queueMs, remainingMs), signal);
  if (!gate.isOpen) return { isCalled: false, source: gate.source, error: gate.error };
  const note = (change: CircuitChange | undefined) => {
    if (change) attempt.onCircuitChange(change);
  };
  const own: Deadlines = { ...dependencies.deadlines, ...target.overrides?.deadlines };
  const leftMs = remainingMs - (clock.monotonicMs() - queuedAtMs);
  const deadlines = planAttemptDeadlines(own, leftMs, attempt.hasFallback, policy.silenceShare);
  let verdict: CircuitOutcome = 'ignored';
  try {
    note(gate.circuit.change);
    const number = attempt.onStart(gate.circuit.isProbe);
    const { call, purpose, onPart } = attempt;
    const outcome = await runCall(target, call, purpose, { ...dependencies, deadlines }, onPart, signal, number);
    verdict = judge(outcome, own, leftMs);
    return { isCalled: true, outcome };
  } finally {
    gate.release();
    note(gate.circuit.settle(verdict));
  }
}

/** A call that only timed out because the chain had little time left for it says nothing about the provider. */
function judge(outcome: CallOutcome, own: Deadlines, leftMs: number): CircuitOutcome {
  if (outcome.error?.kind === 'timeout' && leftMs < Math.min(own.firstTokenMs, own.totalMs)) return 'ignored';
  return toCircuitOutcome(outcome.error?.kind);
}
