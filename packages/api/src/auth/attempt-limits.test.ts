import { FakeClock } from '@switchyard/core/testing';
import { expect, test } from 'vitest';
import { AttemptLimits } from './attempt-limits.ts';

const rule = { most: 3, windowMs: 60_000 };

test('an address waits until its window is over, and its whole IPv6 network with it', async () => {
  const clock = new FakeClock();
  const limits = new AttemptLimits(clock);
  for (const last of ['1', '2', '3']) expect(limits.count('x', `2001:db8:0:7::${last}`, rule)).toBeUndefined();
  expect(limits.count('x', '2001:db8:0:7:ffff::9', rule)).toBe(60_000);
  expect(limits.count('x', '2001:db8:0:8::1', rule)).toBeUndefined();
  expect(limits.count('y', '2001:db8:0:7::1', rule)).toBeUndefined();
  await clock.advance(60_000);
  expect(limits.count('x', '2001:db8:0:7::1', rule)).toBeUndefined();
});

test('five mistakes are free, then the wait doubles up to a minute and never locks', async () => {
  const clock = new FakeClock();
  const limits = new AttemptLimits(clock);
  const waits: number[] = [];
  for (let failure = 0; failure < 16; failure += 1) {
    expect(limits.begin('a')).toBeUndefined();
    const waitMs = limits.begin('a');
    if (waitMs === undefined) continue;
    waits.push(waitMs);
    await clock.advance(waitMs);
  }
  expect(waits.at(0)).toBe(1_000);
  expect(waits.slice(-3)).toEqual([60_000, 60_000, 60_000]);
  limits.succeed('a');
  expect([limits.begin('a'), limits.begin('a')]).toEqual([undefined, undefined]);
  expect(limits.begin('another')).toBeUndefined();
});

test('a hundred tries at once count as a hundred, not as one', () => {
  const limits = new AttemptLimits(new FakeClock());
  const allowed = Array.from({ length: 100 }, () => limits.begin('a')).filter((waitMs) => waitMs === undefined);
  expect(allowed).toHaveLength(5);
});
