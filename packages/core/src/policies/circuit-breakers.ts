import type { Clock } from '../kernel/index.ts';
import {
  admitCall,
  type CircuitOutcome,
  type CircuitSettings,
  type CircuitState,
  type CircuitStatus,
  closedCircuit,
  defaultCircuitSettings,
  readProbeDueMs,
  settleCall,
} from './circuit-breaker.ts';
import { type CircuitLedger, claimWithin, publishSafely } from './circuit-ledger.ts';

/** A transition of one circuit. */
export interface CircuitChange {
  readonly key: string;
  readonly from: CircuitStatus;
  readonly to: CircuitStatus;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Epoch milliseconds of the first probe, when the circuit opened. */
  readonly probeAtMs?: number;
  /** Learnt from another replica. */
  readonly isRemote?: true;
}

/** The answer of a circuit to somebody who wants to call. */
export type CircuitEntry =
  | {
      readonly isAdmitted: true;
      readonly isProbe: boolean;
      readonly change: CircuitChange | undefined;
      /**
       * Says of a probe that is still running that it has shown enough: the circuit closes, and the call counts as an
       * ordinary one from then on. Does nothing for other calls.
       */
      prove(): CircuitChange | undefined;
      /** Must be told how the call went, once; further tellings are ignored. A failure counts for `weight` failures. */
      settle(outcome: CircuitOutcome, weight?: number): CircuitChange | undefined;
    }
  | { readonly isAdmitted: false; readonly retryInMs: number };

/** How one circuit stands, for people to look at. */
export interface CircuitReading {
  readonly key: string;
  readonly status: CircuitStatus;
  /** Whether a call of this process is finding out now. */
  readonly isProbing: boolean;
  /** Milliseconds until the next probe may start; 0 when it may now; absent when closed. */
  readonly nextProbeInMs?: number;
}

/** How soon to ask again while a probe is under way. */
const probingRetryMs = 1_000;

/**
 * The circuits of this process, one per key (provider + model); closed until told otherwise. With a ledger they are
 * shared with the other replicas as {@link CircuitLedger} says.
 */
export class CircuitBreakers {
  readonly #clock: Clock;
  readonly #readSettings: () => CircuitSettings;
  readonly #onChange: ((change: CircuitChange) => void) | undefined;
  readonly #ledger: CircuitLedger | undefined;
  readonly #states = new Map<string, CircuitState>();
  /** Keys whose probe has not been settled. */
  readonly #probing = new Set<string>();
  /** Epoch milliseconds of the last opening or closing. */
  readonly #verdictAtMs = new Map<string, number>();

  /** `onChange` hears every transition, also those of other replicas; it must not throw. */
  constructor(options: {
    readonly clock: Clock;
    /** A function is asked each time, so that settings may change while circuits are open. */
    readonly settings?: CircuitSettings | (() => CircuitSettings);
    readonly onChange?: (change: CircuitChange) => void;
    readonly ledger?: CircuitLedger;
  }) {
    this.#clock = options.clock;
    const { settings = defaultCircuitSettings } = options;
    this.#readSettings = typeof settings === 'function' ? settings : () => settings;
    this.#onChange = options.onChange;
    this.#ledger = options.ledger;
  }

  get #settings(): CircuitSettings {
    return this.#readSettings();
  }

  readStatus(key: string): CircuitStatus {
    return this.#read(key).status;
  }

  /** Every circuit that has had a call, by key. */
  list(): readonly CircuitReading[] {
    const nowMs = this.#clock.monotonicMs();
    return [...this.#states]
      .map(([key, state]) => ({
        key,
        status: state.status,
        isProbing: this.#probing.has(key),
        ...(state.status !== 'closed' && {
          nextProbeInMs: Math.max(0, Math.ceil(readProbeDueMs(state, this.#settings) - nowMs)),
        }),
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Whether {@link enter} would admit a call now; changes nothing. */
  canEnter(key: string): boolean {
    const { admission } = admitCall(this.#read(key), this.#clock.monotonicMs(), this.#settings);
    return admission === 'call' || (admission === 'probe' && !this.#probing.has(key));
  }

  enter(key: string): CircuitEntry {
    const { state, admission, retryInMs } = admitCall(this.#read(key), this.#clock.monotonicMs(), this.#settings);
    if (admission === 'refused') return { isAdmitted: false, retryInMs };
    if (admission === 'probe' && this.#probing.has(key)) return { isAdmitted: false, retryInMs: probingRetryMs };
    let isProbe = admission === 'probe';
    let isSettled = false;
    if (isProbe) this.#probing.add(key);
    const tell = (outcome: CircuitOutcome, weight?: number) => {
      const wasProbe = isProbe;
      isProbe = false;
      if (wasProbe) this.#probing.delete(key);
      const nowMs = this.#clock.monotonicMs();
      return this.#move(key, settleCall(this.#read(key), outcome, wasProbe, nowMs, this.#settings, weight));
    };
    return {
      isAdmitted: true,
      isProbe,
      change: this.#move(key, state),
      prove: () => (isProbe && !isSettled ? tell('success') : undefined),
      settle: (outcome, weight) => {
        if (isSettled) return undefined;
        isSettled = true;
        return tell(outcome, weight);
      },
    };
  }

  /**
   * Lets a call through an open circuit, for callers to whom nobody else is left to ask. Its success closes the circuit;
   * its failure says nothing new.
   */
  enterAnyway(key: string): Extract<CircuitEntry, { isAdmitted: true }> {
    let isSettled = false;
    return {
      isAdmitted: true,
      isProbe: false,
      change: undefined,
      prove: () => undefined,
      settle: (outcome) => {
        if (isSettled) return undefined;
        isSettled = true;
        return outcome === 'success' ? this.#move(key, closedCircuit) : undefined;
      },
    };
  }

  /**
   * Whether this process may make the probe that {@link enter} has admitted, or another replica makes it. Undefined
   * when there is nobody to ask: the local rule holds.
   */
  claimProbe(key: string): Promise<boolean> | undefined {
    return this.#ledger && claimWithin(this.#ledger, key, this.#settings.coolDownMs, this.#clock);
  }

  /** Takes a transition that another replica has published; one that is older than what is known here is ignored. */
  applyRemote(change: CircuitChange): void {
    if (change.atMs < (this.#verdictAtMs.get(change.key) ?? Number.NEGATIVE_INFINITY)) return;
    const nowMs = this.#clock.monotonicMs();
    const { coolDownMs, maxCoolDownMs } = this.#settings;
    if (change.to === 'closed') this.#move(change.key, closedCircuit, change);
    else if (change.to === 'half-open') {
      // Sent by one that has not heard yet that it is closed.
      if (this.readStatus(change.key) === 'closed') return;
      this.#move(change.key, { status: 'half-open', probedAtMs: nowMs, coolDownMs }, change);
    } else {
      // Cut, so that a replica whose clock is wrong cannot keep a circuit open.
      const waitMs = Math.max(0, (change.probeAtMs ?? 0) - this.#clock.nowMs());
      const untilMs = nowMs + Math.min(waitMs, maxCoolDownMs);
      this.#move(change.key, { status: 'open', untilMs, coolDownMs }, change);
    }
  }

  #read(key: string): CircuitState {
    return this.#states.get(key) ?? closedCircuit;
  }

  #move(key: string, state: CircuitState, remote?: CircuitChange): CircuitChange | undefined {
    const from = this.#read(key).status;
    this.#states.set(key, state);
    const atMs = remote?.atMs ?? this.#clock.nowMs();
    if (state.status !== 'half-open' && (remote || from !== state.status)) this.#verdictAtMs.set(key, atMs);
    if (from === state.status) return undefined;
    const probeInMs = state.status === 'open' ? state.untilMs - this.#clock.monotonicMs() : undefined;
    const change: CircuitChange = {
      key,
      from,
      to: state.status,
      atMs,
      ...(probeInMs !== undefined && { probeAtMs: this.#clock.nowMs() + probeInMs }),
      ...(remote && { isRemote: true as const }),
    };
    this.#onChange?.(change);
    if (!remote && this.#ledger) publishSafely(this.#ledger, change);
    return change;
  }
}
