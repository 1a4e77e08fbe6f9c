import type { GivenOutput, ModelOutputs, RunEvent, WorkflowDefinition } from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import type { StepPrompt } from './read-step-prompt.ts';
import type { RunDetails, RunRecord, RunSource, RunStateName } from './run-record.ts';

/** Which workflow is meant: by name, as behind `workflow:`, or by id (`file:<name>` for one of the configuration file). */
export type WantedWorkflow = { readonly name: string } | { readonly workflowId: string };

export interface StartRunInput {
  readonly workflow: WantedWorkflow;
  /** A published version; 0 is the draft. Absent: the version in force. */
  readonly version?: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  /** Milliseconds from now; takes the place of the definition's own, in which it must lie (1 s to 90 days). */
  readonly deadlineMs?: number;
  /** Outputs that steps have without being executed, by step id. */
  readonly pinned?: Readonly<Record<string, GivenOutput>>;
  readonly source: RunSource;
  /** The app's own name of whom the run is for, and of their session: a live test keeps each on one variant. */
  readonly subject?: string;
  readonly session?: string;
  /** The test that the run is an answer of. */
  readonly experimentId?: string;
  /** Unique in the team as long as the run is kept: the same key with the same input gives the same run again. */
  readonly idempotencyKey?: string;
}

/** One step with sample values through the same engine; it counts against the same limits. */
export interface PreviewStepInput {
  /** The definition as it stands in the editor, or a stored workflow (with `version` as for a start). */
  readonly workflow: WantedWorkflow | { readonly definition: unknown };
  readonly version?: number;
  readonly stepId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Pinned outputs of the steps that this one looks at, by step id. */
  readonly outputs?: Readonly<Record<string, { readonly output: unknown; readonly modelOutputs?: ModelOutputs }>>;
  readonly idempotencyKey?: string;
}

/** What is different in a rerun; what nothing changed for is taken over from the earlier run and costs nothing. */
export interface RerunInput {
  readonly runId: string;
  /** Takes the place of all inputs. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Other models for steps: `provider/model`, an alias, a chain or `role:name`, in order. */
  readonly models?: Readonly<Record<string, readonly string[]>>;
  /** Outputs that steps have without being executed. */
  readonly pinned?: Readonly<Record<string, GivenOutput>>;
  /** Execute these in any case. */
  readonly fromStepIds?: readonly string[];
  /** Execute all steps anew. */
  readonly isWhole?: boolean;
  /** Use another version of the workflow (0: the draft); absent: the definition that the run had. */
  readonly version?: number;
  readonly tags?: readonly string[];
  readonly source: RunSource;
  readonly idempotencyKey?: string;
}

export interface ApprovalDecision {
  readonly runId: string;
  /** As in the run's `ApprovalRecord` and its `approval-requested`. */
  readonly approvalId: string;
  readonly isApproved: boolean;
  readonly comment?: string;
  /** What the person made of the subject; only where the step has `canEdit`. */
  readonly value?: unknown;
}

/** All conditions must hold; an absent one always does. */
export interface RunFilter {
  readonly workflowId?: string;
  readonly workflowName?: string;
  readonly states?: readonly RunStateName[];
  readonly sources?: readonly RunSource[];
  /** Epoch milliseconds of its creation: from (inclusive), before (exclusive). */
  readonly createdFromMs?: number;
  readonly createdBeforeMs?: number;
  readonly tag?: string;
  /** In names and titles of workflows, ids, tags and errors; upper and lower case are the same. */
  readonly search?: string;
  readonly hasFailover?: boolean;
  readonly hasBreach?: boolean;
  readonly startedById?: string;
  /** Previews are left out unless they are asked for. */
  readonly withPreviews?: boolean;
}

/** Newest first. A cursor is a run id: ids sort by time. */
export interface RunPageRequest {
  /** 1–100. */
  readonly limit: number;
  /** Runs older than this one. */
  readonly afterId?: string;
  /** Runs newer than this one; the page is newest first all the same. */
  readonly beforeId?: string;
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  readonly hasMore: boolean;
}

/** Only events that readers see (`publicTypeOf` names them): seq grows, with gaps, because bookkeeping is numbered too. */
export type PublicRunEvent = RunEvent;

/**
 * A step on the way to an answer that no other `ProgressFact` has a word for: waits before a retry, models passed over,
 * hedges, circuits, limited answers. `attempt-started`, `attempt-failed`, `failover-happened` and `guardrail-breached`
 * carry theirs as `entry`.
 */
export type CallProgressed = Extract<RunEvent, { type: 'call-progressed' }>;

/**
 * Everything that can be done with runs of workflows. Another team's run is as good as none. All mutating methods throw
 * the house's failures, whose codes are public:
 *
 * `NotFoundFailure` (`NOT_FOUND`); `ValidationFailure` (`INPUT.INVALID`, issues with paths below `input`, as
 * `input.inputs.<name>`); `InvalidWorkflowFailure` (`WORKFLOWS.INVALID`) with all problems of a definition;
 * `IdempotencyFailure`; `ForbiddenFailure`; and `ConflictFailure` with one of: `WORKFLOWS.NOT_PUBLISHED`,
 * `RUNS.STILL_RUNNING`, `RUNS.COMPLETED`, `RUNS.UNKNOWN_STEP`, `RUNS.NOTHING_TO_RETRY`, `RUNS.ENDED`,
 * `RUNS.APPROVAL_DECIDED`, `RUNS.APPROVAL_READ_ONLY`, `RUNS.SAMPLE_MISSING`, `RUNS.TOO_MANY`.
 */
export interface RunService {
  /** Stores a run and begins it. Returns as soon as it is durable; everything after is told by its events. */
  start(identity: Identity, input: StartRunInput): Promise<RunRecord>;
  preview(identity: Identity, input: PreviewStepInput): Promise<RunRecord>;
  /** A new run of the same workflow with changes. The earlier run must have ended. */
  rerun(identity: Identity, input: RerunInput): Promise<RunRecord>;
  /** A run that has ended goes on, keeping every call that succeeded; from a step: that step and all that depend on it anew. */
  retry(
    identity: Identity,
    input: { readonly runId: string; readonly fromStepId?: string; readonly idempotencyKey?: string },
  ): Promise<RunRecord>;
  /** Stops a run. Its open calls are aborted and paid as far as they came. Cancelling a run that has ended changes nothing. */
  cancel(identity: Identity, runId: string): Promise<RunRecord>;
  /** Deciding the same way twice changes nothing; deciding otherwise afterwards is a conflict. */
  decideApproval(identity: Identity, decision: ApprovalDecision): Promise<RunRecord>;
  /** Deletes a run that has ended, with its events; what it cost stays on record. */
  delete(identity: Identity, runId: string): Promise<void>;

  find(teamId: string, runId: string): Promise<RunRecord | undefined>;
  list(teamId: string, filter: RunFilter, page: RunPageRequest): Promise<RunPage>;
  count(teamId: string, filter: RunFilter): Promise<number>;
  /** With all steps and attempts. */
  details(teamId: string, runId: string): Promise<RunDetails | undefined>;
  /**
   * What a step was asked; see `readStepPrompt`. Under a live test that is the variant's prompt, unless `isAsWritten`: then it
   * is what the workflow says.
   */
  prompt(
    teamId: string,
    runId: string,
    stepId: string,
    itemIndex: number | undefined,
    isAsWritten?: boolean,
  ): Promise<StepPrompt | undefined>;
  /** The definition that the run carries out, whatever has become of its workflow. */
  definition(teamId: string, runId: string): Promise<WorkflowDefinition | undefined>;

  /** Stored public events with `seq > afterSeq`, in order, at most `limit`. */
  readEvents(teamId: string, runId: string, afterSeq: number, limit: number): Promise<readonly PublicRunEvent[]>;
  /**
   * The public events after `afterSeq`: first the stored ones, then the live ones, each exactly once and in order. Ends
   * when the run has ended and everything was delivered; a run that waits for a person keeps it open. Nothing for a run
   * of another team.
   */
  follow(
    teamId: string,
    runId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): AsyncGenerator<PublicRunEvent, void, undefined>;
  /** Resolves when the run has ended, or, with `untilWaiting`, when it waits for people. Rejects when `signal` aborts. */
  wait(
    teamId: string,
    runId: string,
    options: { readonly signal?: AbortSignal; readonly untilWaiting?: boolean },
  ): Promise<RunRecord>;
}
