import {
  emptyLane,
  type Place,
  pendingStep,
  type RunEvent,
  type RunLane,
  type RunRecord,
  type RunStep,
} from './run-record.ts';

/** Text after a delta at `offset`, or undefined when something in between is missing. A delta that overlaps adds only what is new. */
function joined(text: string, delta: string, offset: number): string | undefined {
  if (offset > text.length) return undefined;
  return offset === text.length ? text + delta : text + delta.slice(text.length - offset);
}

/** The lane of a call as it is before an event; undefined when the event tells of an earlier call, whose text is void. */
function laneFor(record: RunRecord, laneId: string, place: Place | null): RunLane | undefined {
  const known = record.lanes[laneId];
  if (!place) return known;
  if (!known || known.place.callId === place.callId) return known ?? emptyLane(laneId, place);
  return place.attempt < known.place.attempt ? undefined : emptyLane(laneId, place);
}

const withLane = (record: RunRecord, lane: RunLane): RunRecord => ({
  ...record,
  lanes: { ...record.lanes, [lane.laneId]: lane },
});

const withStep = (record: RunRecord, stepId: string, seq: number, change: Partial<RunStep>): RunRecord => ({
  ...record,
  steps: { ...record.steps, [stepId]: { ...(record.steps[stepId] ?? pendingStep(stepId)), ...change, seq } },
});

function withText(lane: RunLane, atMs: number, text: { output?: string; reasoning?: string }): RunLane {
  const output = text.output ?? lane.output;
  const mark = { atMs, length: output.length };
  return {
    ...lane,
    output,
    reasoning: text.reasoning ?? lane.reasoning,
    firstTokenAtMs: lane.firstTokenAtMs ?? atMs,
    marks: text.output === undefined ? lane.marks : [...lane.marks, mark],
  };
}

function withoutLanesOf(record: RunRecord, stepIds: ReadonlySet<string>): RunRecord['lanes'] {
  return Object.fromEntries(Object.entries(record.lanes).filter(([, { place }]) => !stepIds.has(place.stepId)));
}

function started(record: RunRecord, event: Extract<RunEvent, { __typename: 'RunStarted' }>): RunRecord {
  const { seq } = event;
  if (event.retry === 0) return { ...record, state: 'RUNNING', stateSeq: seq };
  const reset = new Set(event.resetStepIds);
  const resumed = new Set(event.resumedStepIds);
  const steps = Object.entries(record.steps).map(([stepId, step]): [string, RunStep] => {
    if (reset.has(stepId)) return [stepId, { ...pendingStep(stepId, step.generation), seq }];
    if (!resumed.has(stepId)) return [stepId, step];
    return [stepId, { ...step, state: 'PENDING', endedAtMs: null, error: null, reason: null, seq }];
  });
  const lanes = withoutLanesOf(record, reset);
  const opened = { state: 'RUNNING', stateSeq: seq, error: null, endedAtMs: null } as const;
  return { ...record, ...opened, steps: Object.fromEntries(steps), lanes };
}

function next(record: RunRecord, event: RunEvent, atMs: number): RunRecord {
  switch (event.__typename) {
    case 'RunStarted':
      return started(record, event);
    case 'StepStarted': {
      const known = record.steps[event.stepId];
      const isAnew = known !== undefined && event.generation > known.generation;
      const startedAtMs = isAnew ? atMs : (known?.startedAtMs ?? atMs);
      const lanes = isAnew ? withoutLanesOf(record, new Set([event.stepId])) : record.lanes;
      return withStep({ ...record, lanes }, event.stepId, event.seq, {
        state: 'RUNNING',
        generation: event.generation,
        startedAtMs,
        endedAtMs: null,
        error: null,
      });
    }
    case 'RouteDecided':
      return record;
    case 'OutputDelta':
    case 'ReasoningDelta': {
      const lane = laneFor(record, event.laneId, event.place);
      if (!lane) return record;
      const isOutput = event.__typename === 'OutputDelta';
      const text = joined(isOutput ? lane.output : lane.reasoning, event.text, event.offset);
      if (text === undefined) return { ...record, hasGap: true };
      return withLane(record, withText(lane, atMs, isOutput ? { output: text } : { reasoning: text }));
    }
    case 'OutputReset': {
      const lane = laneFor(record, event.laneId, event.place);
      if (!lane) return record;
      const { modelId, startedAtMs, place } = lane;
      const empty = emptyLane(event.laneId, place);
      return withLane(record, { ...empty, modelId, startedAtMs, resetReason: event.reason });
    }
    case 'OutputCompleted': {
      const lane = laneFor(record, event.laneId, event.place);
      if (!lane) return record;
      const { outputProblem, finishReason, costUsd, latencyMs, timeToFirstTokenMs, servedModel } = event;
      return withLane(record, {
        ...lane,
        output: event.finalText ?? lane.output,
        modelId: event.answeredModelId ?? lane.modelId,
        isComplete: true,
        outputProblem,
        finishReason,
        costUsd,
        latencyMs,
        timeToFirstTokenMs,
        servedModel,
        endedAtMs: atMs,
      });
    }
    case 'StepCompleted': {
      const { stepState: state, generation, modelId, chosen, stepReason: reason, error } = event;
      return withStep(record, event.stepId, event.seq, {
        state,
        generation,
        modelId,
        chosen,
        reason,
        error,
        endedAtMs: atMs,
      });
    }
    case 'ApprovalRequested':
      return withStep(record, event.stepId, event.seq, { state: 'WAITING' });
    case 'RunFinished':
      return { ...record, state: event.runState, stateSeq: event.seq, error: event.error, endedAtMs: atMs };
    case 'ToolCallRequested':
      return record;
    default: {
      const { laneId, place, entry } = event;
      const lane = laneFor(record, laneId, place);
      // Events are stored in batches; the step itself says when it happened.
      const happenedMs = Date.parse(entry.at);
      const entries = [...record.entries, { seq: event.seq, atMs: happenedMs, laneId, place, entry }];
      if (!lane) return { ...record, entries };
      const change =
        entry.kind === 'ATTEMPT_STARTED'
          ? { modelId: entry.modelId, startedAtMs: lane.startedAtMs ?? happenedMs }
          : entry.kind === 'FAILOVER_HAPPENED'
            ? { modelId: entry.toModelId ?? lane.modelId }
            : {};
      return withLane({ ...record, entries }, { ...lane, ...change });
    }
  }
}

/**
 * One event more. Events that were applied already (`seq` not above `lastSeq`) change nothing, so a lost connection may
 * be taken up anywhere before its end. A delta that does not reach the text it continues sets `hasGap` and is left out.
 */
export function applyRunEvent(record: RunRecord, event: RunEvent): RunRecord {
  if (event.seq <= record.lastSeq) return record;
  return { ...next(record, event, Date.parse(event.at)), lastSeq: event.seq };
}
