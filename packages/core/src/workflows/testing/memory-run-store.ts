import type { Clock } from '../../kernel/index.ts';
import { isJournalEvent, type JournalFact, type RunEvent } from '../run/run-fact.ts';
import { LeaseLost, type RunLease, type RunStore } from '../run/run-ports.ts';

/** Runs in memory, as the contract of {@link RunStore} says. */
export class MemoryRunStore implements RunStore {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #runs = new Map<string, RunEvent[]>();
  readonly #tokens = new Map<string, number>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** Takes the run over from whoever had it. */
  takeLease(runId: string): RunLease {
    const token = (this.#tokens.get(runId) ?? 0) + 1;
    this.#tokens.set(runId, token);
    return { runId, token };
  }

  /** Everything that was written of the run. */
  eventsOf(runId: string): readonly RunEvent[] {
    return this.#runs.get(runId) ?? [];
  }

  async readJournal(runId: string, afterSeq: number): Promise<readonly RunEvent[]> {
    // As a database would give it: a copy in JSON.
    return JSON.parse(
      JSON.stringify(this.eventsOf(runId).filter((event) => event.seq > afterSeq && isJournalEvent(event))),
    );
  }

  async append(
    runId: string,
    facts: readonly JournalFact[],
    { lease, afterSeq }: { readonly lease?: RunLease; readonly afterSeq?: number },
  ): Promise<readonly RunEvent[] | undefined> {
    if (lease && lease.token !== this.#tokens.get(runId)) throw new LeaseLost(`Another process owns run ${runId}.`);
    const events = this.#runs.get(runId) ?? [];
    const lastSeq = events.findLast(isJournalEvent)?.seq ?? 0;
    if (afterSeq !== undefined && afterSeq < lastSeq) return undefined;
    const atMs = this.#clock.nowMs();
    const added = facts.map((fact, index): RunEvent => ({ ...fact, seq: events.length + index + 1, atMs }));
    this.#runs.set(runId, [...events, ...added]);
    return added;
  }
}
