import type { ChainDependencies, DispatchTarget } from '@switchyard/core/dispatch';
import { FailoverWatch } from '@switchyard/core/failover';
import type { BudgetLedger } from '@switchyard/core/guardrails';
import {
  defaultCallSpeed,
  type HealthOutcome,
  type HealthState,
  judgeFailure,
  judgeHealth,
  judgeSpeed,
  unknownHealth,
} from '@switchyard/core/health';
import type { CallRecord } from '@switchyard/core/metrics';
import { CircuitBreakers, RecentCalls, RetryBudgets } from '@switchyard/core/policies';
import { type ModelAdapter, ProviderError, type ProviderErrorKind } from '@switchyard/core/spec';
import { ModelDispatcher } from '../routing/model-dispatcher.ts';
import type { FailoverJournal } from './failover-journal.ts';
import type { RehearsalFault } from './rehearsal-settings.ts';

/** What a rehearsal asks of how its provider is. */
export interface WatchedProvider {
  /** Epoch milliseconds at which it left healthy, and at which it was healthy again afterwards. */
  readonly detectedAtMs: number | undefined;
  readonly recoveredAtMs: number | undefined;
}

const kindByStatus: Readonly<Record<number, ProviderErrorKind>> = { 401: 'auth', 429: 'rate-limit', 529: 'overloaded' };

/**
 * A world of its own for calls that are made to fail: circuits, measurements and health are those of the rehearsal alone, so that
 * nothing of it reaches other calls. Budgets, limits and records are the real ones; an attempt that fails by the fault is never
 * made, costs nothing and is recorded nowhere.
 */
export class InjectedFault {
  readonly dispatcher: ModelDispatcher;
  readonly #providerId: string;
  readonly #chain: ChainDependencies;
  readonly #fault: RehearsalFault;
  readonly #outcomes: HealthOutcome[] = [];
  #state: HealthState;
  #isBroken = false;
  #detectedAtMs: number | undefined;
  #recoveredAtMs: number | undefined;

  constructor(
    providerId: string,
    fault: RehearsalFault,
    chain: ChainDependencies,
    parts: { readonly circuits: ConstructorParameters<typeof CircuitBreakers>[0]; readonly journal: FailoverJournal },
  ) {
    this.#providerId = providerId;
    this.#fault = fault;
    this.#chain = chain;
    const { clock } = chain;
    this.#state = { ...unknownHealth, status: 'healthy', sinceMs: clock.nowMs() };
    const { approvals: _approvals, ledger, ...rest } = chain;
    this.dispatcher = new ModelDispatcher(
      {
        ...rest,
        circuits: new CircuitBreakers(parts.circuits),
        retryBudgets: new RetryBudgets(clock),
        recentCalls: new RecentCalls(clock),
        watch: new FailoverWatch(clock),
        statusOf: (target) => (target.providerId === providerId ? this.#state.status : chain.statusOf?.(target)),
        recorder: { record: (record) => this.#isInjected(record) || chain.recorder.record(record) },
        ...(ledger && { ledger: this.#guard(ledger) }),
        observer: {
          onBreach: () => {},
          onWarning: () => {},
          onCallEnd: (record) => this.#note(record),
        },
      },
      parts.journal,
    );
  }

  break(): void {
    this.#isBroken = true;
  }

  restore(): void {
    this.#isBroken = false;
  }

  watched(): WatchedProvider {
    return { detectedAtMs: this.#detectedAtMs, recoveredAtMs: this.#recoveredAtMs };
  }

  /** The target with the fault in front of its adapter, where it is one of the provider that is broken. */
  wrap(target: DispatchTarget): DispatchTarget {
    if (target.providerId !== this.#providerId) return target;
    const { adapter } = target;
    const stream: ModelAdapter['stream'] = (call, signal) => this.#stream(target, adapter, call, signal);
    const faulty: ModelAdapter = {
      provider: adapter.provider,
      stream,
      testConnection: (s) => adapter.testConnection(s),
    };
    // A copy by spread would freeze the price, which is read anew by each attempt.
    const properties = { ...Object.getOwnPropertyDescriptors(target), adapter: { value: faulty, enumerable: true } };
    return Object.create(Object.prototype, properties) as DispatchTarget;
  }

  async *#stream(
    { providerId, vendorModelId }: DispatchTarget,
    adapter: ModelAdapter,
    call: Parameters<ModelAdapter['stream']>[0],
    signal: AbortSignal,
  ): ReturnType<ModelAdapter['stream']> extends AsyncIterable<infer Part> ? AsyncGenerator<Part> : never {
    if (this.#isBroken) {
      const { kind, status } = this.#fault;
      const named = { provider: providerId, model: vendorModelId };
      if (kind === 'outage')
        throw new ProviderError({ ...named, kind: 'network', message: 'Injected by a rehearsal: it does not answer.' });
      const message = `Injected by a rehearsal: status ${status}.`;
      throw new ProviderError({ ...named, kind: kindByStatus[status] ?? 'server', status, message });
    }
    yield* adapter.stream(call, signal);
  }

  #isInjected({ providerId, outcome, errorMessage }: CallRecord): boolean {
    return (
      providerId === this.#providerId &&
      outcome === 'failed' &&
      errorMessage?.startsWith('Injected by a rehearsal') === true
    );
  }

  /** What the fault keeps from being called needs no money: nothing is reserved that nobody would book. */
  #guard(ledger: BudgetLedger): BudgetLedger {
    const free = new Set<string>();
    const isFree = (providerId: string | undefined) => this.#isBroken && providerId === this.#providerId;
    return {
      room: (attributes) => (isFree(attributes.providerId) ? undefined : ledger.room(attributes)),
      reserve: (request) => {
        if (!isFree(request.attributes.providerId)) return ledger.reserve(request);
        free.add(request.reservationId);
        return Promise.resolve({ isGranted: true, reservationId: request.reservationId, warnings: [] });
      },
      extend: (id) => free.has(id) || ledger.extend(id),
      settle: (id, actual, request) => free.delete(id) || ledger.settle(id, actual, request),
      release: (id) => free.delete(id) || ledger.release(id),
    };
  }

  #note(record: CallRecord): void {
    if (record.providerId !== this.#providerId || record.outcome === 'cancelled') return;
    const isSuccess = record.outcome === 'succeeded';
    const verdict = isSuccess ? 'success' : judgeFailure(record.errorKind);
    if (verdict === undefined) return;
    const atMs = this.#chain.clock.nowMs();
    const speed = isSuccess ? judgeSpeed(record.timeToFirstTokenMs ?? record.latencyMs, defaultCallSpeed) : 'very-slow';
    this.#outcomes.push({ atMs, source: 'call', verdict, speed });
    const before = this.#state.status;
    this.#state = judgeHealth(this.#state, this.#outcomes, atMs).state;
    if (this.#state.status === before) return;
    if (this.#state.status !== 'healthy') this.#detectedAtMs ??= atMs;
    else if (!this.#isBroken) this.#recoveredAtMs ??= atMs;
  }
}
