import { describe, expect, it } from 'vitest';
import { sleep } from '../kernel/index.ts';
import { collect } from '../spec/index.ts';
import { FakeClock } from './fake-clock.ts';
import { ask, readParts, summarise } from './read-parts.ts';
import { ScriptedAdapter, scriptText } from './scripted-adapter.ts';

describe('FakeClock', () => {
  it('fires timers in order of due time, also those started meanwhile, and not the cancelled', () => {
    const clock = new FakeClock(1_000);
    const fired: string[] = [];
    clock.startTimer(20, () => fired.push(`b at ${clock.monotonicMs()}`));
    clock.startTimer(10, () => {
      fired.push(`a at ${clock.monotonicMs()}`);
      clock.startTimer(5, () => fired.push(`c at ${clock.monotonicMs()}`));
    });
    clock.startTimer(12, () => fired.push('never')).cancel();
    clock.advance(30);
    expect(fired).toEqual(['a at 10', 'c at 15', 'b at 20']);
    expect([clock.nowMs(), clock.monotonicMs(), clock.pendingTimers]).toEqual([1_030, 30, 0]);
  });

  it('moves wall time apart from durations', async () => {
    const clock = new FakeClock(1_000);
    let isAwake = false;
    void sleep(clock, 50).then(() => {
      isAwake = true;
    });
    clock.jumpWallClock(3_600_000);
    await clock.advanceAsync(49);
    expect(isAwake).toBe(false);
    await clock.advanceAsync(1);
    expect([isAwake, clock.nowMs()]).toEqual([true, 3_601_050]);
  });
});

describe('ScriptedAdapter', () => {
  const clock = new FakeClock();

  it('plays one script per call and repeats the last', async () => {
    const adapter = new ScriptedAdapter({ clock, scripts: [scriptText(['a', 'b']), scriptText(['c'])] });
    const signal = new AbortController().signal;
    const texts = [];
    for (let turn = 0; turn < 3; turn += 1) texts.push((await collect(adapter.stream(ask('m', 'x'), signal))).text);
    expect(texts).toEqual(['ab', 'c', 'c']);
    expect([adapter.calls.length, adapter.abortedCalls]).toEqual([3, 0]);
  });

  it('throws before the first content part and gives a part after it', async () => {
    const failure = { type: 'throw', kind: 'overloaded', retryAfterMs: 5 } as const;
    const adapter = new ScriptedAdapter({ clock, scripts: [[failure], [...scriptText(['a']).slice(0, 2), failure]] });
    expect(summarise(await readParts(adapter, ask('m', 'x')))).toMatchObject({
      isThrown: true,
      errorKind: 'overloaded',
    });
    expect(summarise(await readParts(adapter, ask('m', 'x')))).toMatchObject({
      isThrown: false,
      errorKind: 'overloaded',
      text: 'a',
    });
  });

  it('ends when aborted while it waits or hangs', async () => {
    const adapter = new ScriptedAdapter({ clock, scripts: [[{ type: 'wait', delayMs: 1_000 }], [{ type: 'hang' }]] });
    for (let turn = 0; turn < 2; turn += 1) {
      const controller = new AbortController();
      const reading = readParts(adapter, ask('m', 'x'), controller.signal);
      await clock.advanceAsync(10);
      controller.abort();
      expect(summarise(await reading).errorKind).toBe('cancelled');
    }
    expect(adapter.abortedCalls).toBe(2);
  });
});
