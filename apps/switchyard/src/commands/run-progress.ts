import type { GraphData } from './graph-connection.ts';

export type StepMark = 'pending' | 'running' | 'waiting' | 'completed' | 'failed' | 'skipped';

/** One step as the progress shows it. */
export interface StepProgress {
  readonly stepId: string;
  readonly title: string;
  readonly mark: StepMark;
  readonly modelId: string | undefined;
  /** What is being written, of the call that wrote last; '' between calls. */
  readonly text: string;
  readonly callId: string | undefined;
  readonly outputTokens: number;
  /** Entries of a map that were answered; undefined elsewhere. */
  readonly answers: number;
  /** Epoch milliseconds. */
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly note: string | undefined;
}

/** A run as the progress shows it. */
export interface RunProgress {
  readonly steps: readonly StepProgress[];
  /** In nano-dollars, as far as it is known. */
  readonly costNanoUsd: bigint;
  readonly failovers: number;
  readonly state: 'running' | 'completed' | 'failed' | 'cancelled';
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | undefined;
  /** What a person is asked, while nobody has answered. */
  readonly question: string | undefined;
}

export function beginProgress(steps: readonly { readonly id: string; readonly title?: string }[]): RunProgress {
  return {
    steps: steps.map(({ id, title }) => ({ ...newStep(id), title: title ?? id })),
    costNanoUsd: 0n,
    failovers: 0,
    state: 'running',
    outputs: undefined,
    error: undefined,
    question: undefined,
  };
}

const newStep = (stepId: string): StepProgress => ({
  stepId,
  title: stepId,
  mark: 'pending',
  modelId: undefined,
  text: '',
  callId: undefined,
  outputTokens: 0,
  answers: 0,
  startedAtMs: undefined,
  endedAtMs: undefined,
  note: undefined,
});

/** The progress after an event of `followRunDocument`. Pure. */
export function applyProgress(run: RunProgress, event: GraphData): RunProgress {
  const atMs = Date.parse(event.at);
  const stepId: string | undefined = event.stepId ?? event.place?.stepId;
  const change = (fields: (step: StepProgress) => Partial<StepProgress>): RunProgress => ({
    ...run,
    steps: run.steps.map((step) => (step.stepId === stepId ? { ...step, ...fields(step) } : step)),
  });
  switch (event.__typename) {
    case 'RunStarted':
      return {
        ...run,
        state: 'running',
        steps: run.steps.map((step) => {
          if (event.resetStepIds.includes(step.stepId)) return { ...newStep(step.stepId), title: step.title };
          return event.givenStepIds.includes(step.stepId) ? { ...step, mark: 'completed', note: 'taken over' } : step;
        }),
      };
    case 'StepStarted':
      return change(() => ({ mark: 'running', startedAtMs: atMs, note: undefined }));
    case 'AttemptStarted':
      return change(() => ({ mark: 'running', modelId: event.entry.modelId }));
    case 'OutputDelta':
      return change((step) => {
        const isSame = step.callId === event.place.callId;
        return {
          callId: event.place.callId,
          text: isSame ? step.text.slice(0, event.offset) + event.text : event.text,
        };
      });
    case 'OutputReset':
      return change((step) => (step.callId === event.place.callId ? { text: '' } : {}));
    case 'OutputCompleted': {
      const cost = (event.spend as GraphData[]).reduce((sum, { costUsd }) => sum + parseNanoUsd(costUsd), 0n);
      const answered = change((step) => ({
        modelId: event.answeredModelId ?? step.modelId,
        text: '',
        callId: undefined,
        answers: step.answers + 1,
        outputTokens: step.outputTokens + (event.usage.outputTokens ?? 0),
      }));
      return { ...answered, costNanoUsd: run.costNanoUsd + cost };
    }
    case 'AttemptFailed':
      return change(() => ({ note: `${event.entry.modelId}: ${words(event.entry.errorKind)}` }));
    case 'RetryScheduled':
      return change(() => ({ note: `${event.entry.modelId} again in ${seconds(event.entry.waitMs ?? 0)}` }));
    case 'FailoverHappened': {
      const { modelId, toModelId } = event.entry;
      const moved = change(() => ({ note: `${modelId} → ${toModelId}`, modelId: toModelId }));
      return { ...moved, failovers: run.failovers + 1 };
    }
    case 'GuardrailBreached':
      return change(() => ({ note: event.entry.message ?? 'a limit was reached' }));
    case 'ApprovalRequested':
      return { ...change(() => ({ mark: 'waiting', note: event.message })), question: event.message };
    case 'StepCompleted': {
      const note = event.error?.message ?? event.reason ?? undefined;
      const ended = change((step) => ({
        mark: event.stepState.toLowerCase() as StepMark,
        endedAtMs: atMs,
        text: '',
        modelId: event.modelId ?? step.modelId,
        note,
      }));
      return { ...ended, question: ended.steps.some(({ mark }) => mark === 'waiting') ? run.question : undefined };
    }
    case 'RunFinished':
      return {
        ...run,
        state: event.state.toLowerCase(),
        outputs: event.outputs ?? undefined,
        error: event.error ?? undefined,
        question: undefined,
      };
    default:
      return run;
  }
}

/** Nano-dollars of decimal text; 0 for what is unknown. */
export function parseNanoUsd(text: string | null | undefined): bigint {
  const [, whole = '0', fraction = ''] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text ?? '') ?? [];
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

export const seconds = (ms: number): string => (ms < 59_950 ? `${(ms / 1_000).toFixed(1)} s` : minutes(ms));

const minutes = (ms: number): string => `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;

/** `RATE_LIMIT` → `rate limit`. */
const words = (code: string | null | undefined): string => (code ?? 'failed').toLowerCase().replaceAll('_', ' ');
