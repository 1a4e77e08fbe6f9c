import { describe, expect, it } from 'vitest';
import { type ComparisonRecord, emptiedLane, type LaneRecord } from './comparison-record.ts';
import { laneAt } from './lane-at.ts';
import { bucketCount, laneOriginMs, raceOf } from './race-geometry.ts';

const base = emptiedLane({ id: 'a', modelId: 'm' } as unknown as LaneRecord, 'QUEUED', 1);
const finished: LaneRecord = {
  ...base,
  state: 'COMPLETED',
  output: 'abcdefghij',
  startedAtMs: 1100,
  firstTokenAtMs: 1500,
  finishedAtMs: 3000,
  latencyMs: 1900,
  timeToFirstTokenMs: 400,
  marks: [
    { atMs: 1500, outputLength: 2, reasoningLength: 0 },
    { atMs: 2000, outputLength: 5, reasoningLength: 0 },
    { atMs: 2900, outputLength: 10, reasoningLength: 0 },
  ],
};
const record = (lanes: LaneRecord[]): ComparisonRecord => ({
  id: 'c',
  lastSeq: 9,
  state: 'FINISHED',
  createdAtMs: 1000,
  totalCostUsd: null,
  hasGap: false,
  laneIds: lanes.map(({ id }) => id),
  lanes: Object.fromEntries(lanes.map((lane) => [lane.id, lane])),
});

describe('raceOf', () => {
  it('measures every lane from the moment it was asked for', () => {
    const { rows, totalMs } = raceOf(record([finished]), 99_999);
    expect(rows[0]).toMatchObject({ startMs: 100, firstTokenMs: 500, endMs: 2000 });
    expect(totalMs).toBe(2000);
    expect(rows[0]?.density).toHaveLength(bucketCount);
    expect(Math.max(...(rows[0]?.density ?? []))).toBe(1);
  });

  it('does not stretch the axis for a lane that was retried an hour later', () => {
    const hour = 3_600_000;
    const late = {
      ...finished,
      id: 'b',
      attempt: 2,
      startedAtMs: 1100 + hour,
      firstTokenAtMs: 1500 + hour,
      finishedAtMs: 3000 + hour,
      marks: [],
    };
    expect(raceOf(record([finished, late]), 0).totalMs).toBe(2000);
    expect(laneOriginMs(record([late]), late)).toBe(late.startedAtMs);
  });

  it('lets a running lane grow with the clock', () => {
    const running = { ...finished, state: 'RUNNING' as const, finishedAtMs: null };
    expect(raceOf({ ...record([running]), state: 'RUNNING' }, 6000).totalMs).toBe(5000);
  });
});

describe('laneAt', () => {
  it.each([
    [1000, 'QUEUED', ''],
    [1200, 'RUNNING', ''],
    [1500, 'RUNNING', 'ab'],
    [2400, 'RUNNING', 'abcde'],
    [3000, 'COMPLETED', 'abcdefghij'],
  ])('at %i the lane is %s with “%s”', (atMs, state, output) =>
    expect(laneAt(finished, atMs)).toMatchObject({ state, output }),
  );
});
