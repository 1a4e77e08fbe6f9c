import type { CallRecord } from '../metrics/index.ts';
import type { CallWarning, ProviderError, ProviderErrorKind } from '../spec/index.ts';
import type { CallBreach } from './call-budget.ts';
import type { ChainEvent } from './chain-event.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { StepReason } from './next-step.ts';
import type { PartListener } from './run-call.ts';

/** Everything passed on so far is void; what follows is the output of attempt `attempt`. */
export interface OutputReset {
  readonly attempt: number;
  /** What broke the output that is void now. */
  readonly reason: ProviderErrorKind;
  /** Length of the voided text in UTF-16 code units. */
  readonly voidedLength: number;
}

export interface ChainListener {
  /** Told of every part that the reader should see, never of a terminal one. A promise holds the stream back. */
  readonly onPart: PartListener;
  /** Called between parts; delivery `hold-back` and `fail` never call it. A promise holds the stream back. */
  readonly onReset: (reset: OutputReset) => void | Promise<void>;
  /** Told of everything that happens, as it happens. */
  readonly onEvent?: (event: ChainEvent) => void;
}

/** How a chain ended; `error` is undefined exactly when the answer is complete. */
export interface ChainOutcome {
  /** The call that gave the answer or the error; undefined when none was made (circuits open, no slot, cancelled). */
  readonly record: CallRecord | undefined;
  /** Of all calls, in order. */
  readonly records: readonly CallRecord[];
  /** The candidate that was asked last: the one that answered, when the chain succeeded. */
  readonly target: DispatchTarget;
  /** Of the attempts whose output stands. */
  readonly warnings: readonly CallWarning[];
  readonly error?: ProviderError;
  /** Why nothing more was tried. */
  readonly reason?: StepReason;
  /** What stood against a call that would have been made, when one was refused for want of money. */
  readonly breach?: CallBreach & { readonly approvalId?: string };
  /** Epoch milliseconds at which the vendor, or the circuit, allows another try. */
  readonly retryAtMs?: number;
}
