import { describe, expect, it } from 'vitest';
import { applyEvent, expectRetry } from './apply-event.ts';
import {
  type ComparisonEvent,
  type ComparisonRecord,
  emptiedLane,
  type LaneRecord,
  type TimelineEntry,
} from './comparison-record.ts';
import { step } from './timeline-fixture.ts';

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();
const usage = {
  __typename: 'Usage' as const,
  inputTokens: 3,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  outputTokens: 4,
  reasoningTokens: null,
};

function lane(id: string): LaneRecord {
  const bare = {
    __typename: 'ComparisonLane',
    id,
    position: 0,
    modelId: 'openai/x',
    origin: 'SIMULATED',
  } as unknown as LaneRecord;
  return emptiedLane(bare, 'QUEUED', 1);
}

const start: ComparisonRecord = {
  id: 'c',
  lastSeq: 0,
  state: 'RUNNING',
  createdAtMs: 0,
  totalCostUsd: null,
  laneIds: ['a', 'b'],
  lanes: { a: lane('a'), b: lane('b') },
  hasGap: false,
};
const delta = (seq: number, laneId: string, text: string, offset: number): ComparisonEvent => ({
  __typename: 'OutputDelta',
  seq,
  at: at(seq * 10),
  laneId,
  text,
  offset,
});
const completed = (seq: number, laneId: string): ComparisonEvent => ({
  __typename: 'OutputCompleted',
  seq,
  at: at(seq * 10),
  laneId,
  finishReason: 'STOP',
  rawFinishReason: 'stop',
  usage,
  costUsd: '0.1',
  costUnknownReason: null,
  isCostEstimated: false,
  latencyMs: 20,
  timeToFirstTokenMs: 5,
  tokensPerSecond: 10,
  retries: 0,
  answeredModelId: null,
  servedModel: 'x',
  providerRequestId: 'r',
  warnings: [],
});
const started = (seq: number, laneId: string, attempt = 1): ComparisonEvent => ({
  __typename: 'LaneStarted',
  seq,
  at: at(seq * 10),
  laneId,
  attempt,
  providerId: 'p',
  modelId: 'openai/x',
});
const play = (events: ComparisonEvent[], from = start) => events.reduce(applyEvent, from);

describe('applyEvent', () => {
  const whole = [
    started(1, 'a'),
    started(2, 'b'),
    delta(3, 'a', 'Hel', 0),
    delta(4, 'b', 'x', 0),
    delta(5, 'a', 'lo', 3),
    completed(6, 'a'),
  ];

  it('joins deltas per lane and leaves other lanes the same object', () => {
    const before = play(whole.slice(0, 4));
    const after = applyEvent(before, whole[4] as ComparisonEvent);
    expect(after.lanes.a?.output).toBe('Hello');
    expect(after.lanes.b).toBe(before.lanes.b);
  });

  it('applies every event once, whatever is repeated after a reconnect', () => {
    const expected = play(whole);
    for (let cut = 0; cut < whole.length; cut += 1) {
      for (let back = 0; back <= cut; back += 1)
        expect(play([...whole.slice(0, cut), ...whole.slice(back)])).toEqual(expected);
    }
  });

  it('takes only the new part of a compacted delta', () => {
    expect(play([delta(1, 'a', 'Hel', 0), delta(7, 'a', 'Hello wor', 0)]).lanes.a?.output).toBe('Hello wor');
  });

  it('reports a gap in place of joining text that does not fit', () => {
    const record = play([delta(1, 'a', 'Hel', 0), delta(2, 'a', 'world', 9)]);
    expect(record.hasGap).toBe(true);
    expect(record.lanes.a?.output).toBe('Hel');
  });

  it('voids the text on a reset and on a retry', () => {
    const reset: ComparisonEvent = {
      __typename: 'OutputReset',
      seq: 7,
      at: at(70),
      laneId: 'a',
      attempt: 2,
      reason: 'cut',
    };
    expect(play([...whole, reset]).lanes.a).toMatchObject({
      output: '',
      state: 'RUNNING',
      resetReason: 'cut',
      marks: [],
    });
    expect(play([...whole, started(7, 'a', 2), delta(8, 'a', 'Again', 0)]).lanes.a).toMatchObject({
      output: 'Again',
      attempt: 2,
      costUsd: null,
    });
  });

  it('keeps what was received when a lane fails, stops or is interrupted', () => {
    const failure = {
      __typename: 'LaneFailure' as const,
      kind: 'NETWORK' as const,
      message: 'cut',
      providerStatus: null,
      providerCode: null,
      retryAfterMs: null,
      remedy: 'retry',
    };
    const end = {
      at: at(90),
      laneId: 'a',
      usage,
      costUsd: null,
      costUnknownReason: 'x',
      isCostEstimated: false,
      latencyMs: 9,
      timeToFirstTokenMs: 1,
    };
    const before = play(whole.slice(0, 5));
    expect(applyEvent(before, { __typename: 'LaneFailed', seq: 9, failure, ...end }).lanes.a).toMatchObject({
      state: 'FAILED',
      output: 'Hello',
    });
    expect(applyEvent(before, { __typename: 'LaneStopped', seq: 9, ...end }).lanes.a).toMatchObject({
      state: 'STOPPED',
      output: 'Hello',
    });
    expect(
      applyEvent(before, { __typename: 'LaneInterrupted', seq: 9, at: at(90), laneId: 'a', message: 'm' }).lanes.a,
    ).toMatchObject({ state: 'INTERRUPTED', output: 'Hello' });
  });

  it('keeps the steps of a lane in order, each once, over a reset and until the lane runs again', () => {
    const progress = (
      seq: number,
      kind: 'AttemptStarted' | 'AttemptFailed',
      entry: TimelineEntry,
    ): ComparisonEvent => ({
      __typename: kind,
      seq,
      at: entry.at,
      laneId: 'a',
      entry,
    });
    const first = step('ATTEMPT_STARTED', 0, { attempt: 1 });
    const failed = step('ATTEMPT_FAILED', 90, { attempt: 1, message: 'busy' });
    const record = play([started(1, 'a'), progress(2, 'AttemptStarted', first), progress(3, 'AttemptFailed', failed)]);
    expect(record.lanes.a?.timeline).toEqual([first, failed]);
    // The loaded answer may be ahead of its `lastSeq`: the same step comes once more.
    expect(play([progress(4, 'AttemptFailed', { ...failed })], record).lanes.a?.timeline).toEqual([first, failed]);
    const reset: ComparisonEvent = {
      __typename: 'OutputReset',
      seq: 5,
      at: at(50),
      laneId: 'a',
      attempt: 1,
      reason: 'cut',
    };
    expect(play([reset], record).lanes.a?.timeline).toEqual([first, failed]);
    expect(play([started(6, 'a', 2)], record).lanes.a?.timeline).toEqual([]);
  });

  it('opens a finished comparison again when a lane is retried', () => {
    const finished = play([
      ...whole,
      {
        __typename: 'ComparisonFinished',
        seq: 10,
        at: at(100),
        comparisonId: 'c',
        totalCostUsd: '0.2',
      } as ComparisonEvent,
    ]);
    expect(finished.state).toBe('FINISHED');
    expect(expectRetry(finished, 'a')).toMatchObject({
      state: 'RUNNING',
      lanes: { a: { state: 'QUEUED', output: '' } },
    });
    expect(applyEvent(finished, started(11, 'a', 2)).state).toBe('RUNNING');
  });
});
