import type { FinishReason, Usage } from '@switchyard/core/spec';
import type {
  ModelOutputs,
  ProgressFact,
  ProviderTotal,
  RunError,
  WorkflowDefinition,
} from '@switchyard/core/workflows';

/**
 * `queued`: nobody has begun it. `waiting`: nothing happens before a person decides. `cancelling`: its open calls are
 * being stopped.
 */
export const runStates = ['queued', 'running', 'waiting', 'cancelling', 'completed', 'failed', 'cancelled'] as const;
export type RunStateName = (typeof runStates)[number];

/** States in which nothing happens any more unless the run is retried. */
export const endedRunStates: readonly RunStateName[] = ['completed', 'failed', 'cancelled'];

/** Which way in a run came. */
export const runSources = [
  'api',
  'dashboard',
  'openai-compatible',
  'cli',
  'comparison',
  'preview',
  'experiment',
] as const;
export type RunSource = (typeof runSources)[number];

/** Whether a run is what users of an app ask for: previews, reruns, comparisons and answers of tests are not. */
export function isLiveTraffic(run: {
  readonly source: string;
  readonly rerunOfId?: string | null | undefined;
}): boolean {
  return !['preview', 'experiment', 'comparison'].includes(run.source) && run.rerunOfId == null;
}

/** A run as lists show it: plain data, no secrets. Times are epoch milliseconds, money is decimal text of nano-dollars. */
export interface RunRecord {
  readonly id: string;
  readonly teamId: string;
  /** Of the workflow's row, or `file:<name>`; the workflow may be gone. */
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowTitle: string | undefined;
  /** 0: the draft as it was. Undefined for a workflow of the configuration file. */
  readonly workflowVersion: number | undefined;
  readonly source: RunSource;
  /** Of a preview: the one step that is executed. */
  readonly previewStepId: string | undefined;
  readonly state: RunStateName;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Once it has completed. */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  readonly error: RunError | undefined;
  readonly tags: readonly string[];
  readonly startedById: string | undefined;
  readonly apiKeyId: string | undefined;
  /** The app's own name of whom the run is for, and of their session. */
  readonly subject: string | undefined;
  readonly session: string | undefined;
  /** The test that it is an answer of. */
  readonly experimentId: string | undefined;
  /** The run that this one repeats with changes. */
  readonly rerunOfId: string | undefined;
  /** Times it was retried after it had ended. */
  readonly retries: number;
  readonly createdAtMs: number;
  readonly endedAtMs: number | undefined;
  /** When inputs, outputs and answers were taken away, because the team keeps none; undefined while they are there. */
  readonly contentRemovedAtMs?: number | undefined;
  readonly deadlineAtMs: number;
  readonly stepCount: number;
  /** Completed, failed or skipped. */
  readonly settledStepCount: number;
  /** Steps at work now, in the order of the definition. */
  readonly activeStepIds: readonly string[];
  /** What each provider was paid so far, failed attempts included. */
  readonly totals: readonly ProviderTotal[];
  /** Attempts of vendors that failed, changes to another model, and limits that were broken, so far. */
  readonly failedAttempts: number;
  readonly failovers: number;
  readonly breaches: number;
  /** Approvals that wait for a person now. */
  readonly pendingApprovals: number;
  /** Of the last event that is stored: who subscribes after it misses nothing and sees nothing twice. */
  readonly lastSeq: number;
}

/** One attempt at one vendor, for the waterfall. */
export interface AttemptRecord {
  /** Of the run's call; a call may take several attempts at vendors. */
  readonly callId: string;
  readonly stepId: string;
  /** Of a map: the entry, from 0. */
  readonly itemIndex: number | undefined;
  /** Which of the models that are asked side by side, from 0. */
  readonly slot: number;
  /** Counts calls of this slot over the life of the run, from 1. */
  readonly callAttempt: number;
  /** Counts attempts within the call, from 1. */
  readonly vendorAttempt: number;
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly providerId: string;
  /** `provider/model` as it was asked for. */
  readonly modelId: string;
  readonly servedModel: string | undefined;
  readonly startedAtMs: number;
  readonly firstTokenAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly costNanoUsd: string | undefined;
  readonly costUnknownReason: string | undefined;
  readonly finishReason: FinishReason | undefined;
  readonly providerRequestId: string | undefined;
  /** The routing decision that chose the model; absent when there was nothing to decide. */
  readonly decisionId: string | undefined;
  /** Vendor error's kind and words. */
  readonly errorKind: string | undefined;
  readonly errorMessage: string | undefined;
}

export type StepStateName = 'pending' | 'running' | 'waiting' | 'completed' | 'failed' | 'skipped';

export interface ApprovalRecord {
  /** Names the request within its run. */
  readonly approvalId: string;
  readonly stepId: string;
  readonly kind: 'step' | 'budget';
  readonly message: string;
  readonly subject: unknown;
  readonly canEdit: boolean;
  /** Least access role that may decide. */
  readonly approvers: 'owner' | 'admin' | 'developer';
  readonly requestedAtMs: number;
  readonly expiresAtMs: number | undefined;
  /** Of the budgets' desk. */
  readonly budgetApprovalId: string | undefined;
  readonly decision:
    | {
        readonly isApproved: boolean;
        /** User id; undefined when time or an API key without a person decided. */
        readonly decidedBy: string | undefined;
        readonly comment: string | undefined;
        readonly decidedAtMs: number;
      }
    | undefined;
}

/** What was decided about the models of a call, and why. */
export type RouteRecord = Extract<ProgressFact, { type: 'route-decided' }> & { readonly atMs: number };

/** One step of a run, as it stands now. */
export interface StepRecord {
  readonly stepId: string;
  readonly type: WorkflowDefinition['steps'][number]['type'];
  readonly title: string | undefined;
  readonly state: StepStateName;
  /** Times it was begun anew by a retry. */
  readonly generation: number;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly output: unknown;
  /** Text that a running prompt step has written so far; '' when it is not running. */
  readonly partialOutput: string;
  readonly modelOutputs: ModelOutputs | undefined;
  /** `provider/model` whose answer the output is. */
  readonly modelId: string | undefined;
  /** Of a branch: where it went. */
  readonly chosen: readonly string[] | undefined;
  readonly error: RunError | undefined;
  /** Why it was skipped, or how a merge came to its output, for people. */
  readonly reason: string | undefined;
  /** The run that its output was taken over from. */
  readonly fromRunId: string | undefined;
  /** The output was pinned by hand or taken over: nothing was executed. */
  readonly isGiven: boolean;
  /** Of a map. */
  readonly items:
    | {
        readonly total: number;
        readonly completed: number;
        readonly failed: number;
        readonly active: readonly number[];
        readonly failures: readonly ({ readonly index: number } & RunError)[];
      }
    | undefined;
  readonly approvals: readonly ApprovalRecord[];
  readonly routes: readonly RouteRecord[];
  /** In the order in which they began; at most `mostAttempts`, the latest ones. */
  readonly attempts: readonly AttemptRecord[];
  readonly attemptCount: number;
  readonly totals: readonly ProviderTotal[];
}

/** Attempts that a step record lists at the most. */
export const mostAttempts = 1_000;

/** A run with everything that is known of its steps, in the order of its definition. */
export interface RunDetails {
  readonly run: RunRecord;
  readonly definition: WorkflowDefinition;
  readonly steps: readonly StepRecord[];
  /** What `steps` rest on: subscribe after it. */
  readonly lastSeq: number;
}
