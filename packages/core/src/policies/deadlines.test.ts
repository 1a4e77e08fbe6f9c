import { describe, expect, test } from 'vitest';
import type { StreamPart } from '../spec/index.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type DeadlineExceeded, withDeadlines } from './deadlines.ts';

const deadlines = { firstTokenMs: 1_000, idleMs: 300, totalMs: 2_000 };
const text = (delta: string): StreamPart => ({ type: 'text-delta', id: 't', delta });
const start: StreamPart = { type: 'stream-start', warnings: [] };
const end: StreamPart = { type: 'stream-end', reason: { unified: 'stop', raw: 'stop' }, usage: {} };

/** A source that plays parts at given times and never ends by itself; it may ignore its signal. */
function play(clock: FakeClock, timed: readonly (readonly [number, StreamPart])[]) {
  let signal: AbortSignal | undefined;
  let isLeft = false;
  async function* source(given: AbortSignal): AsyncGenerator<StreamPart> {
    signal = given;
    try {
      for (const [atMs, part] of timed) {
        const waitMs = atMs - clock.monotonicMs();
        if (waitMs > 0) await new Promise<void>((resolve) => clock.startTimer(waitMs, resolve));
        yield part;
      }
      if (timed.at(-1)?.[1].type !== 'stream-end') await new Promise(() => {});
    } finally {
      isLeft = true;
    }
  }
  return { source, aborted: () => signal?.aborted ?? false, isLeft: () => isLeft };
}

async function run(timed: readonly (readonly [number, StreamPart])[], parent?: AbortSignal) {
  const clock = new FakeClock();
  const played = play(clock, timed);
  const parts: StreamPart[] = [];
  let thrown: unknown;
  let atMs: number | undefined;
  const reading = (async () => {
    for await (const part of withDeadlines(played.source, deadlines, clock, parent)) parts.push(part);
  })()
    .catch((error: unknown) => {
      thrown = error;
    })
    .finally(() => {
      atMs = clock.monotonicMs();
    });
  for (let step = 0; step < 60 && atMs === undefined; step += 1) await clock.advanceAsync(50);
  await reading;
  return { parts, thrown, atMs, clock, played };
}

describe('withDeadlines', () => {
  test('passes a timely answer through and leaves no timer behind', async () => {
    const { parts, thrown, clock, played } = await run([
      [0, start],
      [900, text('a')],
      [1_100, text('b')],
      [1_200, end],
    ]);
    expect([parts.length, thrown, clock.pendingTimers, played.aborted()]).toEqual([4, undefined, 0, false]);
  });

  test('first token: the beginning of the stream alone does not count', async () => {
    const { thrown, atMs, played } = await run([[0, start]]);
    expect(thrown).toMatchObject({
      name: 'DeadlineExceeded',
      deadline: 'first-token',
      message: 'No first token within 1 s.',
    });
    expect([atMs, played.aborted()]).toEqual([1_000, true]);
  });

  test('idle: the clock starts anew with every part', async () => {
    const { thrown, atMs, parts } = await run([
      [0, start],
      [100, text('a')],
      [350, text('b')],
    ]);
    expect([(thrown as DeadlineExceeded).deadline, atMs, parts.length]).toEqual(['idle', 650, 3]);
  });

  test('total: also when parts keep coming', async () => {
    const steady = Array.from({ length: 40 }, (_, index) => [index * 100, text('x')] as const);
    const { thrown, atMs } = await run(steady);
    expect([(thrown as DeadlineExceeded).deadline, atMs]).toEqual(['total', 2_000]);
  });

  test('a reader that is slow is not the model’s fault: waiting parts are read on', async () => {
    const clock = new FakeClock();
    const played = play(clock, [
      [0, text('a')],
      [0, text('b')],
      [0, end],
    ]);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const part of withDeadlines(played.source, deadlines, clock)) {
        seen.push(part.type);
        await new Promise<void>((resolve) => clock.startTimer(200, resolve));
      }
    })();
    await clock.advanceAsync(1_000);
    await reading;
    expect(seen).toEqual(['text-delta', 'text-delta', 'stream-end']);
  });

  test('the parent’s abort is thrown with its reason, at once', async () => {
    const parent = new AbortController();
    const clock = new FakeClock();
    const played = play(clock, [[0, text('a')]]);
    const iterator = withDeadlines(played.source, deadlines, clock, parent.signal);
    await iterator.next();
    const next = iterator.next();
    parent.abort(new Error('stopped'));
    await expect(next).rejects.toThrow('stopped');
    expect([played.aborted(), clock.pendingTimers]).toEqual([true, 0]);
  });

  test('leaving early aborts the source and leaves no timer', async () => {
    const clock = new FakeClock();
    const played = play(clock, [[0, text('a')]]);
    for await (const _part of withDeadlines(played.source, deadlines, clock)) break;
    expect([played.aborted(), clock.pendingTimers]).toEqual([true, 0]);
    await clock.advanceAsync(0);
    expect(played.isLeft()).toBe(true);
  });

  test('a jump of the wall clock fires nothing', async () => {
    const clock = new FakeClock();
    const played = play(clock, [
      [0, text('a')],
      [100, end],
    ]);
    const iterator = withDeadlines(played.source, deadlines, clock);
    await iterator.next();
    clock.jumpWallClock(3_600_000);
    const next = iterator.next();
    await clock.advanceAsync(100);
    expect((await next).value).toEqual(end);
  });
});
