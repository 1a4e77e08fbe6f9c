import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sleep } from '../kernel/index.ts';
import {
  type ModelAdapter,
  type ModelCall,
  ProviderError,
  type ProviderErrorKind,
  type StreamPart,
} from '../spec/index.ts';
import type { FakeClock } from '../testing/index.ts';
import type { DeliveryMode } from './index.ts';
import { setUpWorld, startChain, toTarget } from './testing/chain-setup.ts';

/** What every model would write if nothing went wrong. */
const ideal = 'One two  three.\n\n  Four five six,\tseven\n\n\neight nine ten. ';

/** How one call of a writer goes. */
interface Plan {
  readonly chunk: number;
  readonly pauseMs: number;
  /** Breaks after so many characters of its own. */
  readonly breaksAt: number | undefined;
  readonly breakBy: ProviderErrorKind | 'hang' | 'end';
  readonly refusesPrefill: boolean;
}

/** Writes {@link ideal}, or what is missing of it after a prefill, and breaks as planned. */
class FlakyWriter implements ModelAdapter {
  readonly provider = 'flaky';
  calls = 0;
  readonly #clock: FakeClock;
  readonly #plans: readonly Plan[];

  constructor(clock: FakeClock, plans: readonly Plan[]) {
    this.#clock = clock;
    this.#plans = plans;
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    const plan = this.#plans[this.calls++ % this.#plans.length] as Plan;
    const fail = (kind: ProviderErrorKind) => new ProviderError({ kind, provider: 'p', model: 'm', message: kind });
    const last = call.messages.at(-1);
    const prefill = last?.role === 'assistant' && last.content[0]?.type === 'text' ? last.content[0].text : '';
    expect(ideal.startsWith(prefill)).toBe(true);
    expect(prefill).toBe(prefill.trimEnd());
    if (prefill !== '' && plan.refusesPrefill) throw fail('invalid-request');
    const text = ideal.slice(prefill.length);
    const stopAt = plan.breaksAt === undefined ? text.length : Math.min(plan.breaksAt, text.length);
    yield { type: 'stream-start', warnings: [] };
    for (let at = 0; at < stopAt; at += plan.chunk) {
      if (plan.pauseMs > 0) await sleep(this.#clock, plan.pauseMs, signal);
      yield { type: 'text-delta', id: 't', delta: text.slice(at, Math.min(at + plan.chunk, stopAt)) };
    }
    if (plan.breaksAt === undefined) yield { type: 'stream-end', reason: { unified: 'stop' }, usage: {} };
    else if (plan.breakBy === 'hang') await sleep(this.#clock, 10_000_000, signal);
    else if (plan.breakBy !== 'end') {
      if (stopAt === 0) throw fail(plan.breakBy);
      yield { type: 'stream-error', error: fail(plan.breakBy) };
    }
  }

  testConnection(): Promise<never> {
    return Promise.reject(new Error('Not needed.'));
  }
}

const plan: fc.Arbitrary<Plan> = fc.record({
  chunk: fc.integer({ min: 1, max: 9 }),
  pauseMs: fc.constantFrom(0, 0, 10, 500),
  breaksAt: fc.option(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: ideal.length })), { freq: 3, nil: undefined }),
  breakBy: fc.constantFrom(
    ...(['overloaded', 'server', 'network', 'invalid-response', 'rate-limit', 'timeout'] as const),
    ...(['auth', 'context-length', 'content-filter', 'invalid-request', 'hang', 'end', 'end'] as const),
  ),
  refusesPrefill: fc.boolean(),
});
const candidate = fc.record({ plans: fc.array(plan, { minLength: 1, maxLength: 4 }), acceptsPrefill: fc.boolean() });

test('in every mode and whatever breaks: one outcome, no text lost or doubled, truncation is never success', async () => {
  const reached = { successes: 0, failures: 0, cancels: 0, resets: 0, continuations: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(candidate, { minLength: 1, maxLength: 4 }),
      fc.constantFrom<DeliveryMode>('restart', 'continue', 'hold-back', 'fail'),
      fc.option(fc.integer({ min: 0, max: 20_000 }), { freq: 4, nil: undefined }),
      async (given, delivery, cancelAtMs) => {
        const world = setUpWorld({ delivery }, {}, () => 1);
        const chain = given.map(({ plans, acceptsPrefill }, index) => ({
          ...toTarget(`p${index}/m`, new FlakyWriter(world.clock, plans)),
          acceptsPrefill,
        }));
        const abort = new AbortController();
        if (cancelAtMs !== undefined) world.clock.startTimer(cancelAtMs, () => abort.abort(new Error('stop')));
        const seen = startChain(world, chain, { signal: abort.signal });
        for (let step = 0; step < 40 && seen.endedAtMs === undefined; step += 1) await world.clock.advanceAsync(1_000);
        const { outcome } = seen;
        if (!outcome) throw seen.thrown ?? new Error('The chain did not end within its overall deadline.');

        if (outcome.error) expect(ideal.startsWith(seen.text)).toBe(true);
        else expect(seen.text).toBe(ideal);
        expect(outcome.record?.outcome === 'succeeded').toBe(outcome.error === undefined);
        expect(seen.parts.some((part) => part.type === 'stream-end' || part.type === 'stream-error')).toBe(false);
        expect(outcome.records).toEqual(world.records);
        expect(outcome.records.map((record) => record.attempt)).toEqual(outcome.records.map((_, index) => index + 1));
        expect(outcome.records.slice(0, -1).every((record) => record.outcome === 'failed')).toBe(true);
        expect(seen.events.filter((event) => event.type === 'attempt-started').length).toBe(outcome.records.length);
        expect(seen.endedAtMs).toBeLessThanOrEqual(Math.min(30_000, cancelAtMs ?? 30_000));
        if (delivery === 'hold-back' || delivery === 'fail') expect(seen.resets).toEqual([]);
        if (delivery === 'hold-back' && outcome.error) expect(seen.parts).toEqual([]);
        // Whatever happened: nothing of the chain is left behind.
        await world.clock.advanceAsync(30_000);
        expect(world.clock.pendingTimers).toBe(0);
        for (const { providerId } of chain) await world.dependencies.concurrency.acquire(providerId, { queueMs: 0 });

        if (!outcome.error) reached.successes += 1;
        else if (outcome.error.kind === 'cancelled') reached.cancels += 1;
        else reached.failures += 1;
        reached.resets += seen.resets.length;
        reached.continuations += seen.events.filter((e) => e.type === 'attempt-started' && e.isContinuation).length;
      },
    ),
    { numRuns: 600 },
  );
  // The cases must have been among the drawn ones.
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(10);
});
