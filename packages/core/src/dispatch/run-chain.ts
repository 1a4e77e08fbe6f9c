import { SwitchyardError, sleep } from '../kernel/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import type { CallWarning, ModelCall, ProviderError, ProviderErrorKind } from '../spec/index.ts';
import { CandidatePool } from './candidate-pool.ts';
import { type AttemptResult, runAttempt } from './chain-attempt.ts';
import type { ChainFact } from './chain-event.ts';
import type { ChainListener, ChainOutcome } from './chain-outcome.ts';
import { ChainOutput } from './chain-output.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { type AttemptFailure, type ChainStep, isPrefillRefusal, planNextStep, type StepReason } from './next-step.ts';
import { continueCall } from './prefill.ts';
import { toProviderError } from './to-provider-error.ts';

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

/** An attempt that did not give the answer: what the planner needs, and what would be told. */
interface FailedTry {
  readonly failure: AttemptFailure;
  readonly error: ProviderError;
}

/** The shell: keeps the books and does what `planNextStep` says. */
class ChainRun {
  readonly #pool: CandidatePool;
  readonly #call: ModelCall;
  readonly #purpose: CallPurpose;
  readonly #dependencies: ChainDependencies;
  readonly #listener: ChainListener;
  readonly #signal: AbortSignal | undefined;
  readonly #output: ChainOutput;
  readonly #startMs: number;
  readonly #records: CallRecord[] = [];
  #attempt = 0;
  #waitedMs = 0;
  #warnings: CallWarning[] = [];
  /** What broke the output that the reader sees. */
  #breakKind: ProviderErrorKind = 'invalid-response';
  #lastCall: { readonly error: ProviderError; readonly record: CallRecord; readonly atMs: number } | undefined;

  constructor(
    candidates: readonly DispatchTarget[],
    call: ModelCall,
    purpose: CallPurpose,
    dependencies: ChainDependencies,
    listener: ChainListener,
    signal: AbortSignal | undefined,
  ) {
    this.#pool = new CandidatePool(candidates, dependencies.circuits);
    this.#call = call;
    this.#purpose = purpose;
    this.#dependencies = dependencies;
    this.#listener = listener;
    this.#signal = signal;
    this.#startMs = dependencies.clock.monotonicMs();
    this.#output = new ChainOutput(dependencies.policy.delivery, {
      part: listener.onPart,
      reset: (voidedLength) => {
        const reset = { attempt: this.#attempt, reason: this.#breakKind, voidedLength };
        this.#tell({ type: 'output-reset', ...reset });
        return listener.onReset(reset);
      },
    });
  }

  get #elapsedMs(): number {
    return this.#dependencies.clock.monotonicMs() - this.#startMs;
  }

  get #remainingMs(): number {
    return this.#dependencies.policy.overallMs - this.#elapsedMs;
  }

  async run(): Promise<ChainOutcome> {
    let asContinuation = false;
    for (;;) {
      const result = await this.#try(asContinuation);
      if ('record' in result) return this.#end(result.record);
      const step = this.#plan(result.failure);
      if (step.type === 'give-up') return this.#giveUp(result.error, step.reason);
      asContinuation = step.asContinuation;
      if (step.type === 'failover') this.#failOver(step, result.failure.kind);
      else if (!(await this.#wait(step)))
        return this.#giveUp(toProviderError(undefined, this.#pool.target, this.#signal), 'cancelled');
    }
  }

  async #try(isContinuation: boolean): Promise<FailedTry | { readonly record: CallRecord }> {
    const { target, place } = this.#pool;
    const call = { ...this.#call, model: target.vendorModelId };
    const result = await runAttempt(
      {
        target,
        call: isContinuation ? continueCall(call, this.#output.prefill) : call,
        purpose: this.#purpose,
        remainingMs: this.#remainingMs,
        hasFallback: this.#pool.readUsableOthers().length > 0,
        signal: this.#signal,
        onPart: (part) => this.#output.take(part),
        onCircuitChange: (change) => this.#tell({ type: 'circuit-changed', ...change, ...place }),
        onStart: (isProbe) => this.#begin(isProbe, isContinuation),
      },
      this.#dependencies,
    );
    if (!result.isCalled) return this.#noteRefusal(result);
    const { record, warnings, error } = result.outcome;
    this.#records.push(record);
    if (!isContinuation) this.#warnings = [];
    this.#warnings.push(...warnings);
    if (error) return this.#noteFailure(record, error, isContinuation);
    await this.#output.finish();
    return { record };
  }

  #begin(isProbe: boolean, isContinuation: boolean): number {
    const { place } = this.#pool;
    if (this.#pool.attemptsHere === 0) this.#dependencies.retryBudgets.noteRequest(place.providerId);
    this.#pool.attemptsHere += 1;
    this.#attempt += 1;
    this.#output.begin(isContinuation);
    this.#tell({ type: 'attempt-started', attempt: this.#attempt, isProbe, isContinuation, ...place });
    return this.#attempt;
  }

  #noteRefusal({ source, error }: Extract<AttemptResult, { isCalled: false }>): FailedTry {
    const { kind, retryAfterMs } = error.details;
    return { failure: { source, kind, retryAfterMs, hadOutput: false, wasContinuation: false }, error };
  }

  #noteFailure(record: CallRecord, error: ProviderError, wasContinuation: boolean): FailedTry {
    const { kind, retryAfterMs } = error.details;
    const hadOutput = this.#output.isFlowing;
    const failure: AttemptFailure = { source: 'call', kind, retryAfterMs, hadOutput, wasContinuation };
    this.#tell({
      type: 'attempt-failed',
      attempt: this.#attempt,
      callId: record.id,
      kind,
      blame: error.blame,
      message: error.message,
      latencyMs: record.latencyMs,
      hadOutput,
      ...this.#pool.place,
    });
    const isPrefillRefused = isPrefillRefusal(failure);
    this.#pool.noteFailure(kind, isPrefillRefused);
    // A refused prefill was our idea: the caller must never be told of it.
    if (!isPrefillRefused) this.#lastCall = { error, record, atMs: this.#dependencies.clock.nowMs() };
    if (hadOutput) this.#breakKind = kind;
    return { failure, error };
  }

  #plan(failure: AttemptFailure): ChainStep {
    const { policy, random, retryBudgets } = this.#dependencies;
    const { target, current, attemptsHere, isAdmittedHere } = this.#pool;
    const situation = {
      current,
      others: this.#pool.readUsableOthers(),
      attemptsHere,
      isRetryAffordable: retryBudgets.canRetry(target.providerId),
      isAdmittedHere,
      remainingMs: this.#remainingMs,
      waitedMs: this.#waitedMs,
      canContinue: this.#output.prefill !== '',
    };
    return planNextStep(failure, situation, policy.delivery, { ...policy.retry, ...target.overrides?.retry }, random);
  }

  #failOver({ to, reason }: Extract<ChainStep, { type: 'failover' }>, kind: ProviderErrorKind): void {
    const from = this.#pool.place;
    this.#pool.moveTo(to);
    this.#tell({ type: 'failover-happened', from, to: this.#pool.place, reason, kind });
  }

  /** Waits for a retry; false when the chain was cancelled meanwhile. */
  async #wait({ waitMs, reason, isCharged }: Extract<ChainStep, { type: 'retry' }>): Promise<boolean> {
    const { place } = this.#pool;
    if (isCharged) this.#dependencies.retryBudgets.takeRetry(place.providerId);
    this.#tell({ type: 'retry-scheduled', waitMs, reason, ...place });
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
    const cause = reason === 'cancelled' ? undefined : this.#lastCall;
    const shown = cause?.error ?? error;
    const { retryAfterMs } = shown.details;
    const sinceMs = cause?.atMs ?? this.#dependencies.clock.nowMs();
    return {
      ...this.#end(this.#lastCall?.record),
      error: shown,
      reason,
      ...(retryAfterMs !== undefined && { retryAtMs: sinceMs + retryAfterMs }),
    };
  }

  #end(record: CallRecord | undefined): ChainOutcome {
    return { record, records: this.#records, target: this.#pool.target, warnings: this.#warnings };
  }

  #tell(fact: ChainFact): void {
    this.#listener.onEvent?.({ ...fact, atMs: this.#dependencies.clock.nowMs(), elapsedMs: this.#elapsedMs });
  }
}
