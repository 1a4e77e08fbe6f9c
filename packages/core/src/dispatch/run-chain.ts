import { SwitchyardError, sleep } from '../kernel/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import type { CallWarning, ModelCall, ProviderError, ProviderErrorKind } from '../spec/index.ts';
import { circuitKeyOf } from './attempt-gate.ts';
import { runAttempt } from './chain-attempt.ts';
import type { ChainEvent, ChainFact } from './chain-event.ts';
import { ChainOutput } from './chain-output.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import {
  type AttemptFailure,
  type CandidateFacts,
  type ChainSituation,
  type ChainStep,
  isPrefillRefusal,
  planNextStep,
  type StepReason,
} from './next-step.ts';
import { continueCall } from './prefill.ts';
import type { PartListener } from './run-call.ts';
import { toProviderError } from './to-provider-error.ts';

/** Everything passed on so far is void; what follows is the output of attempt `attempt`. */
export interface OutputReset {
  readonly attempt: number;
  /** What broke the output that is void now. */
  readonly reason: ProviderErrorKind;
  /** Length of the voided text in UTF-16 code units. */
  readonly voidedLength: number;
}

export interface ChainListener {
  /** Told of every part that the reader should see, never of a terminal one. A promise holds the stream back. */
  readonly onPart: PartListener;
  /** Called between parts; delivery `hold-back` and `fail` never call it. A promise holds the stream back. */
  readonly onReset: (reset: OutputReset) => void | Promise<void>;
  readonly onEvent?: (event: ChainEvent) => void;
}

/** How a chain ended; `error` is undefined exactly when the answer is complete. */
export interface ChainOutcome {
  /** The call that gave the answer or the error; undefined when none was made (circuits open, no slot, cancelled). */
  readonly record: CallRecord | undefined;
  /** Of all calls, in order. */
  readonly records: readonly CallRecord[];
  /** The candidate that was asked last: the one that answered, when the chain succeeded. */
  readonly target: DispatchTarget;
  /** Of the attempts whose output stands. */
  readonly warnings: readonly CallWarning[];
  readonly error?: ProviderError;
  /** Why nothing more was tried. */
  readonly reason?: StepReason;
  /** Epoch milliseconds at which the vendor, or the circuit, allows another try. */
  readonly retryAtMs?: number;
}

/**
 * Asks the candidates in order until one gives a complete answer: with retries, circuits, slots and one overall
 * deadline, as `dependencies.policy` says. `call.model` is replaced by each candidate's own model id.
 *
 * Never throws for what vendors or the network do; a truncated answer is never a success. What a listener throws is a
 * bug and is passed on after the call was cancelled and recorded. Throws `DISPATCH.NO_CANDIDATE` for an empty chain.
 */
export async function runChain(
  candidates: readonly DispatchTarget[],
  call: ModelCall,
  purpose: CallPurpose,
  dependencies: ChainDependencies,
  listener: ChainListener,
  signal?: AbortSignal,
): Promise<ChainOutcome> {
  if (candidates.length === 0) throw new SwitchyardError('DISPATCH.NO_CANDIDATE', 'There is no model to ask.');
  return new ChainRun(candidates, call, purpose, dependencies, listener, signal).run();
}

/** The shell: keeps the books and does what `planNextStep` says. */
class ChainRun {
  readonly #candidates: readonly DispatchTarget[];
  readonly #call: ModelCall;
  readonly #purpose: CallPurpose;
  readonly #dependencies: ChainDependencies;
  readonly #listener: ChainListener;
  readonly #signal: AbortSignal | undefined;
  readonly #output: ChainOutput;
  readonly #startMs: number;
  readonly #records: CallRecord[] = [];
  readonly #untried: Set<number>;
  readonly #blockedProviders = new Set<string>();
  readonly #prefillRefusers = new Set<number>();
  #current = 0;
  #attempt = 0;
  #attemptsHere = 0;
  #waitedMs = 0;
  #warnings: CallWarning[] = [];
  #lastKind: ProviderErrorKind = 'invalid-response';
  #lastCall: { error: ProviderError; record: CallRecord; atMs: number } | undefined;

  constructor(
    candidates: readonly DispatchTarget[],
    call: ModelCall,
    purpose: CallPurpose,
    dependencies: ChainDependencies,
    listener: ChainListener,
    signal: AbortSignal | undefined,
  ) {
    this.#candidates = candidates;
    this.#call = call;
    this.#purpose = purpose;
    this.#dependencies = dependencies;
    this.#listener = listener;
    this.#signal = signal;
    this.#startMs = dependencies.clock.monotonicMs();
    this.#untried = new Set(candidates.keys());
    this.#untried.delete(0);
    this.#output = new ChainOutput(dependencies.policy.delivery, {
      part: listener.onPart,
      reset: (voidedLength) => {
        const reset = { attempt: this.#attempt, reason: this.#lastKind, voidedLength };
        this.#tell({ type: 'output-reset', ...reset });
        return listener.onReset(reset);
      },
    });
  }

  get #target(): DispatchTarget {
    return this.#candidates[this.#current] as DispatchTarget;
  }

  get #remainingMs(): number {
    return this.#dependencies.policy.overallMs - this.#elapsedMs;
  }

  get #elapsedMs(): number {
    return this.#dependencies.clock.monotonicMs() - this.#startMs;
  }

  async run(): Promise<ChainOutcome> {
    const { policy, random } = this.#dependencies;
    let asContinuation = false;
    for (;;) {
      const result = await this.#try(asContinuation);
      if ('record' in result) return this.#end(result.record);
      const { failure, error } = result;
      const retry = { ...policy.retry, ...this.#target.overrides?.retry };
      const step = planNextStep(failure, this.#situation(), policy.delivery, retry, random);
      if (step.type === 'give-up') return this.#giveUp(error, step.reason);
      asContinuation = step.asContinuation;
      if (step.type === 'failover') this.#failOver(step.to, step.reason, failure.kind);
      else if (!(await this.#wait(step))) {
        return this.#giveUp(toProviderError(undefined, this.#target, this.#signal), 'cancelled');
      }
    }
  }

  async #try(
    isContinuation: boolean,
  ): Promise<{ record: CallRecord } | { failure: AttemptFailure; error: ProviderError }> {
    const target = this.#target;
    const place = { providerId: target.providerId, modelId: target.modelId };
    const call = { ...this.#call, model: target.vendorModelId };
    const result = await runAttempt(
      {
        target,
        call: isContinuation ? continueCall(call, this.#output.prefill) : call,
        purpose: this.#purpose,
        remainingMs: this.#remainingMs,
        hasFallback: this.#usableOthers().length > 0,
        signal: this.#signal,
        onPart: (part) => this.#output.take(part),
        onCircuitChange: (change) => this.#tell({ type: 'circuit-changed', ...change, ...place }),
        onStart: (isProbe) => {
          this.#attempt += 1;
          if (this.#attemptsHere === 0) this.#dependencies.retryBudgets.noteRequest(target.providerId);
          this.#attemptsHere += 1;
          this.#output.begin(isContinuation);
          this.#tell({ type: 'attempt-started', attempt: this.#attempt, isProbe, isContinuation, ...place });
          return this.#attempt;
        },
      },
      this.#dependencies,
    );
    if (!result.isCalled) {
      const { source, error } = result;
      const { kind, details } = error;
      const failure = { source, kind, retryAfterMs: details.retryAfterMs, hadOutput: false, wasContinuation: false };
      return { failure, error };
    }
    const { record, warnings, error } = result.outcome;
    this.#records.push(record);
    if (!isContinuation) this.#warnings = [];
    this.#warnings.push(...warnings);
    if (error) return this.#noteFailure(record, error, isContinuation);
    await this.#output.finish();
    return { record };
  }

  #noteFailure(record: CallRecord, error: ProviderError, wasContinuation: boolean) {
    const { providerId, modelId } = this.#target;
    const { kind, blame, message } = error;
    const failure: AttemptFailure = {
      source: 'call',
      kind,
      retryAfterMs: error.details.retryAfterMs,
      hadOutput: this.#output.isFlowing,
      wasContinuation,
    };
    this.#tell({
      type: 'attempt-failed',
      attempt: this.#attempt,
      callId: record.id,
      ...{ kind, blame, message, latencyMs: record.latencyMs, hadOutput: failure.hadOutput, providerId, modelId },
    });
    // A refused prefill was our idea: the caller must never be told of it.
    if (isPrefillRefusal(failure)) this.#prefillRefusers.add(this.#current);
    else {
      this.#lastCall = { error, record, atMs: this.#dependencies.clock.nowMs() };
      this.#lastKind = kind;
    }
    // Key and credit belong to the provider: its other models would meet the same refusal.
    if (kind === 'auth' || kind === 'quota') this.#blockedProviders.add(providerId);
    return { failure, error };
  }

  #situation(): ChainSituation {
    const { circuits, retryBudgets } = this.#dependencies;
    return {
      current: this.#factsOf(this.#current),
      others: this.#usableOthers(),
      attemptsHere: this.#attemptsHere,
      isRetryAffordable: retryBudgets.canRetry(this.#target.providerId),
      isAdmittedHere: circuits.canEnter(circuitKeyOf(this.#target)),
      remainingMs: this.#remainingMs,
      waitedMs: this.#waitedMs,
      canContinue: this.#output.prefill !== '',
    };
  }

  #factsOf(index: number): CandidateFacts {
    return {
      index,
      acceptsPrefill: this.#candidates[index]?.acceptsPrefill === true && !this.#prefillRefusers.has(index),
    };
  }

  #usableOthers(): CandidateFacts[] {
    const others: CandidateFacts[] = [];
    for (const index of this.#untried) {
      const target = this.#candidates[index] as DispatchTarget;
      if (this.#blockedProviders.has(target.providerId)) continue;
      if (this.#dependencies.circuits.canEnter(circuitKeyOf(target))) others.push(this.#factsOf(index));
    }
    return others;
  }

  #failOver(to: number, reason: StepReason, kind: ProviderErrorKind): void {
    const from = { providerId: this.#target.providerId, modelId: this.#target.modelId };
    this.#current = to;
    this.#untried.delete(to);
    this.#attemptsHere = 0;
    const { providerId, modelId } = this.#target;
    this.#tell({ type: 'failover-happened', from, to: { providerId, modelId }, reason, kind });
  }

  /** Waits for a retry; false when the chain was cancelled meanwhile. */
  async #wait({ waitMs, reason, isCharged }: Extract<ChainStep, { type: 'retry' }>): Promise<boolean> {
    const { providerId, modelId } = this.#target;
    if (isCharged) this.#dependencies.retryBudgets.takeRetry(providerId);
    this.#tell({ type: 'retry-scheduled', waitMs, reason, providerId, modelId });
    this.#waitedMs += waitMs;
    try {
      if (waitMs > 0) await sleep(this.#dependencies.clock, waitMs, this.#signal);
    } catch {
      return false;
    }
    return !this.#signal?.aborted;
  }

  #giveUp(error: ProviderError, reason: StepReason): ChainOutcome {
    // An open circuit or a full queue says less than the call that failed before it.
    const isAboutCall = reason !== 'cancelled' && this.#lastCall !== undefined;
    const shown = isAboutCall && this.#lastCall ? this.#lastCall.error : error;
    const { retryAfterMs } = shown.details;
    const atMs = (isAboutCall ? this.#lastCall?.atMs : undefined) ?? this.#dependencies.clock.nowMs();
    return {
      ...this.#end(this.#lastCall?.record),
      error: shown,
      reason,
      ...(retryAfterMs !== undefined && { retryAtMs: atMs + retryAfterMs }),
    };
  }

  #end(record: CallRecord | undefined): ChainOutcome {
    return { record, records: this.#records, target: this.#target, warnings: this.#warnings };
  }

  #tell(fact: ChainFact): void {
    this.#listener.onEvent?.({ ...fact, atMs: this.#dependencies.clock.nowMs(), elapsedMs: this.#elapsedMs });
  }
}
