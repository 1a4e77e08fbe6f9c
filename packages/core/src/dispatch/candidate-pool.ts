import type { TriggerVerdict } from '../failover/index.ts';
import { toCircuitOutcome } from '../policies/index.ts';
import type { ProviderErrorKind } from '../spec/index.ts';
import { circuitKeyOf } from './attempt-gate.ts';
import { readSkip } from './candidate-watch.ts';
import type { ChainDependencies } from './chain-policy.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { CandidateFacts } from './next-step.ts';

/** A candidate as events name it. */
export interface CandidatePlace {
  readonly providerId: string;
  /** `provider/model`. */
  readonly modelId: string;
}

/** The candidates of one chain: which one is asked now, and which of the others may still be. */
export class CandidatePool {
  readonly #candidates: DispatchTarget[];
  readonly #untried: Set<number>;
  readonly #blockedProviders = new Set<string>();
  readonly #prefillRefusers = new Set<number>();
  readonly #toldSkips = new Set<number>();
  #current = 0;
  readonly #dependencies: Pick<ChainDependencies, 'circuits' | 'recentCalls' | 'policy' | 'watch' | 'statusOf'>;
  readonly #attempts = new Map<number, number>();
  readonly #faults = new Map<number, number>();

  /** `candidates` has at least one element; the first is the current one. */
  constructor(
    candidates: readonly DispatchTarget[],
    dependencies: Pick<ChainDependencies, 'circuits' | 'recentCalls' | 'policy' | 'watch' | 'statusOf'>,
  ) {
    this.#candidates = [...candidates];
    this.#dependencies = dependencies;
    this.#untried = new Set(candidates.keys());
    this.#untried.delete(0);
  }

  get index(): number {
    return this.#current;
  }

  /** Calls of the current candidate so far. */
  get attemptsHere(): number {
    return this.#attempts.get(this.#current) ?? 0;
  }

  /** How many of them failed by its provider's fault. */
  get faultsHere(): number {
    return this.#faults.get(this.#current) ?? 0;
  }

  /** Counts a call of the candidate at `index`; true when it is the first. */
  noteAttempt(index: number): boolean {
    const before = this.#attempts.get(index) ?? 0;
    this.#attempts.set(index, before + 1);
    return before === 0;
  }

  get target(): DispatchTarget {
    return this.#candidates[this.#current] as DispatchTarget;
  }

  /** For events: who is asked now. */
  get place(): CandidatePlace {
    const { providerId, modelId } = this.target;
    return { providerId, modelId };
  }

  get current(): CandidateFacts {
    return this.#factsOf(this.#current);
  }

  /** Whether the current candidate's circuit would admit a call now. */
  get isAdmittedHere(): boolean {
    return this.#dependencies.circuits.canEnter(circuitKeyOf(this.target));
  }

  /**
   * The untried candidates that would be admitted now, in order; without those that a trigger says to pass over, unless
   * no other is left.
   */
  readUsableOthers(): CandidateFacts[] {
    const usable = this.#readAdmitted();
    const preferred = usable.filter((index) => !this.#readSkip(index));
    return (preferred.length > 0 ? preferred : usable).map((index) => this.#factsOf(index));
  }

  /** The first candidate is passed over when a trigger says so and another one is there that none is against. */
  chooseFirst(): void {
    if (!this.#readSkip(this.#current)) return;
    const next = this.#readAdmitted().find((index) => !this.#readSkip(index));
    if (next === undefined) return;
    const passedOver = this.#current;
    this.moveTo(next);
    this.#untried.add(passedOver);
  }

  /** The untried candidates before the current one that a trigger says to pass over; each is told once. */
  takeNewlySkipped(): { readonly place: CandidatePlace; readonly verdict: TriggerVerdict }[] {
    const skipped = [];
    for (const index of [...this.#untried].sort((a, b) => a - b)) {
      if (index > this.#current || this.#toldSkips.has(index)) continue;
      const verdict = this.#readSkip(index);
      if (!verdict) continue;
      this.#toldSkips.add(index);
      const { providerId, modelId } = this.#candidates[index] as DispatchTarget;
      skipped.push({ place: { providerId, modelId }, verdict });
    }
    return skipped;
  }

  #readAdmitted(): number[] {
    return [...this.#untried]
      .sort((a, b) => a - b)
      .filter((index) => {
        const target = this.#candidates[index] as DispatchTarget;
        if (this.#blockedProviders.has(target.providerId)) return false;
        return this.#dependencies.circuits.canEnter(circuitKeyOf(target));
      });
  }

  #readSkip(index: number): TriggerVerdict | undefined {
    return readSkip(this.#candidates[index] as DispatchTarget, this.#dependencies);
  }

  targetAt(index: number): DispatchTarget {
    return this.#candidates[index] as DispatchTarget;
  }

  /** More candidates behind the others; those that are among them already are left out. */
  add(targets: readonly DispatchTarget[]): void {
    for (const target of targets) {
      if (this.#candidates.some(({ modelId }) => modelId === target.modelId)) continue;
      this.#untried.add(this.#candidates.push(target) - 1);
    }
  }

  moveTo(index: number): void {
    this.#current = index;
    this.#untried.delete(index);
  }

  /** Remembers what a failure of the current candidate means for later choices. */
  noteFailure(kind: ProviderErrorKind, isPrefillRefused: boolean): void {
    if (toCircuitOutcome(kind) === 'failure') this.#faults.set(this.#current, this.faultsHere + 1);
    if (isPrefillRefused) this.#prefillRefusers.add(this.#current);
    // Key and credit belong to the provider: its other models would meet the same refusal.
    if (kind === 'auth' || kind === 'quota') this.#blockedProviders.add(this.target.providerId);
  }

  #factsOf(index: number): CandidateFacts {
    const isWilling = this.#candidates[index]?.acceptsPrefill === true;
    return { index, acceptsPrefill: isWilling && !this.#prefillRefusers.has(index) };
  }
}
