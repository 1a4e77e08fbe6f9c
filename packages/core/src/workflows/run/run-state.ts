import type { Usage } from '../../spec/index.ts';
import type { ChunkedList } from './chunked-list.ts';
import type { CallAnswer, ModelOutputs, RunError, RunOutcome } from './run-fact.ts';

/** Where one slot of a step stands: one question, asked again until it is answered or given up. */
export interface SlotState {
  /** `invalid`: answered, but not with what was promised. `refused`: a budget wants a person to be asked. */
  readonly status: 'idle' | 'started' | 'answered' | 'invalid' | 'failed' | 'refused';
  /** Of the last call; counts on when the step is retried, so that no call id is ever used twice. */
  readonly attempt: number;
  /** Calls that asked to mend an answer. */
  readonly repairs: number;
  /** Times that all models were gone through in vain, the first included. */
  readonly rounds: number;
  readonly answer?: CallAnswer;
  readonly error?: RunError;
  readonly isTransient?: boolean;
  readonly budgetApprovalId?: string;
  /** Epoch milliseconds of its end. */
  readonly endedAtMs?: number;
}

export interface ItemState {
  readonly status: 'pending' | 'running' | 'completed' | 'failed';
  readonly slots: readonly SlotState[];
  readonly output?: unknown;
  readonly error?: RunError;
}

/** The entries of a map. */
export interface ItemsState {
  readonly values: readonly unknown[];
  readonly states: ChunkedList<ItemState>;
  /** Entries at work, ascending. */
  readonly active: readonly number[];
  /** Entries below have been started, or were taken back by a retry and stand in `waiting`. */
  readonly next: number;
  /** Entries that a retry took back, ascending. */
  readonly waiting: readonly number[];
  readonly completed: number;
  readonly failed: number;
  /** About how many characters the outputs so far have together. */
  readonly size: number;
}

export interface ApprovalState {
  readonly approvalId: string;
  readonly kind: 'step' | 'budget';
  readonly budgetApprovalId?: string;
  readonly expiresAtMs?: number;
  readonly subject?: unknown;
  readonly decision?: {
    readonly isApproved: boolean;
    readonly decidedBy?: string;
    readonly comment?: string;
    readonly value?: unknown;
  };
}

export interface StepState {
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'skipped';
  readonly generation: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly slots: readonly SlotState[];
  readonly items?: ItemsState;
  readonly approval?: ApprovalState;
  /** Approvals asked for in this generation. */
  readonly approvals: number;
  readonly output?: unknown;
  readonly modelOutputs?: ModelOutputs;
  readonly modelId?: string;
  readonly chosen?: readonly string[];
  readonly failures?: readonly ({ readonly index: number } & RunError)[];
  readonly error?: RunError;
}

/** What a provider was paid in this run so far. */
export interface ProviderTotal {
  readonly providerId: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Decimal text of nano-dollars; the known part when `unpricedCalls` is more than 0. */
  readonly costNanoUsd: string;
  readonly unpricedCalls: number;
  /** Calls whose vendor did not report all tokens. */
  readonly uncountedCalls: number;
}

/** A call that was begun and has not ended. */
export interface OpenCall {
  readonly callId: string;
  readonly stepId: string;
  readonly itemIndex?: number;
  readonly slot: number;
  readonly attempt: number;
  readonly purpose: 'answer' | 'repair';
  /** Times that a process which made it was told to stop. */
  readonly interruptions?: number;
}

/** Everything that decides how a run goes on. Plain JSON; changed only by `applyEvent`, which makes a new one. */
export interface RunState {
  readonly runId: string;
  readonly status: 'new' | 'running' | 'cancelling' | 'failing' | 'finished';
  readonly outcome?: RunOutcome;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly error?: RunError;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly deadlineAtMs: number;
  /** Times the run was retried after it had ended. */
  readonly retries: number;
  /** By id, only of steps that something happened to. */
  readonly steps: Readonly<Record<string, StepState>>;
  readonly openCalls: Readonly<Record<string, OpenCall>>;
  readonly totals: Readonly<Record<string, ProviderTotal>>;
  /** About how many characters its journal has. */
  readonly size: number;
  /** Of the last event applied. */
  readonly lastSeq: number;
}

/** The state before anything has happened. */
export const newRun: RunState = {
  runId: '',
  status: 'new',
  inputs: {},
  startedAtMs: 0,
  deadlineAtMs: Number.MAX_SAFE_INTEGER,
  retries: 0,
  steps: {},
  openCalls: {},
  totals: {},
  size: 0,
  lastSeq: 0,
};

export const newStep: StepState = { status: 'pending', generation: 0, slots: [], approvals: 0 };
export const newSlot: SlotState = { status: 'idle', attempt: 0, repairs: 0, rounds: 0 };
export const newItem: ItemState = { status: 'pending', slots: [] };

export const stepOf = (state: RunState, stepId: string): StepState =>
  Object.hasOwn(state.steps, stepId) ? (state.steps[stepId] ?? newStep) : newStep;

/** `state` with `step` in the place of what is there under its id. */
export function withStep(state: RunState, stepId: string, step: StepState): RunState {
  return { ...state, steps: { ...state.steps, [stepId]: step } };
}

export const isSettled = ({ status }: StepState): boolean =>
  status === 'completed' || status === 'failed' || status === 'skipped';

/** `total` with one more call. */
export function addSpend(
  total: ProviderTotal | undefined,
  spend: {
    readonly providerId: string;
    readonly calls: number;
    readonly usage: Usage;
    readonly costNanoUsd?: string;
    readonly unpricedCalls?: number;
  },
): ProviderTotal {
  const { inputTokens, outputTokens } = spend.usage;
  const isCounted = inputTokens !== undefined && outputTokens !== undefined;
  return {
    providerId: spend.providerId,
    calls: (total?.calls ?? 0) + spend.calls,
    inputTokens: (total?.inputTokens ?? 0) + (inputTokens ?? 0),
    outputTokens: (total?.outputTokens ?? 0) + (outputTokens ?? 0),
    costNanoUsd: String(BigInt(total?.costNanoUsd ?? '0') + BigInt(spend.costNanoUsd ?? '0')),
    unpricedCalls: (total?.unpricedCalls ?? 0) + (spend.unpricedCalls ?? 0),
    uncountedCalls: (total?.uncountedCalls ?? 0) + (isCounted ? 0 : spend.calls),
  };
}
