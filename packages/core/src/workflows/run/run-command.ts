import type { JournalFact } from './run-fact.ts';
import type { OpenCall } from './run-state.ts';

/** Work on the author's templates and expressions: pure, but to be done where it can be killed. */
export interface EvaluateCommand {
  readonly type: 'evaluate';
  /** Tells apart what is asked for; the same as long as nothing has come of it. */
  readonly key: string;
  readonly what: 'list-items' | 'item' | 'transform' | 'branch' | 'merge' | 'approval' | 'outputs';
  /** Absent for the outputs of the run. */
  readonly stepId?: string;
  readonly itemIndex?: number;
}

/** To be made now, unless this process is making it already; its answer is recorded as `output-completed` or `call-failed`. */
export interface CallModelCommand {
  readonly type: 'call-model';
  readonly call: OpenCall;
  /** A person allowed it to break budgets that want to be asked. */
  readonly isBudgetApproved: boolean;
}

/**
 * What the shell has to do next. `record`: append the fact to the journal, then plan again; several of one plan may be
 * appended together. `stop-call`: abort it; it ends as `call-failed` with what it had cost, at once when this process is
 * not making it. `wake`: plan again at that time (epoch milliseconds) at the latest.
 */
export type RunCommand =
  | { readonly type: 'record'; readonly fact: JournalFact }
  | EvaluateCommand
  | CallModelCommand
  | { readonly type: 'stop-call'; readonly callId: string }
  | { readonly type: 'wake'; readonly atMs: number };
