import type { CircuitBreakers } from '../policies/index.ts';
import type { ProviderErrorKind } from '../spec/index.ts';
import { circuitKeyOf } from './attempt-gate.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { CandidateFacts } from './next-step.ts';

/** The candidates of one chain: which one is asked now, and which of the others may still be. */
export class CandidatePool {
  readonly #candidates: readonly DispatchTarget[];
  readonly #circuits: CircuitBreakers;
  readonly #untried: Set<number>;
  readonly #blockedProviders = new Set<string>();
  readonly #prefillRefusers = new Set<number>();
  #current = 0;
  /** Calls of the current candidate so far. */
  attemptsHere = 0;

  /** `candidates` has at least one element; the first is the current one. */
  constructor(candidates: readonly DispatchTarget[], circuits: CircuitBreakers) {
    this.#candidates = candidates;
    this.#circuits = circuits;
    this.#untried = new Set(candidates.keys());
    this.#untried.delete(0);
  }

  get target(): DispatchTarget {
    return this.#candidates[this.#current] as DispatchTarget;
  }

  /** For events: who is asked now. */
  get place(): { readonly providerId: string; readonly modelId: string } {
    const { providerId, modelId } = this.target;
    return { providerId, modelId };
  }

  get current(): CandidateFacts {
    return this.#factsOf(this.#current);
  }

  /** Whether the current candidate's circuit would admit a call now. */
  get isAdmittedHere(): boolean {
    return this.#circuits.canEnter(circuitKeyOf(this.target));
  }

  /** The untried candidates that would be admitted now, in order. */
  readUsableOthers(): CandidateFacts[] {
    const others: CandidateFacts[] = [];
    for (const index of this.#untried) {
      const target = this.#candidates[index] as DispatchTarget;
      if (this.#blockedProviders.has(target.providerId)) continue;
      if (this.#circuits.canEnter(circuitKeyOf(target))) others.push(this.#factsOf(index));
    }
    return others;
  }

  moveTo(index: number): void {
    this.#current = index;
    this.#untried.delete(index);
    this.attemptsHere = 0;
  }

  /** Remembers what a failure of the current candidate means for later choices. */
  noteFailure(kind: ProviderErrorKind, isPrefillRefused: boolean): void {
    if (isPrefillRefused) this.#prefillRefusers.add(this.#current);
    // Key and credit belong to the provider: its other models would meet the same refusal.
    if (kind === 'auth' || kind === 'quota') this.#blockedProviders.add(this.target.providerId);
  }

  #factsOf(index: number): CandidateFacts {
    const isWilling = this.#candidates[index]?.acceptsPrefill === true;
    return { index, acceptsPrefill: isWilling && !this.#prefillRefusers.has(index) };
  }
}
