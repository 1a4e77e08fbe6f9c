import { SwitchyardError, sleep } from '../kernel/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import { type CallWarning, type ModelCall, ProviderError, type ProviderErrorKind } from '../spec/index.ts';
import { circuitKeyOf } from './attempt-gate.ts';
import { BreachHandling, type NamedBreach } from './breach-handling.ts';
import { CandidatePool } from './candidate-pool.ts';
import { type AttemptResult, runAttempt } from './chain-attempt.ts';
import { ChainJournal } from './chain-journal.ts';
import type { ChainListener, ChainOutcome } from './chain-outcome.ts';
import { ChainOutput } from './chain-output.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { Answer, FailedTry } from './chain-try.ts';
import { callOfTarget, type DispatchTarget } from './dispatch-target.ts';
import { readHedgeDelayMs } from './hedge-settings.ts';
import {
  type AttemptFailure,
  type ChainSituation,
  type ChainStep,
  isPrefillRefusal,
  mayFailOver,
  planNextStep,
  type StepReason,
} from './next-step.ts';
import { continueCall } from './prefill.ts';
import { raceCandidates } from './race-candidates.ts';
import { RequestUse } from './request-use.ts';
import type { PartListener } from './run-call.ts';
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

/** The shell: keeps the books and does what `planNextStep` says. */
class ChainRun {
  readonly #pool: CandidatePool;
  readonly #asked: ModelCall;
  readonly #purpose: CallPurpose;
  readonly #dependencies: ChainDependencies;
  readonly #signal: AbortSignal | undefined;
  readonly #output: ChainOutput;
  readonly #journal: ChainJournal;
  readonly #breaches: BreachHandling;
  readonly #use = new RequestUse();
  #waitedMs = 0;
  #warnings: CallWarning[] = [];
  /** What broke the output that the reader sees. */
  #breakKind: ProviderErrorKind = 'invalid-response';
  /** An answer that was refused, while another candidate is asked in its place. */
  #refusal: Answer | undefined;
  #lastCall: { readonly error: ProviderError; readonly record: CallRecord; readonly atMs: number } | undefined;

  constructor(
    candidates: readonly DispatchTarget[],
    call: ModelCall,
    purpose: CallPurpose,
    dependencies: ChainDependencies,
    listener: ChainListener,
    signal: AbortSignal | undefined,
  ) {
    this.#pool = new CandidatePool(candidates, dependencies);
    this.#asked = call;
    this.#purpose = purpose;
    this.#dependencies = dependencies;
    this.#signal = signal;
    this.#journal = new ChainJournal(dependencies.clock, listener);
    this.#breaches = new BreachHandling(this.#pool, this.#journal, dependencies, call, purpose);
    this.#output = new ChainOutput(dependencies.policy.delivery, {
      part: listener.onPart,
      reset: (voidedLength) => {
        const reset = { attempt: this.#journal.attempts, reason: this.#breakKind, voidedLength };
        this.#journal.tell({ type: 'output-reset', ...reset, ...this.#pool.place });
        return listener.onReset(reset);
      },
    });
  }

  get #budgetKey(): string {
    return circuitKeyOf(this.#pool.target);
  }

  get #remainingMs(): number {
    return this.#dependencies.policy.overallMs - this.#journal.elapsedMs + this.#breaches.waitedMs;
  }

  async run(): Promise<ChainOutcome> {
    let asContinuation = false;
    this.#pool.chooseFirst();
    this.#tellSkipped();
    let hedgeDelayMs = this.#planHedge();
    for (;;) {
      const trying = hedgeDelayMs === undefined ? this.#try(asContinuation) : this.#tryHedged(hedgeDelayMs);
      const result = await trying;
      hedgeDelayMs = undefined;
      if ('record' in result) return this.#succeed(result);
      if (result.breach) {
        const next = await this.#goOnAfterBreach(result.breach, result.error, asContinuation);
        asContinuation = next?.asContinuation ?? false;
        if (next) continue;
        const isCancelled = this.#signal?.aborted;
        const error = isCancelled ? toProviderError(undefined, this.#pool.target, this.#signal) : result.error;
        return this.#giveUp(error, isCancelled ? 'cancelled' : 'budget-exceeded');
      }
      const step = this.#plan(result.failure);
      if (step.type === 'give-up')
        return result.refusal ? this.#succeed(result.refusal) : this.#giveUp(result.error, step.reason);
      if (result.refusal) this.#setAside(result.refusal, result);
      asContinuation = step.asContinuation;
      if (step.type === 'failover') this.#failOver(step, result.failure.kind);
      else if (!(await this.#wait(step)))
        return this.#giveUp(toProviderError(undefined, this.#pool.target, this.#signal), 'cancelled');
    }
  }

  /** How the chain goes on after a refusal: with another candidate, or with the same one and more money; or not. */
  async #goOnAfterBreach(
    breach: NamedBreach,
    error: ProviderError,
    asContinuation: boolean,
  ): Promise<{ readonly asContinuation: boolean } | undefined> {
    const { mustContinue, canContinue } = this.#outputFacts;
    const step = this.#breaches.decide(breach, error.message, mustContinue);
    if (step.type === 'failover') {
      this.#failOver({ to: step.to, reason: 'budget-exceeded' }, 'budget');
      const isContinuable = this.#dependencies.policy.delivery === 'continue' && canContinue;
      return { asContinuation: isContinuable && this.#pool.current.acceptsPrefill };
    }
    const isApproved = step.type === 'ask' && (await this.#breaches.ask(breach, this.#signal).catch(() => false));
    return isApproved ? { asContinuation } : undefined;
  }

  async #try(isContinuation: boolean): Promise<FailedTry | Answer> {
    const onPart: PartListener = (part) => this.#output.take(part);
    const result = await this.#call(isContinuation, { signal: this.#signal, onPart }, () =>
      this.#output.begin(isContinuation),
    );
    return this.#judge(result, isContinuation);
  }

  /** How long to wait for the first candidate before another one is asked beside it; undefined: for as long as it takes. */
  #planHedge(): number | undefined {
    const { policy, recentCalls } = this.#dependencies;
    if (!policy.hedge || !recentCalls || this.#pool.readUsableOthers().length === 0) return undefined;
    const delayMs = readHedgeDelayMs(policy.hedge, recentCalls, this.#budgetKey);
    if (delayMs !== undefined) recentCalls.hedges.noteChain(policy.hedge.maxShare);
    return delayMs;
  }

  async #tryHedged(delayMs: number): Promise<FailedTry | Answer> {
    const indexes = [this.#pool.index];
    const { lane, result } = await raceCandidates({
      clock: this.#dependencies.clock,
      signal: this.#signal,
      delayMs,
      startFirst: (first) => this.#call(false, first),
      planSecond: () => {
        const [next] = this.#pool.readUsableOthers();
        if (!next || !this.#dependencies.recentCalls?.hedges.take()) return undefined;
        const from = this.#pool.place;
        this.#pool.moveTo(next.index);
        indexes.push(next.index);
        this.#journal.tell({
          type: 'hedge-started',
          attempt: this.#journal.attempts + 1,
          silentMs: delayMs,
          from,
          to: this.#pool.place,
        });
        return (second) => this.#call(false, { ...second, isHedge: true });
      },
      onWin: (winner) => {
        this.#pool.moveTo(indexes[winner] as number);
        this.#output.begin(false);
      },
      output: (part) => this.#output.take(part),
      onLoss: (loser, lost) => {
        const deciding = this.#pool.index;
        this.#pool.moveTo(indexes[loser] as number);
        this.#noteLoss(lost);
        this.#pool.moveTo(deciding);
      },
    });
    this.#pool.moveTo(indexes[lane] as number);
    return this.#judge(result, false);
  }

  /** A call beside which another one goes on. */
  #noteLoss(result: AttemptResult): void {
    if (!result.isCalled) return;
    const { record, error } = result.outcome;
    this.#journal.noteEnd(record);
    this.#breaches.noteCall(result, this.#pool.target);
    if (error && (error.kind !== 'cancelled' || this.#signal?.aborted)) {
      this.#journal.tellFailure(this.#pool.place, record, error, false);
      this.#pool.noteFailure(error.kind, false);
      this.#lastCall = { error, record, atMs: this.#dependencies.clock.nowMs() };
    } else {
      this.#journal.tellHedgeLost(this.#pool.place, record);
    }
  }

  /** One call of the current candidate. */
  #call(
    isContinuation: boolean,
    lane: { readonly signal: AbortSignal | undefined; readonly onPart: PartListener; readonly isHedge?: boolean },
    onBegin?: () => void,
  ): Promise<AttemptResult> {
    const { index, target, place, faultsHere } = this.#pool;
    const { signal, onPart, isHedge = false } = lane;
    const call = callOfTarget(this.#asked, target);
    return runAttempt(
      {
        target,
        call: isContinuation ? continueCall(call, this.#output.prefill) : call,
        purpose: this.#purpose,
        remainingMs: this.#remainingMs,
        hasFallback: this.#hasFallback,
        // Beside a fallback a failed retry is enough to leave the model alone.
        faultWeight: this.#hasFallback && faultsHere > 0 ? 2 : 1,
        isLastResort: !isHedge && this.#journal.records.length === 0 && this.#pool.readUsableOthers().length === 0,
        isHedge,
        use: this.#use,
        signal,
        onPart,
        onCircuitChange: (change) => this.#journal.tell({ type: 'circuit-changed', ...change, ...place }),
        onStart: (isProbe) => {
          if (this.#pool.noteAttempt(index)) this.#dependencies.retryBudgets.noteRequest(circuitKeyOf(target));
          onBegin?.();
          return this.#journal.noteStart(place, isProbe, isContinuation);
        },
      },
      this.#dependencies,
    );
  }

  async #judge(result: AttemptResult, isContinuation: boolean): Promise<FailedTry | Answer> {
    if (!result.isCalled) return this.#noteRefusal(result);
    const { record, warnings, error } = result.outcome;
    this.#journal.noteEnd(record);
    this.#breaches.noteCall(result, this.#pool.target);
    if (!isContinuation) this.#warnings = [];
    this.#warnings.push(...warnings);
    if (error) return this.#noteFailure(record, error, isContinuation);
    const { target } = this.#pool;
    this.#dependencies.retryBudgets.noteSuccess(circuitKeyOf(target));
    const answer = { record, warnings: this.#warnings, target };
    return isRefused(record) ? this.#doubt(answer, isContinuation) : answer;
  }

  /** Whether another candidate could take over when the current one is silent. */
  get #hasFallback(): boolean {
    const canRescue = mayFailOver({ source: 'call', kind: 'timeout' }, this.#dependencies.policy.failoverOn);
    return canRescue && this.#pool.readUsableOthers().length > 0;
  }

  #doubt(refusal: Answer, wasContinuation: boolean): FailedTry {
    const { providerId, vendorModelId } = refusal.target;
    const message = 'The answer was ended by the content policy of the provider.';
    const error = new ProviderError({ kind: 'content-filter', provider: providerId, model: vendorModelId, message });
    const failure: AttemptFailure = {
      source: 'call',
      kind: 'content-filter',
      retryAfterMs: undefined,
      hadOutput: this.#output.isFlowing,
      wasContinuation,
    };
    return { failure, error, refusal };
  }

  #setAside(refusal: Answer, { failure, error }: FailedTry): void {
    this.#journal.tellFailure(this.#pool.place, refusal.record, error, failure.hadOutput);
    this.#refusal = refusal;
    this.#output.keepAside();
    if (failure.hadOutput) this.#breakKind = failure.kind;
  }

  #noteRefusal({ source, error, breach }: Extract<AttemptResult, { isCalled: false }>): FailedTry {
    const { kind, retryAfterMs } = error.details;
    const failure = { source, kind, retryAfterMs, hadOutput: false, wasContinuation: false };
    return breach ? { failure, error, breach } : { failure, error };
  }

  #noteFailure(record: CallRecord, error: ProviderError, wasContinuation: boolean): FailedTry {
    const { kind, retryAfterMs } = error.details;
    const hadOutput = this.#output.isFlowing;
    const failure: AttemptFailure = { source: 'call', kind, retryAfterMs, hadOutput, wasContinuation };
    this.#journal.tellFailure(this.#pool.place, record, error, hadOutput);
    const isPrefillRefused = isPrefillRefusal(failure);
    this.#pool.noteFailure(kind, isPrefillRefused);
    // A refused prefill was our idea: the caller must never be told of it.
    if (!isPrefillRefused) this.#lastCall = { error, record, atMs: this.#dependencies.clock.nowMs() };
    if (hadOutput) {
      this.#breakKind = kind;
      this.#refusal = undefined;
    }
    return { failure, error };
  }

  get #outputFacts(): Pick<ChainSituation, 'canContinue' | 'mustContinue'> {
    return {
      canContinue: this.#output.prefill !== '' && !this.#refusal,
      mustContinue: this.#dependencies.policy.canReset === false && this.#output.hasOutput,
    };
  }

  #plan(failure: AttemptFailure): ChainStep {
    const { policy, random, retryBudgets } = this.#dependencies;
    const { target, current, attemptsHere, isAdmittedHere } = this.#pool;
    const situation = {
      current,
      others: this.#pool.readUsableOthers(),
      attemptsHere,
      isRetryAffordable: retryBudgets.canRetry(this.#budgetKey),
      isAdmittedHere,
      remainingMs: this.#remainingMs,
      waitedMs: this.#waitedMs,
      ...this.#outputFacts,
    };
    return planNextStep(failure, situation, policy, { ...policy.retry, ...target.overrides?.retry }, random);
  }

  #failOver(
    { to, reason }: Pick<Extract<ChainStep, { type: 'failover' }>, 'to' | 'reason'>,
    kind: ProviderErrorKind,
  ): void {
    const from = this.#pool.place;
    this.#pool.moveTo(to);
    this.#journal.tell({ type: 'failover-happened', from, to: this.#pool.place, reason, kind });
    this.#tellSkipped();
  }

  #tellSkipped(): void {
    const planId = this.#dependencies.policy.plan?.id;
    for (const { place, verdict } of this.#pool.takeNewlySkipped())
      this.#journal.tell({ type: 'candidate-skipped', ...(planId !== undefined && { planId }), ...verdict, ...place });
  }

  /** Waits for a retry; false when the chain was cancelled meanwhile. */
  async #wait({ waitMs, reason, isCharged }: Extract<ChainStep, { type: 'retry' }>): Promise<boolean> {
    const { place } = this.#pool;
    if (isCharged) this.#dependencies.retryBudgets.takeRetry(this.#budgetKey);
    this.#journal.tell({ type: 'retry-scheduled', waitMs, reason, ...place });
    this.#waitedMs += waitMs;
    try {
      if (waitMs > 0) await sleep(this.#dependencies.clock, waitMs, this.#signal);
    } catch {
      return false;
    }
    return !this.#signal?.aborted;
  }

  async #succeed({ record, warnings, target }: Answer): Promise<ChainOutcome> {
    await this.#output.finish();
    const breach = this.#breaches.last;
    return { record, records: this.#journal.records, target, warnings, ...(breach && { breach }) };
  }

  async #giveUp(error: ProviderError, reason: StepReason): Promise<ChainOutcome> {
    // Nobody did better than the one whose content policy spoke: his answer stands.
    if (this.#refusal && reason !== 'cancelled') {
      const { record, warnings, target } = this.#refusal;
      await this.#output.restore();
      return { record, records: this.#journal.records, target, warnings };
    }
    // An open circuit or a full queue says less than the call that failed before it.
    const cause = reason === 'cancelled' ? undefined : this.#lastCall;
    const shown = cause?.error ?? error;
    const { retryAfterMs } = shown.details;
    const sinceMs = cause?.atMs ?? this.#dependencies.clock.nowMs();
    return {
      record: this.#lastCall?.record,
      records: this.#journal.records,
      target: this.#pool.target,
      warnings: this.#warnings,
      error: shown,
      reason,
      ...(this.#breaches.last && { breach: this.#breaches.last }),
      ...(retryAfterMs !== undefined && { retryAtMs: sinceMs + retryAfterMs }),
    };
  }
}

function isRefused({ finishReason }: CallRecord): boolean {
  return finishReason?.unified === 'content-filter' || finishReason?.unified === 'refusal';
}
