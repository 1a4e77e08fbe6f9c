import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Script, ScriptStep } from '../testing/index.ts';
import type { DeliveryMode } from './index.ts';
import { scripted, setUpWorld, startChain } from './testing/chain-setup.ts';

/** A candidate that writes its own letter five times, sooner or later, or breaks on the way. */
const lane = fc.record({
  firstMs: fc.integer({ min: 0, max: 4_000 }),
  gapMs: fc.constantFrom(0, 100, 1_500),
  breaksAfter: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 2, nil: undefined }),
  kind: fc.constantFrom('server', 'rate-limit', 'network', 'auth', 'content-filter', 'invalid-response'),
});

function write(letter: string, plan: { firstMs: number; gapMs: number; breaksAfter: number | undefined; kind: never }) {
  const steps: ScriptStep[] = [
    { type: 'wait', delayMs: plan.firstMs },
    { type: 'part', part: { type: 'stream-start', warnings: [] } },
  ];
  for (let written = 0; written < 5; written += 1) {
    if (plan.breaksAfter === written) return [...steps, { type: 'throw', kind: plan.kind }] satisfies Script;
    if (written > 0) steps.push({ type: 'wait', delayMs: plan.gapMs });
    steps.push({ type: 'part', part: { type: 'text-delta', id: 't', delta: letter } });
  }
  return [...steps, { type: 'part', part: { type: 'stream-end', reason: { unified: 'stop' }, usage: {} } }] as Script;
}

test('whatever the two do: one output, every call recorded, nothing left behind, a cancel ends both at once', async () => {
  const reached = { hedges: 0, firstWins: 0, secondWins: 0, cancels: 0, failures: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(lane, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
      fc.constantFrom<DeliveryMode>('restart', 'continue', 'hold-back', 'fail'),
      fc.integer({ min: 0, max: 3_000 }),
      fc.option(fc.integer({ min: 0, max: 6_000 }), { freq: 3, nil: undefined }),
      async (plans, delivery, afterMs, cancelAtMs) => {
        const world = setUpWorld({ delivery, hedge: { afterMs, maxShare: 1 } }, {}, () => 1);
        const letters = ['a', 'b', 'c', 'd'];
        const chain = plans.map((scripts, index) =>
          scripted(
            world,
            `p${index}/m`,
            scripts.map((plan) => write(letters[index] as string, plan as never)),
          ),
        );
        const abort = new AbortController();
        if (cancelAtMs !== undefined) world.clock.startTimer(cancelAtMs, () => abort.abort(new Error('stop')));
        const seen = startChain(world, chain, { signal: abort.signal });
        for (let step = 0; step < 700 && seen.endedAtMs === undefined; step += 1) await world.clock.advanceAsync(50);
        const { outcome, events } = seen;
        if (!outcome) throw seen.thrown ?? new Error('The chain did not end.');

        // Never two voices in one output.
        expect(new Set(seen.text).size).toBeLessThanOrEqual(1);
        if (outcome.error) expect(seen.text.length).toBeLessThanOrEqual(5);
        else expect(seen.text).toBe((letters[chain.indexOf(outcome.target as never)] ?? '').repeat(5));
        // Every call that was made is recorded once, and told of.
        const calls = chain.reduce((sum, { adapter }) => sum + adapter.calls.length, 0);
        expect(world.records.length).toBeGreaterThanOrEqual(calls);
        expect(outcome.records.map((record) => record.id).sort()).toEqual(world.records.map(({ id }) => id).sort());
        expect(outcome.records.map((record) => record.attempt)).toEqual(outcome.records.map((_, index) => index + 1));
        const started = events.filter((event) => event.type === 'attempt-started').length;
        const ended = events.filter((event) => event.type === 'attempt-failed' || event.type === 'hedge-lost').length;
        expect([started, ended]).toEqual([outcome.records.length, outcome.records.length - (outcome.error ? 0 : 1)]);
        const hedges = events.filter((event) => event.type === 'hedge-started').length;
        expect(hedges).toBeLessThanOrEqual(1);
        // A cancel is at once, and nothing stays behind.
        if (cancelAtMs !== undefined) expect(seen.endedAtMs).toBeLessThanOrEqual(cancelAtMs + 100);
        await world.clock.advanceAsync(60_000);
        expect(world.clock.pendingTimers).toBe(0);
        for (const { inUse, queued } of world.dependencies.concurrency.list()) expect([inUse, queued]).toEqual([0, 0]);
        for (const { isProbing } of world.dependencies.circuits.list()) expect(isProbing).toBe(false);

        reached.hedges += hedges;
        if (outcome.error?.kind === 'cancelled') reached.cancels += 1;
        else if (outcome.error) reached.failures += 1;
        else if (hedges > 0 && outcome.target === chain[0]) reached.firstWins += 1;
        else if (hedges > 0) reached.secondWins += 1;
      },
    ),
    { numRuns: 300 },
  );
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(10);
});
