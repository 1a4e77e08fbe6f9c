import { describe, expect, it } from 'vitest';
import { attemptTrackOf } from './attempt-track.ts';
import { laneWith, startMs, step } from './timeline-fixture.ts';

const failedOnce = [
  step('ATTEMPT_STARTED', 0, { attempt: 1 }),
  step('ATTEMPT_FAILED', 100, { attempt: 1, latencyMs: 100 }),
  step('RETRY_SCHEDULED', 100, { waitMs: 2000 }),
];

describe('attemptTrackOf', () => {
  it('draws a failed try, the wait after it and the try that answered', () => {
    const lane = laneWith([...failedOnce, step('ATTEMPT_STARTED', 2110, { attempt: 2 })], {
      state: 'COMPLETED',
      firstTokenAtMs: startMs + 2400,
      finishedAtMs: startMs + 4000,
    });
    const track = attemptTrackOf(lane, startMs + 999_999);
    expect(track.modelIds).toEqual(['openai/a']);
    expect(track.bars).toMatchObject([
      { type: 'try', startMs: 0, endMs: 100, outcome: 'failed' },
      { type: 'wait', startMs: 100, endMs: 2110, isRunning: false },
      { type: 'try', startMs: 2110, endMs: 4000, outcome: 'answered' },
    ]);
    expect(track).toMatchObject({ totalMs: 4000, firstTokenMs: 2400 });
  });

  it('keeps the planned end of a wait that runs on the axis, so that it can be seen shrinking', () => {
    const track = attemptTrackOf(laneWith(failedOnce), startMs + 600);
    expect(track.bars.at(-1)).toMatchObject({ type: 'wait', startMs: 100, endMs: 2100, isRunning: true });
    expect(track.totalMs).toBe(2100);
  });

  it('cuts a wait short when the lane is stopped in it', () => {
    const stopped = laneWith(failedOnce, { state: 'STOPPED', finishedAtMs: startMs + 500 });
    expect(attemptTrackOf(stopped, startMs + 9000)).toMatchObject({ totalMs: 500 });
  });

  it('gives each model a row and an arrow where another one takes over', () => {
    const track = attemptTrackOf(
      laneWith([
        ...failedOnce.slice(0, 2),
        step('FAILOVER_HAPPENED', 120, { toModelId: 'anthropic/b' }),
        step('ATTEMPT_STARTED', 121, { attempt: 2, modelId: 'anthropic/b' }),
      ]),
      startMs + 800,
    );
    expect(track.modelIds).toEqual(['openai/a', 'anthropic/b']);
    expect(track.hops).toEqual([{ atMs: 120, from: 'openai/a', to: 'anthropic/b' }]);
    expect(track.bars.at(-1)).toMatchObject({ modelId: 'anthropic/b', outcome: 'running', endMs: 800 });
  });

  it('ends a hedged call that lost, and not the one that won', () => {
    const track = attemptTrackOf(
      laneWith(
        [
          step('ATTEMPT_STARTED', 0, { attempt: 1 }),
          step('HEDGE_STARTED', 900, { toModelId: 'anthropic/b' }),
          step('ATTEMPT_STARTED', 901, { attempt: 2, modelId: 'anthropic/b' }),
          step('HEDGE_LOST', 1200, { attempt: 1 }),
        ],
        { state: 'COMPLETED', finishedAtMs: startMs + 3000 },
      ),
      0,
    );
    expect(track.bars).toMatchObject([
      { attempt: 1, outcome: 'given-up', endMs: 1200 },
      { attempt: 2, outcome: 'answered', endMs: 3000 },
    ]);
  });
});
