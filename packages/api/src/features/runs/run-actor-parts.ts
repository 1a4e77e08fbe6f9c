import type { Clock, Log } from '@switchyard/core/kernel';
import type { RunObserver } from '../../observability/run-observer.ts';
import type { EvaluationPool } from './evaluation-pool.ts';
import type { LeaseHoldParts } from './lease-hold.ts';
import type { LiveTests } from './live-tests.ts';
import type { StepCaller } from './make-call.ts';
import type { RunJournal } from './run-journal.ts';

export interface RunActorParts {
  readonly journal: RunJournal;
  readonly pool: EvaluationPool;
  readonly caller: StepCaller;
  readonly liveTests?: LiveTests | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what was written. */
  readonly observer?: RunObserver | undefined;
  readonly leaseMs: number;
  readonly renewLease: LeaseHoldParts['renew'];
}

/** Why an actor stopped. `idle`: nothing happens before `wakeAtMs` or before somebody acts from outside. */
export type ActorEnd =
  | { readonly type: 'ended' | 'lost' | 'interrupted' }
  | { readonly type: 'idle'; readonly wakeAtMs: number; readonly lastJournalSeq: number };
