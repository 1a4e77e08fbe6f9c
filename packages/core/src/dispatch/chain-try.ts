import type { CallRecord } from '../metrics/index.ts';
import type { CallWarning, ProviderError } from '../spec/index.ts';
import type { NamedBreach } from './breach-handling.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { AttemptFailure } from './next-step.ts';

/** A complete answer. */
export interface Answer {
  readonly record: CallRecord;
  readonly warnings: readonly CallWarning[];
  readonly target: DispatchTarget;
}

/** An attempt that did not give the answer: what the planner needs, and what would be told. */
export interface FailedTry {
  readonly failure: AttemptFailure;
  readonly error: ProviderError;
  /** Complete, but ended by the vendor's content policy: good enough when nobody else is asked. */
  readonly refusal?: Answer;
  /** Refused for want of money: no call was made. */
  readonly breach?: NamedBreach;
}
