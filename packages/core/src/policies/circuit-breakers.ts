import type { Clock } from '../kernel/index.ts';
import {
  admitCall,
  type CircuitOutcome,
  type CircuitSettings,
  type CircuitState,
  type CircuitStatus,
  closedCircuit,
  defaultCircuitSettings,
  settleCall,
} from './circuit-breaker.ts';

/** A transition of one circuit. */
export interface CircuitChange {
  readonly key: string;
  readonly from: CircuitStatus;
  readonly to: CircuitStatus;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Epoch milliseconds of the first probe, when the circuit opened. */
  readonly probeAtMs?: number;
}

/** The answer of a circuit to somebody who wants to call. */
export type CircuitEntry =
  | {
      readonly isAdmitted: true;
      readonly isProbe: boolean;
      readonly change: CircuitChange | undefined;
      /** Must be told how the call went, once; further tellings are ignored. */
      settle(outcome: CircuitOutcome): CircuitChange | undefined;
    }
  | { readonly isAdmitted: false; readonly retryInMs: number };

/** The circuits of this process, one per key (provider + model); closed until told otherwise. */
export class CircuitBreakers {
  readonly #clock: Clock;
  readonly #settings: CircuitSettings;
  readonly #onChange: ((change: CircuitChange) => void) | undefined;
  readonly #states = new Map<string, CircuitState>();

  /** `onChange` hears every transition; it must not throw. */
  constructor(options: {
    readonly clock: Clock;
    readonly settings?: CircuitSettings;
    readonly onChange?: (change: CircuitChange) => void;
  }) {
    this.#clock = options.clock;
    this.#settings = options.settings ?? defaultCircuitSettings;
    this.#onChange = options.onChange;
  }

  readStatus(key: string): CircuitStatus {
    return this.#read(key).status;
  }

  /** Whether {@link enter} would admit a call now; changes nothing. */
  canEnter(key: string): boolean {
    return admitCall(this.#read(key), this.#clock.monotonicMs(), this.#settings).admission !== 'refused';
  }

  enter(key: string): CircuitEntry {
    const { state, admission, retryInMs } = admitCall(this.#read(key), this.#clock.monotonicMs(), this.#settings);
    if (admission === 'refused') return { isAdmitted: false, retryInMs };
    const isProbe = admission === 'probe';
    let isSettled = false;
    return {
      isAdmitted: true,
      isProbe,
      change: this.#move(key, state),
      settle: (outcome) => {
        if (isSettled) return undefined;
        isSettled = true;
        return this.#move(
          key,
          settleCall(this.#read(key), outcome, isProbe, this.#clock.monotonicMs(), this.#settings),
        );
      },
    };
  }

  #read(key: string): CircuitState {
    return this.#states.get(key) ?? closedCircuit;
  }

  #move(key: string, state: CircuitState): CircuitChange | undefined {
    const from = this.#read(key).status;
    this.#states.set(key, state);
    if (from === state.status) return undefined;
    const atMs = this.#clock.nowMs();
    const change: CircuitChange = {
      key,
      from,
      to: state.status,
      atMs,
      ...(state.status === 'open' && { probeAtMs: atMs + state.untilMs - this.#clock.monotonicMs() }),
    };
    this.#onChange?.(change);
    return change;
  }
}
