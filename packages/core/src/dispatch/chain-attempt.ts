import type { Clock } from '../kernel/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import {
  type CircuitChange,
  type CircuitEntry,
  type CircuitOutcome,
  type Deadlines,
  toCircuitOutcome,
} from '../policies/index.ts';
import { type CallWarning, isContentPart, type ModelCall, type ProviderError } from '../spec/index.ts';
import { enterGate } from './attempt-gate.ts';
import { awaitPermit, createTooLate } from './await-permit.ts';
import { askPermit, type CallBreach, type CallPermit } from './call-budget.ts';
import { watchCall } from './candidate-watch.ts';
import {
  type ChainDependencies,
  defaultIdlePatienceMs,
  planAttemptDeadlines,
  planOwnDeadlines,
  readFirstTokenPatienceMs,
} from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { HedgeLost } from './hedge-race.ts';
import type { AttemptFailure } from './next-step.ts';
import type { RequestUse } from './request-use.ts';
import { type CallOutcome, type PartListener, runCall } from './run-call.ts';
import { toBudgetError } from './to-budget-error.ts';
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
  /** What all calls of the request use. */
  readonly use: RequestUse;
  readonly signal: AbortSignal | undefined;
  readonly onPart: PartListener;
  /** Told when the call is about to be made; answers its number. */
  onStart(isProbe: boolean): number;
  onCircuitChange(change: CircuitChange): void;
}

export type AttemptResult =
  | { readonly isCalled: true; readonly outcome: CallOutcome; readonly permit: CallPermit }
  | {
      readonly isCalled: false;
      readonly source: AttemptFailure['source'];
      readonly error: ProviderError;
      /** What refused it, when the source is `budget`. */
      readonly breach?: CallBreach & { readonly callId: string };
    };

/** Makes one call through slot and circuit and gives both their due, whatever happens. Throws what a listener throws. */
export async function runAttempt(attempt: ChainAttempt, dependencies: ChainDependencies): Promise<AttemptResult> {
  const { target, signal, remainingMs } = attempt;
  const { clock, policy, recorder } = dependencies;
  const queuedAtMs = clock.monotonicMs();
  const { isPatient = false } = attempt.purpose;
  // Waiting behind others is no failure of a call that has time.
  const queueMs = isPatient ? remainingMs : Math.min(policy.queueMs, remainingMs);
  const gate = await enterGate(target, dependencies, queueMs, signal, attempt.call, attempt.isLastResort, isPatient);
  if (!gate.isOpen) return { isCalled: false, source: gate.source, error: gate.error };
  const note = (change: CircuitChange | undefined) => {
    if (change) attempt.onCircuitChange(change);
  };
  let verdict: CircuitOutcome = 'ignored';
  let usedTokens: number | undefined = 0;
  let permit: CallPermit | undefined;
  let settled: CallRecord | undefined;
  const turnAway = (error: ProviderError) => ({ isCalled: false, source: 'queue', error }) as const;
  try {
    if (signal?.aborted) return turnAway(toProviderError(undefined, target, signal));
    // The price of the moment: it stays with the call when prices change.
    const priced = { ...target, price: target.price };
    const callId = dependencies.ids.next('call');
    const { call: asked, purpose, use } = attempt;
    const { requestLimits } = policy;
    const asking = askPermit({ target: priced, call: asked, purpose, callId, requestLimits, use }, dependencies.ledger);
    const patienceMs = Math.min(policy.queueMs, remainingMs - (clock.monotonicMs() - queuedAtMs));
    const answer = await awaitPermit(asking, clock, patienceMs, signal);
    if (answer !== 'too-late' && answer.isGranted) permit = answer;
    if (signal?.aborted) return turnAway(toProviderError(undefined, target, signal));
    if (answer === 'too-late') return turnAway(createTooLate(target));
    if (!permit) {
      const { breach } = answer as Exclude<typeof answer, CallPermit>;
      const error = toBudgetError(breach, target, clock.nowMs());
      return { isCalled: false, source: 'budget', error, breach: { ...breach, callId } };
    }
    const { call, settle } = permit;
    const own = planOwnDeadlines({ ...dependencies.deadlines, ...target.overrides?.deadlines }, call);
    const leftMs = remainingMs - (clock.monotonicMs() - queuedAtMs);
    const firstTokenPatienceMs = readFirstTokenPatienceMs(policy, target, call);
    const { silenceShare, idlePatienceMs = defaultIdlePatienceMs } = policy;
    const rescue = attempt.hasFallback ? { silenceShare, firstTokenPatienceMs, idlePatienceMs } : undefined;
    const deadlines = planAttemptDeadlines(own, leftMs, rescue);
    usedTokens = undefined;
    note(gate.circuit.change);
    const number = attempt.onStart(gate.circuit.isProbe);
    const pass = gate.circuit.isProbe ? proveAfterAWhile(gate.circuit, attempt, clock) : attempt.onPart;
    let received = '';
    const onPart: PartListener = (part) => {
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') received += part.delta;
      else if (part.type === 'tool-call') received += part.toolName + part.input;
      return pass(part);
    };
    const noteEnd = watchCall(target, dependencies);
    const settling = {
      record: (record: CallRecord) => {
        settled = settle(attempt.isHedge ? { ...record, isHedge: true } : record, received);
        use.noteEnd(settled);
        recorder.record(settled);
      },
    };
    const called = { ...dependencies, deadlines, recorder: settling };
    const named = { attempt: number, id: callId };
    const make = () => runCall(priced, call, purpose, called, onPart, signal, named);
    const { aroundCall } = dependencies;
    const { isHedge = false } = attempt;
    const facts = { callId, attempt: number, operation: 'chat', target, call, purpose, isHedge } as const;
    const raw = await (aroundCall ? aroundCall({ ...facts, readReceived: () => received }, make) : make());
    const warnings = [...limitWarning(permit), ...raw.warnings];
    const outcome = { ...raw, warnings, record: settled ?? raw.record };
    noteEnd(outcome, isHedgeLost(attempt));
    verdict = judge(outcome, own, leftMs);
    usedTokens = readUsedTokens(outcome);
    return { isCalled: true, outcome, permit };
  } finally {
    // First, because what follows tells listeners, which may throw.
    if (permit && !settled) permit.release();
    gate.release(usedTokens);
    note(gate.circuit.settle(verdict, attempt.faultWeight));
  }
}

function isHedgeLost({ signal }: ChainAttempt): boolean {
  return signal?.aborted === true && signal.reason instanceof HedgeLost;
}

function limitWarning({ limitedTo }: CallPermit): readonly CallWarning[] {
  if (limitedTo === undefined) return [];
  const message = `The answer was limited to ${limitedTo} tokens, so that it fits into what budgets leave. Set max output tokens to choose yourself.`;
  return [{ type: 'adjusted-setting', setting: 'maxOutputTokens', message }];
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
