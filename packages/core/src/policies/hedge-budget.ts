/** Hedges that can be saved up. */
const capacity = 5;

/** Keeps hedged chains below a share of all chains that could hedge; for this process. */
export class HedgeBudget {
  #tokens = 0;

  /** Counts a chain that could hedge; each brings `maxShare` (0–1) of a hedge. */
  noteChain(maxShare: number): void {
    this.#tokens = Math.min(capacity, this.#tokens + Math.max(0, Math.min(1, maxShare)));
  }

  /** Takes one hedge; false when the share is used up. */
  take(): boolean {
    // The tolerance makes ten chains at 0.1 worth one hedge.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens = Math.max(0, this.#tokens - 1);
    return true;
  }
}
