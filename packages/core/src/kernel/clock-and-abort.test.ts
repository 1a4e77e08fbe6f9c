import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { linkAbort } from './abort.ts';
import { sleep } from './clock.ts';

describe('sleep', () => {
  test('resolves after its time, by the monotonic clock alone', async () => {
    const clock = new FakeClock();
    let isOver = false;
    const slept = sleep(clock, 1_000).then(() => {
      isOver = true;
    });
    clock.jumpWallClock(3_600_000);
    await clock.advanceAsync(999);
    expect(isOver).toBe(false);
    await clock.advanceAsync(1);
    await slept;
    expect(clock.pendingTimers).toBe(0);
  });

  test('rejects with the reason as soon as the signal aborts, and leaves no timer', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const slept = sleep(clock, 1_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    expect(clock.pendingTimers).toBe(0);
    await expect(sleep(clock, 1, abort.signal)).rejects.toThrow('enough');
  });
});

describe('linkAbort', () => {
  test('aborts with the reason of the first parent that does', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const linked = linkAbort(undefined, first.signal, second.signal);
    second.abort('because');
    first.abort('later');
    expect([linked.signal.aborted, linked.signal.reason]).toEqual([true, 'because']);
  });

  test('is aborted from the start below a parent that is', () => {
    expect(linkAbort(AbortSignal.abort('gone')).signal.reason).toBe('gone');
  });

  test('aborts on its own without touching the parent', () => {
    const parent = new AbortController();
    const linked = linkAbort(parent.signal);
    linked.abort('mine');
    expect([linked.signal.reason, parent.signal.aborted]).toEqual(['mine', false]);
  });

  test('hears nothing after unlink', () => {
    const parent = new AbortController();
    const linked = linkAbort(parent.signal);
    linked.unlink();
    parent.abort();
    expect(linked.signal.aborted).toBe(false);
  });
});
