import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Budget,
  type BudgetLedger,
  MemoryBudgetStore,
  matchBudgets,
  type ReserveRequest,
  SlicedLedger,
} from '../guardrails/index.ts';
import { silentLog } from '../kernel/index.ts';
import type { CallRecord } from '../metrics/index.ts';
import { ConcurrencyLimits } from '../policies/index.ts';
import type { Usage } from '../spec/index.ts';
import type { Script, ScriptStep } from '../testing/index.ts';
import type { DeliveryMode } from './index.ts';
import { purpose, scripted, setUpWorld, startChain } from './testing/chain-setup.ts';
import { modelFacts, price } from './testing/money-setup.ts';

const usage: fc.Arbitrary<Usage> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ inputTokens: fc.nat(60), outputTokens: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.constant({}) },
  // More than anybody could have reserved, and what cannot be true.
  { weight: 1, arbitrary: fc.constant({ inputTokens: 100, outputTokens: 9_000 }) },
  { weight: 1, arbitrary: fc.constant({ inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: -1 }) },
);
const call = fc.record({
  firstMs: fc.constantFrom(0, 0, 50, 3_000),
  words: fc.nat(6),
  gapMs: fc.constantFrom(0, 10, 700),
  breaks: fc.constantFrom(...(['no', 'no', 'no', 'hang', 'network', 'server', 'overloaded', 'rate-limit'] as const)),
  usage,
});
type CallPlan = typeof call extends fc.Arbitrary<infer Plan> ? Plan : never;
const chain = fc.record({
  candidates: fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  ledger: fc.nat(1),
  startMs: fc.constantFrom(0, 0, 100, 2_000),
  cancelMs: fc.option(fc.nat(6_000), { freq: 3, nil: undefined }),
  delivery: fc.constantFrom<DeliveryMode>('restart', 'continue', 'hold-back', 'fail'),
  hedgeMs: fc.option(fc.nat(1_000), { nil: undefined }),
  maxOutputTokens: fc.option(fc.integer({ min: 1, max: 200 }), { freq: 3, nil: undefined }),
  costLimit: fc.option(fc.bigInt(100_000n, 20_000_000n), { freq: 1, nil: undefined }),
});
const budget = fc.record({
  unit: fc.constantFrom('cost' as const, 'cost' as const, 'tokens' as const, 'requests' as const),
  mode: fc.constantFrom('hard' as const, 'hard' as const, 'soft' as const),
  room: fc.integer({ min: 0, max: 30 }),
  provider: fc.option(fc.constantFrom('p0', 'p1'), { nil: undefined }),
  window: fc.constantFrom('lifetime' as const, 'hour' as const),
  onBreach: fc.constantFrom('skip-to-next' as const, 'cheaper-equivalent' as const, 'fail-fast' as const),
});
/** One usual call of the test takes about so much. */
const perCall = { cost: 400_000n, tokens: 90n, requests: 1n } as const;

function write({ firstMs, words, gapMs, breaks, usage: told }: CallPlan): Script {
  const steps: ScriptStep[] = [{ type: 'wait', delayMs: firstMs }];
  for (let word = 0; word < words; word += 1)
    steps.push(
      { type: 'part', part: { type: 'text-delta', id: 't', delta: `word${word} ` } },
      { type: 'wait', delayMs: gapMs },
    );
  if (breaks === 'hang') return [...steps, { type: 'hang' }];
  if (breaks !== 'no') return [...steps, { type: 'throw', kind: breaks }];
  return [...steps, { type: 'part', part: { type: 'stream-end', reason: { unified: 'stop' }, usage: told } }];
}

/** What a reservation holds, or what came of it, in each unit. */
interface Hold {
  readonly request: ReserveRequest;
  readonly hourMs: number;
  state: 'held' | 'released' | 'settled';
  used: { readonly cost: bigint; readonly tokens: bigint; readonly requests: bigint } | undefined;
}

/** A second, slow book: a list of what was granted and what came of it. */
class SlowBook {
  readonly holds = new Map<string, Hold>();
  readonly #budgets: readonly Budget[];
  mostFull = 0;

  constructor(budgets: readonly Budget[]) {
    this.#budgets = budgets;
  }

  /** Spent and reserved never pass the limit, but for what calls used above their own reservation. */
  check(): void {
    for (const known of this.#budgets) {
      if (known.mode === 'soft') continue;
      const byWindow = new Map<number, { total: bigint; over: bigint }>();
      for (const { request, state, used, hourMs } of this.holds.values()) {
        if (state === 'released' || matchBudgets(request.attributes, [known]).length === 0) continue;
        const { upperBound } = request;
        const reserved = { cost: upperBound.costNanoUsd ?? 0n, tokens: upperBound.tokens, requests: 1n }[known.unit];
        const amount = used ? used[known.unit] : reserved;
        const key = known.window === 'hour' ? hourMs : 0;
        const sum = byWindow.get(key) ?? { total: 0n, over: 0n };
        sum.total += amount;
        if (amount > reserved) sum.over += amount - reserved;
        byWindow.set(key, sum);
      }
      for (const { total, over } of byWindow.values()) {
        expect(total - over).toBeLessThanOrEqual(known.limit);
        if (known.limit > 0n && (total - over) * 10n >= known.limit * 8n) this.mostFull += 1;
      }
    }
  }
}

function spyOn(ledger: SlicedLedger, book: SlowBook, nowMs: () => number): BudgetLedger {
  return {
    room: (attributes) => ledger.room(attributes),
    async reserve(request) {
      const answer = await ledger.reserve(request);
      if (answer.isGranted) {
        const hourMs = Math.floor(nowMs() / 3_600_000);
        book.holds.set(request.callId, { request, hourMs, state: 'held', used: undefined });
        book.check();
      }
      return answer;
    },
    extend: (id) => ledger.extend(id),
    settle(id, actual, request) {
      ledger.settle(id, actual, request);
      const hold = book.holds.get(id);
      expect(hold?.state).toBe('held');
      if (!hold) return;
      const { costNanoUsd, tokens } = hold.request.upperBound;
      const used = { cost: actual.costNanoUsd ?? costNanoUsd ?? 0n, tokens: actual.tokens ?? tokens, requests: 1n };
      Object.assign(hold, { state: 'settled', used });
      book.check();
    },
    release(id) {
      ledger.release(id);
      const hold = book.holds.get(id);
      if (hold?.state === 'held') hold.state = 'released';
      book.check();
    },
  };
}

const amountOf = (unit: Budget['unit'], { costNanoUsd, usage: { inputTokens, outputTokens } }: CallRecord): bigint =>
  unit === 'requests' ? 1n : unit === 'cost' ? (costNanoUsd ?? 0n) : BigInt((inputTokens ?? 0) + (outputTokens ?? 0));

test('whatever chains do at once on two ledgers: no limit is passed, every call is booked once, nothing stays reserved', async () => {
  const reached = { calls: 0, refusals: 0, cancels: 0, hedges: 0, releases: 0, full: 0, continuations: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(budget, { minLength: 1, maxLength: 3 }),
      fc.array(chain, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 3_600 }),
      async (settings, plans, secondsIntoHour) => {
        const world = setUpWorld();
        const { clock } = world;
        await clock.advanceAsync(secondsIntoHour * 1_000);
        const budgets = settings.map(({ unit, mode, room, provider, window, onBreach }, index): Budget => {
          const scope = provider === undefined ? [] : [{ kind: 'provider' as const, value: provider }];
          const limit = perCall[unit] * BigInt(room);
          const fixed = { teamId: 'team_1', timeZone: 'UTC', alertThresholds: [0.5], raises: [], isEnabled: true };
          const rest = { whenAllBreach: 'fail', unpriced: { kind: 'refuse' }, version: 1 } as const;
          return {
            id: `bud_${index}`,
            name: `B${index}`,
            ...fixed,
            ...rest,
            unit,
            mode,
            limit,
            scope,
            window,
            onBreach,
          };
        });
        const store = new MemoryBudgetStore({ clock, readVersion: () => 1 });
        const windows = new Map<string, string>();
        const open = store.open.bind(store);
        store.open = (account) => {
          windows.set(account.windowId, account.budgetId);
          return open(account);
        };
        const source = { read: () => budgets, refresh: async () => {} };
        const { ids } = world.dependencies;
        const ledgers = [0, 1].map(() => new SlicedLedger({ store, budgets: source, clock, ids, log: silentLog }));
        for (const ledger of ledgers) await ledger.start();
        const book = new SlowBook(budgets);
        const spies = ledgers.map((ledger) => spyOn(ledger, book, () => clock.nowMs()));
        const concurrency = new ConcurrencyLimits(clock, () => 3);
        const seen = plans.map((plan) => {
          const { delivery, hedgeMs, cancelMs, startMs, maxOutputTokens, costLimit } = plan;
          const policy = {
            ...world.dependencies.policy,
            delivery,
            ...(hedgeMs !== undefined && { hedge: { afterMs: hedgeMs, maxShare: 1 } }),
            ...(costLimit !== undefined && { requestLimits: { costNanoUsd: costLimit } }),
          };
          const dependencies = {
            ...world.dependencies,
            policy,
            concurrency,
            ledger: spies[plan.ledger] as BudgetLedger,
          };
          const candidates = plan.candidates.map((calls, index) =>
            scripted(world, `p${index}/m${index}`, calls.map(write), {
              price,
              model: modelFacts(`m${index}`),
              acceptsPrefill: index !== 1,
            }),
          );
          const abort = new AbortController();
          const question = maxOutputTokens === undefined ? {} : { maxOutputTokens };
          const options = { signal: abort.signal, question };
          const running: { seen?: ReturnType<typeof startChain> } = {};
          clock.startTimer(startMs, () => {
            running.seen = startChain({ ...world, dependencies }, candidates, options);
          });
          if (cancelMs !== undefined) clock.startTimer(startMs + cancelMs, () => abort.abort(new Error('stop')));
          return running;
        });
        const isOver = () => seen.every((running) => running.seen?.endedAtMs !== undefined);
        for (let step = 0; step < 400 && !isOver(); step += 1) {
          await clock.advanceAsync(200);
          book.check();
        }
        expect(isOver()).toBe(true);
        for (const { seen: one } of seen) if (one?.thrown) throw one.thrown;

        for (const { reserved } of ledgers.flatMap((ledger) => ledger.slices())) expect(reserved).toBe(0n);
        for (const { state } of book.holds.values()) expect(state).not.toBe('held');
        for (const ledger of ledgers) await ledger.stop();
        const windowIds = [...windows.keys()];
        const { accounts } = await store.sync({ instanceId: '', entries: [], holdings: [], windowIds }, 0);
        for (const known of budgets) {
          let spent = 0n;
          for (const [windowId, { spent: part, leased }] of accounts) {
            if (windows.get(windowId) !== known.id) continue;
            spent += part;
            expect(leased).toBe(0n);
          }
          const records = world.records.filter(({ providerId, modelId }) => {
            const attributes = { ...purpose, origin: 'simulated' as const, providerId, modelId };
            return matchBudgets(attributes, [known]).length > 0;
          });
          expect(spent).toBe(records.reduce((sum, record) => sum + amountOf(known.unit, record), 0n));
        }
        for (const { inUse } of concurrency.list()) expect(inUse).toBe(0);
        await clock.advanceAsync(60_000);
        expect(clock.pendingTimers).toBe(0);

        reached.calls += world.records.length;
        reached.full += book.mostFull;
        reached.releases += [...book.holds.values()].filter(({ state }) => state === 'released').length;
        for (const { seen: one } of seen) {
          const events = one?.events ?? [];
          reached.refusals += events.filter(({ type }) => type === 'budget-refused').length;
          reached.hedges += events.filter(({ type }) => type === 'hedge-started').length;
          reached.continuations += events.filter((e) => e.type === 'attempt-started' && e.isContinuation).length;
          if (one?.outcome?.error?.kind === 'cancelled') reached.cancels += 1;
        }
      },
    ),
    { numRuns: 250 },
  );
  // The cases must have been among the drawn ones.
  const { releases, ...counts } = reached;
  for (const [name, count] of Object.entries(counts)) expect(count, name).toBeGreaterThan(20);
}, 60_000);
