import { computeCost } from '../catalog/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import {
  type CircuitChange,
  type CircuitEntry,
  type CircuitOutcome,
  type Deadlines,
  toCircuitOutcome,
} from '../policies/index.ts';
import { isContentPart, type ModelCall, type ProviderError } from '../spec/index.ts';
import { enterGate } from './attempt-gate.ts';
import { watchCall } from './candidate-watch.ts';
import {
  type ChainDependencies,
  defaultIdlePatienceMs,
  planAttemptDeadlines,
  planOwnDeadlines,
  readFirstTokenPatienceMs,
} from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { estimateInputTokens } from './estimate-call-tokens.ts';
import { HedgeLost } from './hedge-race.ts';
import type { AttemptFailure } from './next-step.ts';
import { type CallOutcome, type PartListener, runCall } from './run-call.ts';
import { toProviderError } from './to-provider-error.ts';

/** One try of one candidate. Times in milliseconds. */
export interface ChainAttempt {
  readonly target: DispatchTarget;
  /** With the target's own model id, and with the prefill when it is a continuation. */
  readonly call: ModelCall;
  readonly purpose: CallPurpose;
  /** Until the chain's overall deadline. */
  readonly remainingMs: number;
  /** Whether another candidate could answer when this one is silent. */
  readonly hasFallback: boolean;
  /** For how many failures this one counts, if it fails by the provider's fault. */
  readonly faultWeight: number;
  /** Nobody was asked yet and nobody else is left: an open circuit does not keep the call away. */
  readonly isLastResort?: boolean;
  /** Made beside another call that is silent. */
  readonly isHedge?: boolean;
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
  const { clock, policy, recorder } = dependencies;
  const queuedAtMs = clock.monotonicMs();
  const queueMs = Math.min(policy.queueMs, remainingMs);
  const gate = await enterGate(target, dependencies, queueMs, signal, attempt.call, attempt.isLastResort);
  if (!gate.isOpen) return { isCalled: false, source: gate.source, error: gate.error };
  const note = (change: CircuitChange | undefined) => {
    if (change) attempt.onCircuitChange(change);
  };
  if (signal?.aborted) {
    gate.release(0);
    note(gate.circuit.settle('ignored'));
    return { isCalled: false, source: 'queue', error: toProviderError(undefined, target, signal) };
  }
  const own = planOwnDeadlines({ ...dependencies.deadlines, ...target.overrides?.deadlines }, attempt.call);
  const leftMs = remainingMs - (clock.monotonicMs() - queuedAtMs);
  const firstTokenPatienceMs = readFirstTokenPatienceMs(policy, target, attempt.call);
  const { silenceShare, idlePatienceMs = defaultIdlePatienceMs } = policy;
  const rescue = attempt.hasFallback ? { silenceShare, firstTokenPatienceMs, idlePatienceMs } : undefined;
  const deadlines = planAttemptDeadlines(own, leftMs, rescue);
  let verdict: CircuitOutcome = 'ignored';
  let usedTokens: number | undefined;
  try {
    note(gate.circuit.change);
    const number = attempt.onStart(gate.circuit.isProbe);
    const { call, purpose } = attempt;
    const onPart = gate.circuit.isProbe ? proveAfterAWhile(gate.circuit, attempt, clock) : attempt.onPart;
    const noteEnd = watchCall(target, dependencies);
    let settled: CallRecord | undefined;
    const settling = {
      record: (record: CallRecord) => {
        settled = settleHedge(record, attempt);
        recorder.record(settled);
      },
    };
    const called = { ...dependencies, deadlines, recorder: settling };
    const raw = await runCall(target, call, purpose, called, onPart, signal, number);
    const outcome = { ...raw, record: settled ?? raw.record };
    noteEnd(outcome, isHedgeLost(attempt));
    verdict = judge(outcome, own, leftMs);
    usedTokens = readUsedTokens(outcome);
    return { isCalled: true, outcome };
  } finally {
    gate.release(usedTokens);
    note(gate.circuit.settle(verdict, attempt.faultWeight));
  }
}

function isHedgeLost({ signal }: ChainAttempt): boolean {
  return signal?.aborted === true && signal.reason instanceof HedgeLost;
}

/** Vendors bill the input of a call that was given up; what they do not report is estimated. */
function settleHedge(record: CallRecord, attempt: ChainAttempt): CallRecord {
  const marked = attempt.isHedge ? { ...record, isHedge: true as const } : record;
  if (record.outcome !== 'cancelled' || record.usage.inputTokens !== undefined || !isHedgeLost(attempt)) return marked;
  const usage = { inputTokens: estimateInputTokens(attempt.call), outputTokens: 0 };
  const cost = computeCost(usage, attempt.target.price);
  const { costUnknownReason, costNanoUsd, ...rest } = marked;
  return {
    ...rest,
    usage,
    isUsageEstimated: true,
    ...(cost.kind === 'known' ? { costNanoUsd: cost.costNanoUsd } : { costUnknownReason: cost.reason }),
  };
}

/** A probe that has been writing for so long has shown that the model is back: others need not wait for its end. */
const probeProofMs = 5_000;

function proveAfterAWhile(
  circuit: Extract<CircuitEntry, { isAdmitted: true }>,
  attempt: ChainAttempt,
  clock: Clock,
): PartListener {
  let writingSinceMs: number | undefined;
  return (part) => {
    if (isContentPart(part)) {
      writingSinceMs ??= clock.monotonicMs();
      if (clock.monotonicMs() - writingSinceMs >= probeProofMs) {
        const change = circuit.prove();
        if (change) attempt.onCircuitChange(change);
      }
    }
    return attempt.onPart(part);
  };
}

/** Undefined when the vendor did not say; a refused call has used none. */
function readUsedTokens({ record, error }: CallOutcome): number | undefined {
  const { inputTokens, outputTokens } = record.usage;
  if (inputTokens !== undefined && outputTokens !== undefined) return inputTokens + outputTokens;
  return error && record.timeToFirstTokenMs === undefined && error.details.status !== undefined ? 0 : undefined;
}

/** A call that only timed out because the chain had little time left for it says nothing about the provider. */
function judge(outcome: CallOutcome, own: Deadlines, leftMs: number): CircuitOutcome {
  if (outcome.error?.kind === 'timeout' && leftMs < Math.min(own.firstTokenMs, own.totalMs)) return 'ignored';
  return toCircuitOutcome(outcome.error?.kind);
}
