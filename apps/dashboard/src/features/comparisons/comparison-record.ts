import type {
  ComparisonEventsSubscription,
  ComparisonFieldsFragment,
  LaneFieldsFragment,
  TimelineEntryFieldsFragment,
} from '../../gql/comparisons.ts';

export type ComparisonEvent = ComparisonEventsSubscription['comparisonEvents'];

/** One step on the way to an answer: a call, a failure, a wait, a failover. */
export type TimelineEntry = TimelineEntryFieldsFragment;

/** Lengths of a lane's text at one moment; what the race strip and the replay are made of. Times are server time in epoch milliseconds. */
export interface Mark {
  atMs: number;
  outputLength: number;
  reasoningLength: number;
}

export type LaneRecord = Omit<LaneFieldsFragment, 'startedAt' | 'firstTokenAt' | 'finishedAt' | 'rating'> & {
  startedAtMs: number | null;
  firstTokenAtMs: number | null;
  finishedAtMs: number | null;
  marks: readonly Mark[];
  /** Text that was there before the first mark; 0 when the whole stream was seen. */
  unmarkedLength: number;
  resetReason: string | null;
};

/** Everything known of a comparison's stream. A pure value: `applyEvent` gives the next one. */
export interface ComparisonRecord {
  id: string;
  lastSeq: number;
  state: ComparisonFieldsFragment['state'];
  createdAtMs: number;
  totalCostUsd: string | null;
  laneIds: readonly string[];
  lanes: Readonly<Record<string, LaneRecord>>;
  /** True when a delta did not fit to the text before it: reload the comparison. */
  hasGap: boolean;
}

const time = (value: string | null) => (value === null ? null : Date.parse(value));

export function recordOfLane(lane: LaneFieldsFragment): LaneRecord {
  const { startedAt, firstTokenAt, finishedAt, rating: _rating, ...rest } = lane;
  return {
    ...rest,
    startedAtMs: time(startedAt),
    firstTokenAtMs: time(firstTokenAt),
    finishedAtMs: time(finishedAt),
    marks: [],
    unmarkedLength: lane.output.length + lane.reasoning.length,
    resetReason: null,
  };
}

export function recordOfComparison(comparison: ComparisonFieldsFragment): ComparisonRecord {
  const lanes = [...comparison.lanes].sort((left, right) => left.position - right.position);
  return {
    id: comparison.id,
    lastSeq: comparison.lastSeq,
    state: comparison.state,
    createdAtMs: Date.parse(comparison.createdAt),
    totalCostUsd: comparison.totalCostUsd,
    laneIds: lanes.map((lane) => lane.id),
    lanes: Object.fromEntries(lanes.map((lane) => [lane.id, recordOfLane(lane)])),
    hasGap: false,
  };
}

/** A lane as it is before it runs again: everything received so far is void. */
export function emptiedLane(lane: LaneRecord, state: LaneRecord['state'], attempt: number): LaneRecord {
  return {
    ...lane,
    state,
    attempt,
    output: '',
    reasoning: '',
    toolCalls: [],
    finishReason: null,
    rawFinishReason: null,
    usage: null,
    costUsd: null,
    costUnknownReason: null,
    isCostEstimated: false,
    startedAtMs: null,
    firstTokenAtMs: null,
    finishedAtMs: null,
    timeToFirstTokenMs: null,
    latencyMs: null,
    tokensPerSecond: null,
    retries: 0,
    answeredModelId: null,
    servedModel: null,
    providerRequestId: null,
    warnings: [],
    failure: null,
    timeline: [],
    marks: [],
    unmarkedLength: 0,
    resetReason: null,
  };
}
