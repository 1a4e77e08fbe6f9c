import {
  isEnded,
  type RunDetails,
  type RunErrorWords,
  type RunRecord,
  type RunState,
  type StepDetails,
  type StepState,
} from './run-record.ts';

/** A step as it is shown: what the query said, or what an event told since. Times are epoch milliseconds. */
export interface ShownStep {
  readonly details: StepDetails;
  readonly state: StepState;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly modelId: string | null;
  readonly chosen: readonly string[] | null;
  readonly reason: string | null;
  readonly error: RunErrorWords | null;
}

const time = (value: string | null) => (value === null ? null : Date.parse(value));

/** All steps in the order of the definition, each as the later of the two sources has it. */
export function shownSteps(run: RunDetails, steps: RunRecord['steps']): readonly ShownStep[] {
  return run.steps.map((details): ShownStep => {
    const live = steps[details.stepId];
    if (live && live.seq > run.lastSeq) return { details, ...live };
    const { state, modelId, chosen, reason, error } = details;
    const startedAtMs = time(details.startedAt);
    return { details, state, startedAtMs, endedAtMs: time(details.endedAt), modelId, chosen, reason, error };
  });
}

const fields = ['details', 'state', 'startedAtMs', 'endedAtMs', 'modelId', 'chosen', 'reason', 'error'] as const;

/** `steps`, with those of `before` in the place of equal ones, so that what shows them need not be drawn again. */
export function keepUnchanged(before: readonly ShownStep[], steps: readonly ShownStep[]): readonly ShownStep[] {
  return steps.map((step, index) => {
    const known = before[index];
    return known && fields.every((field) => known[field] === step[field]) ? known : step;
  });
}

/**
 * Where the run stands, by the later of the two sources. That it is over is believed as soon as one of them says so: the
 * figures of a query may be a moment behind the events that it has counted.
 */
export function shownState(run: RunDetails, record: Pick<RunRecord, 'state' | 'stateSeq'>): RunState {
  if (isEnded(record.state) && record.stateSeq >= run.lastSeq) return record.state;
  return record.stateSeq > run.lastSeq ? record.state : run.state;
}

/** What to do about the failure of a step: the last attempt knows it best when a vendor refused it. */
export function remedyOf({ details, error }: Pick<ShownStep, 'details' | 'error'>): string | null {
  if (!error) return null;
  const attempt = details.attempts.findLast(({ state }) => state === 'FAILED');
  return (error.code.startsWith('MODEL.') ? attempt?.remedy : null) ?? error.remedy;
}

/** Milliseconds of a step so far; undefined before it began. */
export function stepDurationMs({ startedAtMs, endedAtMs }: ShownStep, nowMs: number): number | undefined {
  return startedAtMs === null ? undefined : Math.max(0, (endedAtMs ?? nowMs) - startedAtMs);
}

/** What people call a step. */
export const nameOfStep = ({ title, stepId }: Pick<StepDetails, 'title' | 'stepId'>): string => title?.trim() || stepId;

/** The step that is opened at first: one that waits or failed, else what is under way, else the last that wrote something. */
export function firstStepToShow(steps: readonly ShownStep[]): string | undefined {
  const inState = (wanted: StepState) => steps.find(({ state }) => state === wanted);
  const found =
    inState('FAILED') ??
    inState('WAITING') ??
    inState('RUNNING') ??
    steps.findLast(({ state, details }) => state === 'COMPLETED' && details.type !== 'TRANSFORM') ??
    steps[0];
  return found?.details.stepId;
}
