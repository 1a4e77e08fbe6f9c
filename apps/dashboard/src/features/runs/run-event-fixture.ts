import type { Place, RunEvent, StepState } from './run-record.ts';

type Of<Name extends RunEvent['__typename']> = Extract<RunEvent, { __typename: Name }>;

const at = (seq: number) => new Date(1_700_000_000_000 + seq * 10).toISOString();
const laneOf = ({ stepId, slot }: Place) => `${stepId}${slot}`;

export const place = (stepId: string, slot: number, attempt: number): Place & { __typename: 'CallPlace' } => ({
  __typename: 'CallPlace',
  callId: `${stepId}-${slot}-${attempt}`,
  stepId,
  itemIndex: null,
  slot,
  attempt,
});

export const started = (seq: number, retry: Partial<Of<'RunStarted'>> = {}): RunEvent => ({
  __typename: 'RunStarted',
  seq,
  at: at(seq),
  retry: 0,
  resetStepIds: [],
  resumedStepIds: [],
  givenStepIds: [],
  ...retry,
});

export const stepStarted = (seq: number, stepId: string, generation = 0): RunEvent => ({
  __typename: 'StepStarted',
  seq,
  at: at(seq),
  stepId,
  generation,
});

export const stepEnded = (seq: number, stepId: string, stepState: StepState): RunEvent => ({
  __typename: 'StepCompleted',
  seq,
  at: at(seq),
  stepId,
  generation: 0,
  stepState,
  output: null,
  modelId: null,
  chosen: null,
  stepReason: null,
  error:
    stepState === 'FAILED'
      ? { __typename: 'RunError', code: 'MODEL.SERVER', message: 'It failed.', remedy: 'Retry it.' }
      : null,
});

export const delta = (seq: number, where: ReturnType<typeof place>, text: string, offset: number): RunEvent => ({
  __typename: 'OutputDelta',
  seq,
  at: at(seq),
  laneId: laneOf(where),
  place: where,
  text,
  offset,
});

export const completed = (seq: number, where: ReturnType<typeof place>, finalText: string): RunEvent => ({
  __typename: 'OutputCompleted',
  seq,
  at: at(seq),
  laneId: laneOf(where),
  place: where,
  finalText,
  outputProblem: null,
  finishReason: 'STOP',
  costUsd: '0.1',
  latencyMs: 100,
  timeToFirstTokenMs: 10,
  answeredModelId: 'openai/gpt-5-mini',
  servedModel: null,
});

export const attemptStarted = (seq: number, where: ReturnType<typeof place>, modelId: string): RunEvent =>
  progress('AttemptStarted', seq, where, { kind: 'ATTEMPT_STARTED', modelId, attempt: 1 });

export const progress = (
  name: 'AttemptStarted' | 'AttemptFailed' | 'RetryScheduled' | 'FailoverHappened' | 'CandidateSkipped',
  seq: number,
  where: ReturnType<typeof place>,
  facts: Partial<Of<'AttemptStarted'>['entry']>,
): RunEvent => ({
  __typename: name,
  seq,
  at: at(seq),
  laneId: laneOf(where),
  place: where,
  entry: {
    __typename: 'TimelineEntry',
    kind: 'ATTEMPT_STARTED',
    at: at(seq),
    elapsedMs: 0,
    attempt: null,
    modelId: 'openai/gpt-5-mini',
    toModelId: null,
    reason: null,
    errorKind: null,
    blame: null,
    message: null,
    waitMs: null,
    latencyMs: null,
    isProbe: null,
    isContinuation: null,
    circuit: null,
    probeAt: null,
    voidedLength: null,
    budgetName: null,
    decision: null,
    maxOutputTokens: null,
    latencyTargetMs: null,
    route: null,
    ...facts,
  },
});
