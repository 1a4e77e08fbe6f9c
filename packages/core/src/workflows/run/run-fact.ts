import type { TimelineEntry } from '../../events/index.ts';
import type { ErrorBlame, FinishReason, ProviderErrorKind, Usage } from '../../spec/index.ts';

/** Why a run, step, entry or call failed; free of secrets. */
export interface RunError {
  /** One of `runErrorCodes`, or the vendor error's kind in capitals behind `MODEL.`: `MODEL.RATE_LIMIT`. */
  readonly code: string;
  /** For people: names the place and, where there is one, the remedy. */
  readonly message: string;
}

/** Which call of a run is meant. */
export interface CallPlace {
  /** The same for the same run, step, entry, slot and attempt, so that a finished call is known wherever it comes from. */
  readonly callId: string;
  readonly stepId: string;
  /** Of a map: which entry, from 0. */
  readonly itemIndex?: number;
  /** Which of the models that are asked side by side, from 0; 0 when one answer is wanted. */
  readonly slot: number;
  /** Counts calls of this slot over the whole life of the run, from 1. */
  readonly attempt: number;
}

/** What one provider was paid for a call, failed attempts included. Money as decimal text of nano-dollars. */
export interface ProviderSpend {
  readonly providerId: string;
  readonly calls: number;
  readonly usage: Usage;
  readonly costNanoUsd?: string;
  /** Calls whose cost nobody knows. */
  readonly unpricedCalls?: number;
}

/** A model's answer, as it is recorded before anything depends on it. */
export interface CallAnswer {
  readonly text: string;
  /** What the step makes of the text: the text itself or the JSON in it. */
  readonly value: unknown;
  /** Why the text is not what the step promised; `value` is null then. */
  readonly outputProblem?: string;
  readonly providerId: string;
  /** `provider/model` that answered. */
  readonly modelId: string;
  readonly servedModel?: string;
  readonly finishReason: FinishReason;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs?: number;
  readonly retries: number;
  readonly providerRequestId?: string;
  /** What is known of the quality of such answers, 0–1: a rating, a judge's score, the model's measured mean. */
  readonly rating?: number;
}

/** An output that is taken over from elsewhere: pinned by hand, or from the run that this one repeats. */
export interface GivenOutput {
  readonly output: unknown;
  readonly modelOutputs?: ModelOutputs;
  readonly fromRunId?: string;
}

/** `modelOutputs[provider][model]`. */
export type ModelOutputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface StepPlace {
  readonly stepId: string;
  /** Counts how often the step was begun anew by a retry, from 0; facts of an older generation are void. */
  readonly generation: number;
}

interface RunLife {
  /** How often the run had been retried; a fact of an earlier life is void. Absent: meant for the life at that time. */
  readonly retry?: number;
}

/**
 * What the state of a run is made of: the journal. Plain JSON. A fact that came before, or that comes too late to
 * matter, changes nothing when it is applied.
 */
export type JournalFact =
  | {
      readonly type: 'run-started';
      readonly runId: string;
      readonly inputs: Readonly<Record<string, unknown>>;
      readonly given?: Readonly<Record<string, GivenOutput>>;
      /** Epoch milliseconds. */
      readonly deadlineAtMs: number;
    }
  | ({ readonly type: 'step-started' } & StepPlace)
  | ({ readonly type: 'items-listed'; readonly items: readonly unknown[] } & StepPlace)
  | ({ readonly type: 'item-started'; readonly itemIndex: number } & StepPlace)
  | ({ readonly type: 'call-started'; readonly purpose: 'answer' | 'repair' } & CallPlace)
  | ({
      readonly type: 'output-completed';
      readonly answer: CallAnswer;
      readonly spend: readonly ProviderSpend[];
    } & CallPlace)
  | ({
      readonly type: 'call-failed';
      readonly error: RunError;
      /** The same call may succeed later without anybody changing anything. */
      readonly isTransient: boolean;
      /** A budget refused it and wants a person to be asked. */
      readonly needsApproval?: true;
      /** Of the request that the budgets' own desk holds. */
      readonly budgetApprovalId?: string;
      readonly spend: readonly ProviderSpend[];
    } & CallPlace)
  /** Its process was told to stop while it was made: paid as far as it came, and made again by whoever goes on. */
  | ({
      readonly type: 'call-interrupted';
      /** Counts interruptions of this call, from 1. */
      readonly interruption: number;
      readonly spend: readonly ProviderSpend[];
    } & CallPlace)
  | ({
      readonly type: 'item-completed';
      readonly itemIndex: number;
      readonly output: unknown;
    } & StepPlace)
  | ({ readonly type: 'item-failed'; readonly itemIndex: number; readonly error: RunError } & StepPlace)
  | ({
      readonly type: 'step-completed';
      readonly output: unknown;
      readonly modelOutputs?: ModelOutputs;
      /** `provider/model` whose answer the output is. */
      readonly modelId?: string;
      /** Of a branch: the steps it goes to. */
      readonly chosen?: readonly string[];
      /** Of a map: entries that failed and hold null. */
      readonly failures?: readonly ({ readonly index: number } & RunError)[];
      /** How a merge came to its output, for people. */
      readonly reason?: string;
      readonly fromRunId?: string;
    } & StepPlace)
  | ({ readonly type: 'step-failed'; readonly error: RunError } & StepPlace)
  | ({ readonly type: 'step-skipped'; readonly reason: string } & StepPlace)
  | ({
      readonly type: 'approval-requested';
      readonly approvalId: string;
      /** `budget`: a call would break a budget. */
      readonly kind: 'step' | 'budget';
      readonly message: string;
      /** Of a budget: the request that the budgets' own desk holds. */
      readonly budgetApprovalId?: string;
      readonly subject?: unknown;
      readonly expiresAtMs?: number;
    } & StepPlace)
  | {
      readonly type: 'approval-decided';
      readonly approvalId: string;
      readonly stepId: string;
      readonly isApproved: boolean;
      /** User id; absent when time decided. */
      readonly decidedBy?: string;
      readonly comment?: string;
      /** What the person made of the subject; absent means left as it was. */
      readonly value?: unknown;
    }
  | ({ readonly type: 'cancel-requested'; readonly requestedBy?: string } & RunLife)
  /** The run is going to fail; it ends when its open calls have ended. */
  | ({ readonly type: 'run-failing'; readonly error: RunError } & RunLife)
  | ({
      readonly type: 'run-finished';
      readonly outcome: RunOutcome;
      readonly outputs?: Readonly<Record<string, unknown>>;
      readonly error?: RunError;
    } & RunLife)
  | {
      readonly type: 'run-retried';
      /** How often the run was retried before, plus one. */
      readonly retry: number;
      /** Steps that begin anew without any of their results. */
      readonly resetStepIds: readonly string[];
      /** Steps that go on with the calls and entries of theirs that succeeded. */
      readonly resumedStepIds: readonly string[];
      readonly deadlineAtMs: number;
    };

export type RunOutcome = 'completed' | 'failed' | 'cancelled';

/** What only readers want to know while a call runs. The state of a run does not depend on it. */
export type ProgressFact =
  | ({
      readonly type: 'route-decided';
      readonly decisionId?: string;
      readonly role?: string;
      readonly strategy: string;
      /** In the order in which they are asked. */
      readonly candidates: readonly {
        readonly modelId: string;
        readonly score?: number;
        readonly propensity?: number;
      }[];
      readonly rejected: readonly { readonly modelId: string; readonly reason: string }[];
      readonly matchedRules: readonly string[];
      readonly explanation: string;
      /** The live test that put the call on one of its variants. */
      readonly test?: { readonly experimentId: string; readonly name: string; readonly variant: string };
    } & CallPlace)
  | ({
      readonly type: 'attempt-started';
      readonly providerId: string;
      readonly modelId: string;
      /** Calls of vendors within this call of the run, from 1. */
      readonly vendorAttempt: number;
      readonly entry?: TimelineEntry;
    } & CallPlace)
  | ({ readonly type: 'output-delta' | 'reasoning-delta'; readonly text: string; readonly offset: number } & CallPlace)
  | ({
      readonly type: 'tool-call-requested';
      readonly id: string;
      readonly toolName: string;
      readonly input: string;
    } & CallPlace)
  | ({ readonly type: 'output-reset'; readonly reason: string; readonly voidedLength: number } & CallPlace)
  | ({
      readonly type: 'attempt-failed';
      readonly providerId: string;
      readonly modelId: string;
      readonly vendorAttempt: number;
      readonly kind: ProviderErrorKind;
      readonly blame: ErrorBlame;
      readonly message: string;
      readonly latencyMs: number;
      readonly entry?: TimelineEntry;
    } & CallPlace)
  | ({
      readonly type: 'failover-happened';
      readonly fromModelId: string;
      readonly toModelId: string;
      readonly reason: string;
      readonly entry?: TimelineEntry;
    } & CallPlace)
  | ({
      readonly type: 'guardrail-breached';
      readonly modelId: string;
      readonly limit: 'cost' | 'tokens' | 'latency' | 'budget';
      readonly decision: 'skipped' | 'warned' | 'refused' | 'approval-needed';
      readonly message: string;
      /** Decimal text in the limit's unit: nano-dollars, tokens, milliseconds. */
      readonly measured?: string;
      readonly allowed?: string;
      readonly entry?: TimelineEntry;
    } & CallPlace)
  /** A step on the way to an answer that has no fact of its own: a wait, a model passed over, a hedge, a circuit. */
  | ({ readonly type: 'call-progressed'; readonly entry: TimelineEntry } & CallPlace);

export type RunFact = JournalFact | ProgressFact;

/** A fact with its place: `seq` counts from 1 without gaps within a run, `atMs` is epoch milliseconds. */
export type RunEvent = RunFact & { readonly seq: number; readonly atMs: number };
export type JournalEvent = JournalFact & { readonly seq: number; readonly atMs: number };

const progressTypes: ReadonlySet<RunFact['type']> = new Set([
  ...(['route-decided', 'attempt-started', 'output-delta', 'reasoning-delta', 'tool-call-requested'] as const),
  ...(['output-reset', 'attempt-failed', 'failover-happened', 'guardrail-breached', 'call-progressed'] as const),
]);

/** Whether the state of a run depends on `event`; the others may be lost without harm. */
export function isJournalEvent(event: RunEvent): event is JournalEvent {
  return !progressTypes.has(event.type);
}
