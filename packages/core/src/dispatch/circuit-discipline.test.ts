import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultCircuitSettings } from '../policies/index.ts';
import type { ModelAdapter, ProviderErrorKind, StreamPart } from '../spec/index.ts';
import { ProviderError } from '../spec/index.ts';
import { scriptText } from '../testing/index.ts';
import { type Seen, scripted, setUpWorld, startChain, toTarget, type World } from './testing/chain-setup.ts';

const rescue = scriptText(['rescue']);
const minuteMs = 60_000;

/** Answers with a failure until `backAtMs`; takes `latencyMs` for either. */
class Outage implements ModelAdapter {
  readonly provider = 'down';
  readonly callsAtMs: number[] = [];
  served = 0;
  readonly #world: World;
  readonly #options: { readonly backAtMs: number; readonly latencyMs: number; readonly kind: ProviderErrorKind };

  constructor(world: World, options: { backAtMs: number; latencyMs: number; kind: ProviderErrorKind }) {
    this.#world = world;
    this.#options = options;
  }

  async *stream(): AsyncGenerator<StreamPart, void, undefined> {
    const { clock } = this.#world;
    const { backAtMs, latencyMs, kind } = this.#options;
    const nowMs = clock.monotonicMs();
    this.callsAtMs.push(nowMs);
    await new Promise<void>((resolve) => clock.startTimer(latencyMs, resolve));
    if (nowMs < backAtMs) throw new ProviderError({ kind, provider: 'a', model: 'x', message: 'Down.' });
    this.served += 1;
    yield { type: 'text-delta', id: 't', delta: 'primary' };
    yield { type: 'stream-end', reason: { unified: 'stop' }, usage: {} };
  }

  testConnection(): Promise<never> {
    return Promise.reject(new Error('Not needed.'));
  }
}

/** Starts a chain at each of the times, and lets everything end. */
async function playTraffic(timesMs: readonly number[], options: ConstructorParameters<typeof Outage>[1], seed: number) {
  const world = setUpWorld();
  // Another jitter each time.
  for (let index = 0; index < seed % 50; index += 1) world.dependencies.random.next();
  const primary = new Outage(world, options);
  const chain = [toTarget('a/x', primary), scripted(world, 'b/y', [rescue])];
  const seen: Seen[] = [];
  for (const atMs of timesMs) {
    await world.clock.advanceAsync(Math.max(0, atMs - world.clock.monotonicMs()));
    seen.push(startChain(world, chain));
  }
  await world.clock.advanceAsync(30_000);
  return { world, primary, seen, chain };
}

const every = (gapMs: number, count: number, size = 1) =>
  Array.from({ length: count * size }, (_, index) => Math.floor(index / size) * gapMs);

describe('503 for a minute', () => {
  // Any jitter, and requests that drift against the cool-down.
  test('a request every 4 s: everyone is served, at most 4 calls of the primary, which is back within 30 s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000), fc.integer({ min: 0, max: 200 }), async (seed, driftMs) => {
        const gapMs = 4_000 + driftMs;
        const options = { backAtMs: minuteMs, latencyMs: seed % 300, kind: 'overloaded' as const };
        const { primary, seen } = await playTraffic(every(gapMs, 24), options, seed);
        expect(seen.every(({ text }) => text === 'rescue' || text === 'primary')).toBe(true);
        expect(primary.callsAtMs.filter((atMs) => atMs < minuteMs).length).toBeLessThanOrEqual(4);
        const backAtMs = primary.callsAtMs.find((atMs) => atMs >= minuteMs) ?? Number.POSITIVE_INFINITY;
        expect(backAtMs).toBeLessThanOrEqual(minuteMs + 30_000);
        // From then on it is the primary again.
        expect(seen.at(-1)?.text).toBe('primary');
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['two every 8 s', every(8_000, 8, 2).slice(0, 15)],
    ['three every 12 s', every(12_000, 5, 3)],
  ])('%s: the same', async (_what, timesMs) => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { primary, seen } = await playTraffic(timesMs, { backAtMs: minuteMs, latencyMs: 5, kind: 'server' }, seed);
      expect(seen.every(({ text }) => text === 'rescue')).toBe(true);
      expect(primary.callsAtMs.length).toBeLessThanOrEqual(4);
    }
  });

  test('whenever it comes back, the primary is asked again within 30 s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5_000, max: 120_000 }), fc.nat(1_000), async (backAtMs, seed) => {
        const options = { backAtMs, latencyMs: 20, kind: 'overloaded' as const };
        const { primary } = await playTraffic(every(4_000, 40), options, seed);
        const usedAtMs = primary.callsAtMs.find((atMs) => atMs >= backAtMs) ?? Number.POSITIVE_INFINITY;
        expect(usedAtMs - backAtMs).toBeLessThanOrEqual(30_000);
      }),
      { numRuns: 25 },
    );
  });
});

test('any traffic: one probe per cool-down, one in flight, and closed after one that succeeded', async () => {
  const burst = fc.record({ gapMs: fc.integer({ min: 0, max: 12_000 }), size: fc.integer({ min: 1, max: 4 }) });
  let probes = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { minLength: 10, maxLength: 30 }),
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      async (bursts, latencyMs, backAtMs) => {
        let atMs = 0;
        const timesMs = bursts.flatMap(({ gapMs, size }) => {
          atMs += gapMs;
          return Array.from({ length: size }, () => atMs);
        });
        const { seen, world } = await playTraffic(timesMs, { backAtMs, latencyMs, kind: 'server' }, 0);
        const startMs = world.clock.nowMs() - world.clock.monotonicMs();
        const flights = seen.flatMap(({ events }) => {
          const probe = events.find((event) => event.type === 'attempt-started' && event.isProbe);
          if (probe?.type !== 'attempt-started') return [];
          const failure = events.find((event) => event.type === 'attempt-failed' && event.attempt === probe.attempt);
          const change = events.find((event) => event.type === 'circuit-changed' && event.from === 'half-open');
          return [{ fromMs: probe.atMs - startMs, toMs: failure && failure.atMs - startMs, change, failure }];
        });
        flights.sort((one, other) => one.fromMs - other.fromMs);
        for (const [index, flight] of flights.entries()) {
          const before = flights[index - 1];
          if (!flight.failure) expect(flight.change).toMatchObject({ to: 'closed' });
          else if (flight.failure.type === 'attempt-failed' && flight.failure.kind === 'server')
            expect(flight.change).toMatchObject({ to: 'open' });
          if (!before) continue;
          expect(flight.fromMs - before.fromMs).toBeGreaterThanOrEqual(defaultCircuitSettings.coolDownMs);
          if (before.toMs !== undefined) expect(flight.fromMs).toBeGreaterThanOrEqual(before.toMs);
        }
        probes += flights.length;
      },
    ),
    { numRuns: 40 },
  );
  expect(probes).toBeGreaterThan(20);
});

test('a probe that keeps writing for 5 s lets the others in before it ends', async () => {
  const world = setUpWorld({ overallMs: 300_000 });
  const delta = { type: 'part', part: { type: 'text-delta', id: 't', delta: 'a' } } as const;
  const slow = Array.from({ length: 20 }, () => [{ type: 'wait', delayMs: 1_000 } as const, delta]).flat();
  const a = scripted(world, 'a/x', [[{ type: 'throw', kind: 'server' }], [{ type: 'throw', kind: 'server' }], slow]);
  const chain = [a, scripted(world, 'b/y', [rescue])];
  startChain(world, chain);
  await world.clock.advanceAsync(30_000);
  const probe = startChain(world, chain);
  await world.clock.advanceAsync(5_500);
  expect([startChain(world, chain), world.dependencies.circuits.readStatus('a/x')][1]).toBe('half-open');
  expect(a.adapter.calls.length).toBe(3);
  await world.clock.advanceAsync(1_000);
  expect([world.dependencies.circuits.readStatus('a/x'), probe.endedAtMs]).toEqual(['closed', undefined]);
  expect(probe.events.at(-1)).toMatchObject({ type: 'circuit-changed', to: 'closed' });
});
