import type {
  PlaceFieldsFragment,
  RunEventsSubscription,
  RunQuery,
  TimelineEntryFieldsFragment,
} from '../../gql/runs.ts';

export type RunEvent = RunEventsSubscription['runEvents'];
export type RunDetails = NonNullable<RunQuery['run']>;
export type StepDetails = RunDetails['steps'][number];
export type AttemptDetails = StepDetails['attempts'][number];
export type ApprovalDetails = StepDetails['approvals'][number];
export type RouteDetails = StepDetails['routes'][number];
export type RunState = RunDetails['state'];
export type StepState = StepDetails['state'];
export type RunErrorWords = NonNullable<RunDetails['error']>;
export type Place = Omit<PlaceFieldsFragment, '__typename'>;

/** Length of a lane's text at one moment, in epoch milliseconds of the server: what a replay is made of. */
export interface LaneMark {
  readonly atMs: number;
  readonly length: number;
}

/** What one of the models that are asked side by side writes. */
export interface RunLane {
  readonly laneId: string;
  readonly place: Place;
  /** `provider/model` that is being asked or that answered; null before anybody was. */
  readonly modelId: string | null;
  readonly output: string;
  readonly reasoning: string;
  readonly isComplete: boolean;
  readonly outputProblem: string | null;
  readonly finishReason: string | null;
  readonly servedModel: string | null;
  readonly costUsd: string | null;
  readonly latencyMs: number | null;
  readonly timeToFirstTokenMs: number | null;
  readonly startedAtMs: number | null;
  readonly firstTokenAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly resetReason: string | null;
  readonly marks: readonly LaneMark[];
}

/** One step on the way to an answer, with the call that it belongs to. */
export interface RunEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly laneId: string;
  readonly place: Place | null;
  readonly entry: TimelineEntryFieldsFragment;
}

/** How a step stands, as its events tell it. */
export interface RunStep {
  readonly stepId: string;
  readonly state: StepState;
  readonly generation: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly modelId: string | null;
  readonly chosen: readonly string[] | null;
  readonly reason: string | null;
  readonly error: RunErrorWords | null;
  /** Of the event that told this; 0 when no event did. */
  readonly seq: number;
}

/** Everything known of a run's stream. A pure value: `applyRunEvent` gives the next one. */
export interface RunRecord {
  readonly id: string;
  readonly lastSeq: number;
  readonly state: RunState;
  readonly error: RunErrorWords | null;
  readonly endedAtMs: number | null;
  /** Of the event that told the state; 0 when no event did. */
  readonly stateSeq: number;
  readonly steps: Readonly<Record<string, RunStep>>;
  readonly lanes: Readonly<Record<string, RunLane>>;
  /** In the order in which they happened. */
  readonly entries: readonly RunEntry[];
  /** A delta did not fit to the text before it: what is shown has a hole. */
  readonly hasGap: boolean;
}

export const endedStates: readonly RunState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
export const isEnded = (state: RunState) => endedStates.includes(state);

export const pendingStep = (stepId: string, generation = 0): RunStep => ({
  stepId,
  state: 'PENDING',
  generation,
  startedAtMs: null,
  endedAtMs: null,
  modelId: null,
  chosen: null,
  reason: null,
  error: null,
  seq: 0,
});

export const emptyLane = (laneId: string, place: Place): RunLane => ({
  laneId,
  place,
  modelId: null,
  output: '',
  reasoning: '',
  isComplete: false,
  outputProblem: null,
  finishReason: null,
  servedModel: null,
  costUsd: null,
  latencyMs: null,
  timeToFirstTokenMs: null,
  startedAtMs: null,
  firstTokenAtMs: null,
  endedAtMs: null,
  resetReason: null,
  marks: [],
});

/** A run before its first event: all steps wait. */
export function emptyRecord(id: string, stepIds: readonly string[]): RunRecord {
  return {
    id,
    lastSeq: 0,
    state: 'QUEUED',
    error: null,
    endedAtMs: null,
    stateSeq: 0,
    steps: Object.fromEntries(stepIds.map((stepId) => [stepId, pendingStep(stepId)])),
    lanes: {},
    entries: [],
    hasGap: false,
  };
}

const time = (value: string | null) => (value === null ? null : Date.parse(value));

/** A run as a query told it; what was written and tried before is not in it. */
export function recordOfDetails(run: RunDetails): RunRecord {
  const steps = run.steps.map((step): [string, RunStep] => [
    step.stepId,
    {
      stepId: step.stepId,
      state: step.state,
      generation: step.generation,
      startedAtMs: time(step.startedAt),
      endedAtMs: time(step.endedAt),
      modelId: step.modelId,
      chosen: step.chosen,
      reason: step.reason,
      error: step.error,
      seq: 0,
    },
  ]);
  const { id, lastSeq, state, error } = run;
  const empty = emptyRecord(id, []);
  return { ...empty, lastSeq, state, error, endedAtMs: time(run.endedAt), steps: Object.fromEntries(steps) };
}
