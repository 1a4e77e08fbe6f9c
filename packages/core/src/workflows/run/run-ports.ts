import type { PreparedCall } from './prepare-call.ts';
import type { CallAnswer, JournalFact, ProgressFact, ProviderSpend, RunError, RunEvent } from './run-fact.ts';

/** Proof that this process owns a run for now; grows with every owner, so that a paused one is told apart. */
export interface RunLease {
  readonly runId: string;
  readonly token: number;
}

/** The lease was taken over: whoever holds it must stop at once and write nothing more of the run. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Where runs are kept.
 *
 * Contract: `append` gives its facts the next numbers, without gaps, all or none, and they are durable when it resolves.
 * Numbers are shared with facts of
 * progress, which a store may write by other ways. With `afterSeq` it appends only if nothing that the state depends on
 * was written behind that number, and answers undefined otherwise: decisions must rest on everything that was decided. Without it the facts go behind whatever is there: results of calls must never
 * be lost. A lease that another process has taken over makes every write reject with {@link LeaseLost}. Facts that come
 * from outside of the engine (`cancel-requested`, `approval-decided`, `run-retried`) are written without a lease.
 */
export interface RunStore {
  /** All events after `afterSeq` that the state depends on, in order. */
  readJournal(runId: string, afterSeq: number): Promise<readonly RunEvent[]>;
  append(
    runId: string,
    facts: readonly JournalFact[],
    options: { readonly lease?: RunLease; readonly afterSeq?: number },
  ): Promise<readonly RunEvent[] | undefined>;
}

/** How a call ended. */
export type CallEnd =
  | {
      readonly type: 'answered';
      readonly answer: Omit<CallAnswer, 'value' | 'outputProblem'>;
      readonly spend: readonly ProviderSpend[];
    }
  | {
      readonly type: 'failed';
      readonly error: RunError;
      readonly isTransient: boolean;
      readonly needsApproval?: true;
      readonly budgetApprovalId?: string;
      readonly spend: readonly ProviderSpend[];
    };

/** Makes calls of models: routing, budgets, failover and metering are its business. */
export interface ModelCaller {
  /**
   * Asks and resolves when the call has ended, also when `signal` aborted it: then with `failed`, code `CALL.STOPPED` and
   * what it had cost. Never rejects for what vendors do. `onProgress` is told what happens meanwhile, never awaited.
   */
  call(prepared: PreparedCall, onProgress: (fact: ProgressFact) => void, signal: AbortSignal): Promise<CallEnd>;
}
