import {
  type ComparisonEvent,
  type ComparisonRecord,
  emptiedLane,
  type LaneRecord,
  type TimelineEntry,
} from './comparison-record.ts';

/** Text after a delta at `offset`, or undefined when something in between is missing. A delta that overlaps adds only what is new. */
function joined(text: string, delta: string, offset: number): string | undefined {
  if (offset > text.length) return undefined;
  return offset === text.length ? text + delta : text + delta.slice(text.length - offset);
}

function withText(lane: LaneRecord, atMs: number, text: { output?: string; reasoning?: string }): LaneRecord {
  const output = text.output ?? lane.output;
  const reasoning = text.reasoning ?? lane.reasoning;
  const mark = { atMs, outputLength: output.length, reasoningLength: reasoning.length };
  return {
    ...lane,
    state: 'RUNNING',
    output,
    reasoning,
    firstTokenAtMs: lane.firstTokenAtMs ?? atMs,
    marks: [...lane.marks, mark],
  };
}

/** One step more. A step that the loaded answer held already is left out. */
function withStep(lane: LaneRecord, entry: TimelineEntry): LaneRecord {
  const isKnown = lane.timeline.some(
    ({ kind, at, modelId, attempt }) =>
      kind === entry.kind && at === entry.at && modelId === entry.modelId && attempt === entry.attempt,
  );
  return isKnown ? lane : { ...lane, timeline: [...lane.timeline, entry] };
}

function nextLane(lane: LaneRecord, event: ComparisonEvent, atMs: number): LaneRecord | undefined {
  switch (event.__typename) {
    case 'LaneStarted':
      return { ...emptiedLane(lane, 'RUNNING', event.attempt), startedAtMs: atMs };
    case 'OutputReset':
      return {
        ...emptiedLane(lane, 'RUNNING', event.attempt),
        startedAtMs: lane.startedAtMs,
        timeline: lane.timeline,
        resetReason: event.reason,
      };
    case 'OutputDelta': {
      const output = joined(lane.output, event.text, event.offset);
      return output === undefined ? undefined : withText(lane, atMs, { output });
    }
    case 'ReasoningDelta': {
      const reasoning = joined(lane.reasoning, event.text, event.offset);
      return reasoning === undefined ? undefined : withText(lane, atMs, { reasoning });
    }
    case 'ToolCallRequested':
      return { ...lane, toolCalls: [...lane.toolCalls, event.toolCall] };
    case 'LaneRouteDecided':
    case 'AttemptStarted':
    case 'AttemptFailed':
    case 'RetryScheduled':
    case 'FailoverHappened':
    case 'CircuitChanged':
    case 'CandidateSkipped':
    case 'HedgeStarted':
    case 'HedgeLost':
    case 'GuardrailBreached':
    case 'LaneApprovalRequested':
    case 'LaneApprovalDecided':
    case 'OutputLimited':
    case 'LatencyTargetMissed':
    case 'OutputVoided':
      return withStep(lane, event.entry);
    case 'OutputCompleted': {
      const { __typename, seq: _seq, at: _at, laneId: _laneId, ...result } = event;
      return { ...lane, ...result, state: 'COMPLETED', finishedAtMs: atMs };
    }
    case 'LaneFailed':
    case 'LaneStopped': {
      const { usage, costUsd, costUnknownReason, isCostEstimated, latencyMs, timeToFirstTokenMs } = event;
      const end = {
        usage,
        costUsd,
        costUnknownReason,
        isCostEstimated,
        latencyMs,
        timeToFirstTokenMs,
        finishedAtMs: atMs,
      };
      return event.__typename === 'LaneFailed'
        ? { ...lane, ...end, state: 'FAILED', failure: event.failure }
        : { ...lane, ...end, state: 'STOPPED' };
    }
    case 'LaneInterrupted':
      return { ...lane, state: 'INTERRUPTED', finishedAtMs: atMs };
    default:
      return lane;
  }
}

/**
 * One event more. Events that were applied already (`seq` not above `lastSeq`) change nothing, so a reconnect may repeat them. A delta that
 * does not reach the text it continues sets `hasGap` and is left out.
 */
export function applyEvent(record: ComparisonRecord, event: ComparisonEvent): ComparisonRecord {
  if (event.seq <= record.lastSeq) return record;
  const atMs = Date.parse(event.at);
  if (event.__typename === 'ComparisonStarted') return { ...record, lastSeq: event.seq, state: 'RUNNING' };
  if (event.__typename === 'ComparisonFinished')
    return { ...record, lastSeq: event.seq, state: 'FINISHED', totalCostUsd: event.totalCostUsd };
  const lane = record.lanes[event.laneId];
  if (!lane) return { ...record, lastSeq: event.seq };
  const next = nextLane(lane, event, atMs);
  if (!next) return { ...record, lastSeq: event.seq, hasGap: true };
  const state = event.__typename === 'LaneStarted' ? 'RUNNING' : record.state;
  return { ...record, lastSeq: event.seq, state, lanes: { ...record.lanes, [event.laneId]: next } };
}

/** What is shown between asking for a retry and the server's `LaneStarted`. */
export function expectRetry(record: ComparisonRecord, laneId: string): ComparisonRecord {
  const lane = record.lanes[laneId];
  if (!lane) return record;
  return {
    ...record,
    state: 'RUNNING',
    lanes: { ...record.lanes, [laneId]: emptiedLane(lane, 'QUEUED', lane.attempt + 1) },
  };
}
