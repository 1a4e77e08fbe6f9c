import type { DispatchTarget } from '@switchyard/core/dispatch';
import { silentLog } from '@switchyard/core/kernel';
import type { ModelCall, StreamPart } from '@switchyard/core/spec';
import { FakeClock } from '@switchyard/core/testing';
import { expect, test } from 'vitest';
import { guardTarget } from './guard-targets.ts';
import { LeaseHold } from './lease-hold.ts';

const signal = new AbortController().signal;

function holdOf(renewals: (boolean | Error)[]) {
  const clock = new FakeClock();
  const asked: number[] = [];
  const renew = async ({ token }: { readonly token: number }) => {
    asked.push(token);
    const renewal = renewals.shift() ?? true;
    if (renewal instanceof Error) throw renewal;
    return renewal;
  };
  const parts = { clock, log: silentLog, leaseMs: 1_000, renew };
  return { clock, asked, hold: new LeaseHold({ runId: 'run', token: 7 }, clock.monotonicMs(), parts) };
}

test('a lease that was renewed a moment ago is not asked for', async () => {
  const { clock, asked, hold } = holdOf([]);
  clock.advance(800);
  expect(await hold.confirm(signal)).toBe(true);
  hold.extend(clock.monotonicMs());
  clock.advance(800);
  expect(await hold.confirm(signal)).toBe(true);
  expect(asked).toEqual([]);
});

test('a lease that may have ended is asked for by its token, and waited for while the database is away', async () => {
  const { clock, asked, hold } = holdOf([new Error('Away.'), true]);
  clock.advance(5_000);
  const confirmed = hold.confirm(signal);
  await new Promise(setImmediate);
  clock.advance(200);
  expect(await confirmed).toBe(true);
  expect(asked).toEqual([7, 7]);
  expect(await hold.confirm(signal)).toBe(true);
  expect(asked).toHaveLength(2);
});

test('an attempt does not wait for a database that is away: it is told soon, and no vendor is blamed', async () => {
  const { clock, hold } = holdOf([new Error('Away.')]);
  expect(await hold.confirmNow()).toBe(true);
  clock.advance(5_000);
  await expect(hold.confirmNow()).rejects.toThrow('Away.');
  expect(await hold.confirmNow()).toBe(true);
});

test('a lease that was taken over is told, and nothing is sent to the vendor', async () => {
  const { clock, hold } = holdOf([false]);
  clock.advance(5_000);
  let sent = 0;
  const adapter = {
    provider: 'openai',
    stream(): AsyncIterable<StreamPart> {
      sent += 1;
      throw new Error('The vendor was asked.');
    },
  };
  const target = {
    providerId: 'openai',
    modelId: 'openai/m',
    adapter,
    get price() {
      return undefined;
    },
  };
  const guarded = guardTarget(target as unknown as DispatchTarget, async () => {
    if (!(await hold.confirm(signal))) throw new Error('Lost.');
  });
  const reading = (async () => {
    for await (const _part of guarded.adapter.stream({} as ModelCall, signal));
  })();
  await expect(reading).rejects.toThrow('Lost.');
  expect(sent).toBe(0);
  expect(guarded.modelId).toBe('openai/m');
});
