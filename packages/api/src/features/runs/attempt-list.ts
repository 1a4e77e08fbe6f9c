import type { Usage } from '@switchyard/core/spec';
import type { ProviderSpend, ProviderTotal, RunEvent } from '@switchyard/core/workflows';
import type { CallRecord as CallRow } from '../../generated/prisma/client.ts';
import { type AttemptRecord, mostAttempts } from './run-record.ts';

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** An {@link AttemptList} as plain data. */
export interface StoredAttempts {
  readonly attempts: readonly AttemptRecord[];
  /** Older ones that are not among them. */
  readonly left: number;
  readonly totals: readonly ProviderTotal[];
}

/** The attempts of one step, from the events of its calls and what is on record of them. */
export class AttemptList {
  readonly #attempts: Mutable<AttemptRecord>[] = [];
  readonly #byPlace = new Map<string, Mutable<AttemptRecord>>();
  readonly #lastOfCall = new Map<string, Mutable<AttemptRecord>>();
  readonly #decisions = new Map<string, string>();
  readonly #totals = new Map<string, Mutable<ProviderTotal>>();
  #left = 0;

  constructor(stored?: StoredAttempts) {
    if (!stored) return;
    this.#left = stored.left;
    for (const attempt of stored.attempts) {
      this.#keep({ ...unknownOfAttempt, ...attempt });
      if (attempt.decisionId !== undefined) this.#decisions.set(attempt.callId, attempt.decisionId);
    }
    for (const total of stored.totals) this.#totals.set(total.providerId, { ...total });
  }

  /** How many there were in all. */
  get count(): number {
    return this.#left + this.#attempts.length;
  }

  /** Ids of the calls whose attempts are known one by one, the latest ones. */
  get callIds(): ReadonlySet<string> {
    return new Set(this.#attempts.slice(-mostAttempts).map(({ callId }) => callId));
  }

  /** The latest attempts, and all that run. */
  store(): StoredAttempts {
    const from = this.#attempts.length - mostAttempts;
    const attempts = this.#attempts.filter(({ state }, index) => index >= from || state === 'running');
    return { attempts, left: this.count - attempts.length, totals: this.totals };
  }

  /** What each provider was paid for the step. */
  get totals(): readonly ProviderTotal[] {
    return [...this.#totals.values()];
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case 'route-decided':
        if (event.decisionId !== undefined) this.#decisions.set(event.callId, event.decisionId);
        break;
      case 'attempt-started':
        this.#start(event);
        break;
      case 'output-delta':
      case 'reasoning-delta': {
        const last = this.#lastOfCall.get(event.callId);
        if (last) last.firstTokenAtMs ??= event.atMs;
        break;
      }
      case 'attempt-failed': {
        const { callId, vendorAttempt, kind, message, atMs } = event;
        const found = this.#byPlace.get(placeOf(callId, vendorAttempt));
        if (found) Object.assign(found, { state: 'failed', endedAtMs: atMs, errorKind: kind, errorMessage: message });
        break;
      }
      case 'output-completed':
        this.#complete(event);
        break;
      case 'call-failed':
      case 'call-interrupted': {
        this.#pay(event.spend);
        const last = this.#lastOfCall.get(event.callId);
        if (last?.state !== 'running') break;
        Object.assign(last, { state: 'failed', endedAtMs: event.atMs });
        if (event.type === 'call-failed') Object.assign(last, { errorMessage: event.error.message });
        break;
      }
    }
  }

  /** What was measured of an attempt; it comes a moment after its events and is forgotten before them. */
  addRecord(row: CallRow): void {
    const found = this.#byPlace.get(placeOf(row.sourceId ?? '', row.attempt));
    if (!found || found.providerId !== row.providerId) return;
    const usage: Usage = {
      ...(row.inputTokens !== null && { inputTokens: row.inputTokens }),
      ...(row.cachedInputTokens !== null && { cachedInputTokens: row.cachedInputTokens }),
      ...(row.cacheWriteTokens !== null && { cacheWriteTokens: row.cacheWriteTokens }),
      ...(row.outputTokens !== null && { outputTokens: row.outputTokens }),
      ...(row.reasoningTokens !== null && { reasoningTokens: row.reasoningTokens }),
    };
    const startedAtMs = row.startedAt.getTime();
    found.startedAtMs = startedAtMs;
    found.endedAtMs = startedAtMs + row.latencyMs;
    found.firstTokenAtMs = row.timeToFirstTokenMs === null ? undefined : startedAtMs + row.timeToFirstTokenMs;
    found.usage = usage;
    found.costNanoUsd = row.costNanoUsd?.toString();
    found.costUnknownReason = row.costUnknownReason ?? undefined;
    found.servedModel = row.servedModel ?? found.servedModel;
    found.providerRequestId = row.providerRequestId ?? found.providerRequestId;
    found.decisionId = row.decisionId ?? found.decisionId;
    found.errorKind = row.errorKind ?? found.errorKind;
    found.errorMessage = row.errorMessage ?? found.errorMessage;
    if (row.outcome !== 'succeeded') found.state = 'failed';
  }

  /** `endedAtMs`: of the run, when it is over; then nothing runs any more. */
  finish(endedAtMs: number | undefined): readonly AttemptRecord[] {
    if (endedAtMs === undefined) return this.#attempts;
    return this.#attempts.map((attempt) =>
      attempt.state === 'running'
        ? { ...attempt, state: 'failed' as const, endedAtMs: attempt.endedAtMs ?? endedAtMs }
        : attempt,
    );
  }

  #start(event: Extract<RunEvent, { type: 'attempt-started' }>): void {
    const { callId, stepId, itemIndex, slot, attempt, vendorAttempt, providerId, modelId, atMs } = event;
    // A call that was cut off by the end of its process is made again under the same name.
    const earlier = this.#lastOfCall.get(callId);
    if (earlier?.state === 'running' && earlier.vendorAttempt >= vendorAttempt) {
      Object.assign(earlier, { state: 'failed', endedAtMs: atMs, errorMessage: 'Its server stopped.' });
    }
    this.#keep({
      ...unknownOfAttempt,
      ...{ callId, stepId, itemIndex, slot, callAttempt: attempt, vendorAttempt, providerId, modelId },
      state: 'running',
      startedAtMs: atMs,
      decisionId: this.#decisions.get(callId),
    });
  }

  #keep(attempt: Mutable<AttemptRecord>): void {
    this.#attempts.push(attempt);
    this.#byPlace.set(placeOf(attempt.callId, attempt.vendorAttempt), attempt);
    this.#lastOfCall.set(attempt.callId, attempt);
  }

  #complete({ callId, answer, spend, atMs }: Extract<RunEvent, { type: 'output-completed' }>): void {
    this.#pay(spend);
    const last = this.#lastOfCall.get(callId);
    if (!last) return;
    const paid = spend.findLast(({ providerId }) => providerId === answer.providerId);
    last.state = 'succeeded';
    last.endedAtMs = atMs;
    last.servedModel = answer.servedModel;
    last.finishReason = answer.finishReason;
    last.providerRequestId = answer.providerRequestId;
    last.usage = paid?.usage;
    last.costNanoUsd = paid?.costNanoUsd;
    if (answer.timeToFirstTokenMs !== undefined) {
      last.firstTokenAtMs = atMs - answer.latencyMs + answer.timeToFirstTokenMs;
    }
  }

  #pay(spends: readonly ProviderSpend[]): void {
    for (const { providerId, calls, usage, costNanoUsd, unpricedCalls = 0 } of spends) {
      const total = this.#totals.get(providerId) ?? {
        ...{ providerId, calls: 0, inputTokens: 0, outputTokens: 0, costNanoUsd: '0', unpricedCalls: 0 },
        uncountedCalls: 0,
      };
      total.calls += calls;
      total.inputTokens += usage.inputTokens ?? 0;
      total.outputTokens += usage.outputTokens ?? 0;
      total.costNanoUsd = String(BigInt(total.costNanoUsd) + BigInt(costNanoUsd ?? '0'));
      total.unpricedCalls += unpricedCalls;
      if (usage.inputTokens === undefined || usage.outputTokens === undefined) total.uncountedCalls += calls;
      this.#totals.set(providerId, total);
    }
  }
}

/** What is not known when an attempt begins. */
const unknownOfAttempt = {
  itemIndex: undefined,
  servedModel: undefined,
  firstTokenAtMs: undefined,
  endedAtMs: undefined,
  usage: undefined,
  costNanoUsd: undefined,
  costUnknownReason: undefined,
  finishReason: undefined,
  providerRequestId: undefined,
  decisionId: undefined,
  errorKind: undefined,
  errorMessage: undefined,
} as const;

const placeOf = (callId: string, vendorAttempt: number) => `${callId}/${vendorAttempt}`;
