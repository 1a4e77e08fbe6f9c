import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { QueueDeadlineExceeded, QueueFull } from './call-limits.ts';
import { ConcurrencyLimit, ConcurrencyLimits } from './concurrency-limit.ts';

describe('ConcurrencyLimit', () => {
  test('serves in order of arrival, and a released slot cannot be released twice', async () => {
    const limit = new ConcurrencyLimit(new FakeClock(), () => 1);
    const first = await limit.acquire({ queueMs: 100 });
    const served: string[] = [];
    const waiting = ['a', 'b', 'c'].map(async (name) => {
      const release = await limit.acquire({ queueMs: 100 });
      served.push(name);
      return release;
    });
    expect([limit.active, limit.waiting]).toEqual([1, 3]);
    first();
    first();
    const second = await waiting[0];
    expect([served, limit.active]).toEqual([['a'], 1]);
    second?.();
    (await waiting[1])?.();
    (await waiting[2])?.();
    expect([served, limit.active, limit.waiting]).toEqual([['a', 'b', 'c'], 0, 0]);
  });

  test('gives up at the queue deadline or at once when aborted, and leaves nothing behind', async () => {
    const clock = new FakeClock();
    const limit = new ConcurrencyLimit(clock, () => 1);
    const release = await limit.acquire({ queueMs: 0 });
    await expect(limit.acquire({ queueMs: 0 })).rejects.toThrow(QueueDeadlineExceeded);
    const abort = new AbortController();
    const late = limit.acquire({ queueMs: 500 }).catch((error: unknown) => error);
    const stopped = limit.acquire({ queueMs: 500, signal: abort.signal }).catch((error: unknown) => error);
    abort.abort('stop');
    expect(await stopped).toBe('stop');
    await expect(limit.acquire({ queueMs: 500, signal: abort.signal })).rejects.toBe('stop');
    await clock.advanceAsync(500);
    expect(await late).toBeInstanceOf(QueueDeadlineExceeded);
    expect([limit.active, limit.waiting, clock.pendingTimers]).toEqual([1, 0, 0]);
    release();
    expect(limit.active).toBe(0);
  });

  test('any traffic: never more than the limit, everyone is served or told, no slot is lost', async () => {
    const job = fc.record({
      gapMs: fc.integer({ min: 0, max: 50 }),
      holdMs: fc.integer({ min: 0, max: 200 }),
      queueMs: fc.integer({ min: 0, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (jobs, most) => {
        const clock = new FakeClock();
        const limit = new ConcurrencyLimit(clock, () => most);
        let highest = 0;
        let ended = 0;
        for (const { gapMs, holdMs, queueMs } of jobs) {
          await clock.advanceAsync(gapMs);
          limit.acquire({ queueMs }).then(
            (release) => {
              highest = Math.max(highest, limit.active);
              clock.startTimer(holdMs, () => {
                ended += 1;
                release();
              });
            },
            () => {
              ended += 1;
            },
          );
        }
        await clock.advanceAsync(20_000);
        expect(highest).toBeLessThanOrEqual(most);
        expect([ended, limit.active, limit.waiting, clock.pendingTimers]).toEqual([jobs.length, 0, 0, 0]);
      }),
      { numRuns: 25 },
    );
  });

  test('limits are per provider, and none means any number', async () => {
    const limits = new ConcurrencyLimits(new FakeClock(), (providerId) => (providerId === 'a' ? 1 : undefined));
    await limits.acquire('a', { queueMs: 0 });
    await expect(limits.acquire('a', { queueMs: 0 })).rejects.toThrow('No free slot');
    await Promise.all(Array.from({ length: 100 }, () => limits.acquire('b', { queueMs: 0 })));
  });

  test('calls that nobody waits for leave room, come after all others and are served in the end', async () => {
    const limit = new ConcurrencyLimit(new FakeClock(), () => 4);
    const patient = { queueMs: 1_000, isPatient: true };
    const held = await Promise.all([1, 2, 3].map(() => limit.acquire(patient)));
    const served: string[] = [];
    const late = limit.acquire(patient).then(() => served.push('patient'));
    // The fourth slot is free for somebody who waits.
    const live = await limit.acquire({ queueMs: 0 });
    const next = limit.acquire({ queueMs: 1_000 }).then(() => served.push('live'));
    expect([limit.active, limit.waiting]).toEqual([4, 2]);
    held[0]?.();
    await next;
    expect([served, limit.waiting]).toEqual([['live'], 1]);
    live();
    expect(limit.waiting).toBe(1);
    held[1]?.();
    await late;
    expect(served).toEqual(['live', 'patient']);
    const alone = new ConcurrencyLimit(new FakeClock(), () => 1);
    (await alone.acquire(patient))();
    expect(alone.active).toBe(0);
  });

  test('calls that nobody waits for leave a quarter of the pace free', async () => {
    const limit = new ConcurrencyLimit(new FakeClock(), () => ({ requestsPerMinute: 48 }));
    const patient = { queueMs: 0, isPatient: true };
    for (let call = 0; call < 6; call += 1) (await limit.acquire(patient))();
    await expect(limit.acquire(patient)).rejects.toThrow(QueueDeadlineExceeded);
    for (let call = 0; call < 2; call += 1) (await limit.acquire({ queueMs: 0 }))();
  });

  test('a full queue refuses at once, and a shorter patience of the provider counts', async () => {
    const clock = new FakeClock();
    const limit = new ConcurrencyLimit(clock, () => ({ maxConcurrent: 1, maxQueued: 1, queueMs: 300 }));
    const release = await limit.acquire({ queueMs: 1_000 });
    const waiting = limit.acquire({ queueMs: 1_000 }).catch((error: unknown) => error);
    await expect(limit.acquire({ queueMs: 1_000 })).rejects.toThrow(QueueFull);
    await clock.advanceAsync(300);
    expect(await waiting).toBeInstanceOf(QueueDeadlineExceeded);
    release();
    const none = new ConcurrencyLimit(clock, () => ({ maxConcurrent: 1, maxQueued: 0 }));
    await none.acquire({ queueMs: 1_000 });
    await expect(none.acquire({ queueMs: 1_000 })).rejects.toThrow('maxQueued: 0');
  });

  test('a raised limit lets those in who wait', async () => {
    let most = 1;
    const limit = new ConcurrencyLimit(new FakeClock(), () => most);
    await limit.acquire({ queueMs: 1_000 });
    const second = limit.acquire({ queueMs: 1_000 });
    most = 3;
    await Promise.all([second, limit.acquire({ queueMs: 1_000 })]);
    expect([limit.active, limit.waiting]).toEqual([3, 0]);
  });

  test('the state of every provider can be read', async () => {
    const limits = new ConcurrencyLimits(new FakeClock(), (id) => (id === 'a' ? { maxConcurrent: 1 } : undefined));
    await limits.acquire('b', { queueMs: 0 });
    await limits.acquire('a', { queueMs: 0 });
    void limits.acquire('a', { queueMs: 100 }).catch(() => {});
    expect(limits.list()).toEqual([
      { providerId: 'a', inUse: 1, queued: 1, limits: { maxConcurrent: 1 } },
      { providerId: 'b', inUse: 1, queued: 0, limits: {} },
    ]);
  });
});
