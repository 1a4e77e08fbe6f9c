import type { Clock } from '../kernel/index.ts';
import type { CircuitChange, CircuitLedger } from '../policies/index.ts';

/** A {@link CircuitLedger} for several "replicas" of one process. Can be made to fail, to lose messages and to hang. */
export class MemoryCircuitLedger {
  readonly #clock: Clock;
  readonly #listeners = new Map<CircuitLedger, (change: CircuitChange) => void>();
  readonly #claimedUntilMs = new Map<string, number>();
  /** What becomes of everything that is asked from now on. */
  health: 'well' | 'failing' | 'hanging' = 'well';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The ledger as one replica sees it; `onRemote` is told what the others publish. */
  connect(onRemote: (change: CircuitChange) => void): CircuitLedger {
    const ledger: CircuitLedger = {
      publish: (change) => {
        if (this.health === 'failing') throw new Error('The ledger is gone.');
        if (this.health === 'hanging') return;
        for (const [other, listener] of this.#listeners) if (other !== ledger) listener(change);
      },
      claimProbe: async (key, intervalMs) => {
        if (this.health === 'failing') throw new Error('The ledger is gone.');
        if (this.health === 'hanging') await new Promise(() => {});
        const nowMs = this.#clock.monotonicMs();
        if ((this.#claimedUntilMs.get(key) ?? Number.NEGATIVE_INFINITY) > nowMs) return false;
        this.#claimedUntilMs.set(key, nowMs + intervalMs);
        return true;
      },
    };
    this.#listeners.set(ledger, onRemote);
    return ledger;
  }
}
