import type { Clock } from '../kernel/index.ts';
import type { CallRecord } from '../metrics/index.ts';
import type { ProviderError } from '../spec/index.ts';
import type { CandidatePlace } from './candidate-pool.ts';
import type { ChainFact } from './chain-event.ts';
import type { ChainListener } from './chain-outcome.ts';

/** What has happened in one chain, and the telling of it. */
export class ChainJournal {
  readonly #clock: Clock;
  readonly #listener: Pick<ChainListener, 'onEvent'>;
  readonly #startMs: number;
  readonly #records: CallRecord[] = [];
  #attempts = 0;

  constructor(clock: Clock, listener: Pick<ChainListener, 'onEvent'>) {
    this.#clock = clock;
    this.#listener = listener;
    this.#startMs = clock.monotonicMs();
  }

  /** Since the chain began, in milliseconds. */
  get elapsedMs(): number {
    return this.#clock.monotonicMs() - this.#startMs;
  }

  /** Calls that have begun. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Of the calls that have ended, in the order in which they began. */
  get records(): readonly CallRecord[] {
    return this.#records.toSorted((a, b) => a.attempt - b.attempt);
  }

  tell(fact: ChainFact): void {
    this.#listener.onEvent?.({ ...fact, atMs: this.#clock.nowMs(), elapsedMs: this.elapsedMs });
  }

  /** A call begins; answers its number, from 1. */
  noteStart(place: CandidatePlace, isProbe: boolean, isContinuation: boolean): number {
    this.#attempts += 1;
    this.tell({ type: 'attempt-started', attempt: this.#attempts, isProbe, isContinuation, ...place });
    return this.#attempts;
  }

  /** A call has ended, in whatever way. */
  noteEnd(record: CallRecord): void {
    this.#records.push(record);
  }

  tellFailure(place: CandidatePlace, record: CallRecord, error: ProviderError, hadOutput: boolean): void {
    const { kind, blame, message } = error;
    const { attempt, id: callId, latencyMs } = record;
    this.tell({ type: 'attempt-failed', attempt, callId, kind, blame, message, latencyMs, hadOutput, ...place });
  }

  tellHedgeLost(place: CandidatePlace, { attempt, id: callId, latencyMs }: CallRecord): void {
    this.tell({ type: 'hedge-lost', attempt, callId, latencyMs, ...place });
  }
}
