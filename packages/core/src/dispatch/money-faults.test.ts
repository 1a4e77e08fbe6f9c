import { describe, expect, test } from 'vitest';
import type { BudgetLedger, ReserveAnswer } from '../guardrails/index.ts';
import { ConcurrencyLimits } from '../policies/index.ts';
import type { Usage } from '../spec/index.ts';
import { type Script, scriptText } from '../testing/index.ts';
import type { ApprovalDesk, ChainPolicy } from './index.ts';
import { runEmbedding } from './index.ts';
import { delta, playChain, purpose, scripted, startChain } from './testing/chain-setup.ts';
import { type MoneyWorld, modelFacts, price, setUpMoney } from './testing/money-setup.ts';

const good = scriptText(['good'], { inputTokens: 100, outputTokens: 50 });
const usd = (count: number) => BigInt(count) * 1_000_000_000n;
const short = { question: { maxOutputTokens: 100 } };
const priced = (world: MoneyWorld, modelId: string, scripts: readonly Script[], more = {}) =>
  scripted(world, modelId, scripts, { price, model: modelFacts(modelId.split('/')[1] ?? ''), ...more });

/** A ledger whose database hangs until `answer` is called. */
function hangLedger(ledger: BudgetLedger) {
  const waiting: (() => void)[] = [];
  const hanging: BudgetLedger = {
    room: (attributes) => ledger.room(attributes),
    reserve: (request) =>
      new Promise<ReserveAnswer>((resolve, reject) => {
        waiting.push(() => ledger.reserve(request).then(resolve, reject));
      }),
    extend: (id) => ledger.extend(id),
    settle: (id, actual, request) => ledger.settle(id, actual, request),
    release: (id) => ledger.release(id),
  };
  return { hanging, answer: () => waiting.splice(0).forEach((go) => void go()) };
}

/** One call at a time at each provider, so that a slot that is not given back shows. */
function setUpNarrow(...given: Parameters<typeof setUpMoney>): MoneyWorld {
  const world = setUpMoney(...given);
  return {
    ...world,
    dependencies: { ...world.dependencies, concurrency: new ConcurrencyLimits(world.clock, () => 1) },
  };
}

/** The slot is free again. */
const expectFreeSlot = (world: MoneyWorld) => world.dependencies.concurrency.acquire('a', { queueMs: 0 });

describe('a ledger that hangs', () => {
  test('holds no call beyond a cancel, and a late grant leaves nothing behind', async () => {
    const world = setUpNarrow([{ limit: usd(1) }]);
    const { hanging, answer } = hangLedger(world.ledger);
    const dependencies = { ...world.dependencies, ledger: hanging };
    const stop = new AbortController();
    const a = priced(world, 'a/x', [good]);
    const seen = startChain({ ...world, dependencies }, [a], { ...short, signal: stop.signal });
    await world.clock.advanceAsync(50);
    expect(seen.endedAtMs).toBeUndefined();
    stop.abort();
    await world.clock.advanceAsync(1);
    expect(seen.outcome?.error?.kind).toBe('cancelled');
    answer();
    await world.clock.advanceAsync(1);
    expect([a.adapter.calls.length, await world.read(0)]).toEqual([0, { spent: 0n, reserved: 0n }]);
    await expectFreeSlot(world);
  });

  test('holds no call beyond the deadline of the chain', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const { hanging, answer } = hangLedger(world.ledger);
    const dependencies = { ...world.dependencies, ledger: hanging };
    const { outcome, endedAtMs } = await playChain({ ...world, dependencies }, [priced(world, 'a/x', [good])], short);
    expect([outcome.error?.kind, outcome.records.length]).toEqual(['timeout', 0]);
    expect(endedAtMs).toBeLessThanOrEqual(30_500);
    answer();
    await world.clock.advanceAsync(1);
    expect(await world.read(0)).toEqual({ spent: 0n, reserved: 0n });
  });
});

describe('whatever fails on the way', () => {
  test('a listener that throws when it is told of the circuit leaves neither reservation nor slot behind', async () => {
    const world = setUpNarrow([{ limit: usd(1) }]);
    const stop = new AbortController();
    const onEvent = () => {
      throw new Error('a bug of the listener');
    };
    const options = { ...short, signal: stop.signal, listener: { onEvent } };
    const seen = startChain(world, [priced(world, 'a/x', [good])], options);
    await world.clock.advanceAsync(10);
    expect(seen.thrown).toMatchObject({ message: 'a bug of the listener' });
    expect(await world.read(0)).toEqual({ spent: 0n, reserved: 0n });
    await expectFreeSlot(world);
  });

  test('a listener that throws in the middle of an answer: what had come is booked', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const onPart = () => {
      throw new Error('a bug of the listener');
    };
    const seen = startChain(world, [priced(world, 'a/x', [good])], { ...short, listener: { onPart } });
    await world.clock.advanceAsync(10);
    expect(seen.thrown).toBeDefined();
    expect(await world.read(0)).toEqual({ spent: world.records[0]?.costNanoUsd, reserved: 0n });
  });

  test('a price that cannot be read is a bug, and takes no slot with it', async () => {
    const world = setUpNarrow([{ limit: usd(1) }], { policy: { queueMs: 0 } });
    const broken = { price: { input: { perMillionUsd: 'a lot' }, output: { perMillionUsd: '1' } }, source: 'test' };
    const a = priced(world, 'a/x', [good], { price: broken });
    const seen = startChain(world, [a], short);
    await world.clock.advanceAsync(10);
    expect(seen.thrown).toBeInstanceOf(RangeError);
    expect(a.adapter.calls).toEqual([]);
    await expectFreeSlot(world);
  });

  test.each([{ max_tokens: 1e308, n: 1e10 }, { options: { num_predict: Number.POSITIVE_INFINITY } }])(
    'an absurd length in the request (%j) is refused by the budget and breaks nothing',
    async (providerOptions) => {
      const world = setUpMoney([{ limit: usd(1) }]);
      const { outcome } = await playChain(world, [priced(world, 'a/x', [good])], { question: { providerOptions } });
      expect(outcome.breach?.refusal.reason).toBe('budget-exceeded');
    },
  );
});

describe('usage that cannot be true', () => {
  const absurd: readonly Usage[] = [
    { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 5 },
    { inputTokens: -7, outputTokens: 5 },
    { inputTokens: 1.5, outputTokens: Number.NaN },
    { inputTokens: 10, cachedInputTokens: 4_000_000_000, outputTokens: 5 },
    { inputTokens: 10, cachedInputTokens: 30, outputTokens: 5 },
  ];
  test.each(absurd)('%j: our own count stands in, is marked, and equals what is booked', async (usage) => {
    const world = setUpMoney([{ limit: usd(1) }]);
    await playChain(world, [priced(world, 'a/x', [scriptText(['one two'], usage as never)])], short);
    const [record] = world.records;
    expect(record).toMatchObject({ isUsageEstimated: true, outcome: 'succeeded' });
    expect(record?.costNanoUsd).toBeGreaterThan(0n);
    expect(record?.costNanoUsd).toBeLessThan(1_000_000n);
    expect(record?.costUnknownReason).toBeUndefined();
    expect(await world.read(0)).toEqual({ spent: record?.costNanoUsd, reserved: 0n });
  });

  test('more than was reserved is booked as it is, and the next call is refused', async () => {
    const world = setUpMoney([{ limit: 3_000_000n, onBreach: 'fail-fast' }]);
    const a = priced(world, 'a/x', [scriptText(['x'], { inputTokens: 100, outputTokens: 5_000 })]);
    await playChain(world, [a], short);
    expect(await world.read(0)).toEqual({ spent: 50_100_000n, reserved: 0n });
    expect((await playChain(world, [a], short)).outcome.error?.kind).toBe('budget');
  });

  test('an answer in one piece that never came is booked at its longest, and marked', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const a = priced(world, 'a/x', [[{ type: 'hang' }]]);
    await playChain(world, [a], { question: { maxOutputTokens: 100, isWhole: true } });
    expect(world.records[0]).toMatchObject({ isUsageEstimated: true, usage: { outputTokens: 100 } });
  });
});

describe('side by side', () => {
  test('a hedge keeps the limit of the request together with the call that it runs beside', async () => {
    const policy: Partial<ChainPolicy> = {
      hedge: { afterMs: 100, maxShare: 1 },
      // Enough for one call at its longest, not for two.
      requestLimits: { costNanoUsd: 1_500_000n },
    };
    const world = setUpMoney([], { policy });
    const slow = priced(world, 'a/x', [[{ type: 'wait', delayMs: 2_000 }, ...good]]);
    const b = priced(world, 'b/y', [good]);
    const { outcome } = await playChain(world, [slow, b], short);
    expect([outcome.error, b.adapter.calls.length, outcome.target.modelId]).toEqual([undefined, 0, 'a/x']);
  });

  test('the loser of a race is booked with what it was sent', async () => {
    const world = setUpMoney([{ limit: usd(1) }], { policy: { hedge: { afterMs: 100, maxShare: 1 } } });
    const slow = priced(world, 'a/x', [[{ type: 'hang' }]]);
    await playChain(world, [slow, priced(world, 'b/y', [good])], short);
    const sum = world.records.reduce((total, { costNanoUsd }) => total + (costNanoUsd ?? 0n), 0n);
    expect(world.records.map(({ isHedge, outcome }) => [isHedge ?? false, outcome]).sort()).toEqual([
      [false, 'cancelled'],
      [true, 'succeeded'],
    ]);
    expect(await world.read(0)).toEqual({ spent: sum, reserved: 0n });
  });
});

test('approvals that never help end the call', async () => {
  let asked = 0;
  const approvals: ApprovalDesk = {
    request: async () => {
      asked += 1;
      return { id: `apr_${asked}` };
    },
    wait: async () => 'approved',
  };
  const options = { policy: { approvalWaitMs: 60_000 }, dependencies: { approvals } };
  const world = setUpMoney([{ limit: 1n, onBreach: 'ask-approval' }], options);
  const { outcome } = await playChain(world, [priced(world, 'a/x', [good])], short);
  expect([outcome.error?.kind, asked]).toEqual(['budget', 5]);
});

describe('time', () => {
  test('a call that ends in the next window is booked where it was reserved, also with the clock set back', async () => {
    const world = setUpMoney([{ limit: usd(1), window: 'hour' }]);
    const hourMs = 3_600_000;
    const intoHourMs = world.clock.nowMs() % hourMs;
    await world.clock.advanceAsync(hourMs - intoHourMs - 1_000);
    const startMs = Math.floor(world.clock.nowMs() / hourMs) * hourMs;
    const a = priced(world, 'a/x', [[delta('one'), { type: 'wait', delayMs: 2_000 }, ...good]]);
    startChain(world, [a], short);
    await world.clock.advanceAsync(1_500);
    expect(world.clock.nowMs()).toBeGreaterThan(startMs + hourMs);
    world.clock.jumpWallClock(-10 * hourMs);
    await world.clock.advanceAsync(1_500);
    expect(world.records).toHaveLength(1);
    const bookedIn = world.ledger.slices().filter(({ spent }) => spent > 0n);
    expect(bookedIn.map(({ account, spent }) => [account.startMs, spent])).toEqual([
      [startMs, world.records[0]?.costNanoUsd],
    ]);
  });
});

describe('embeddings', () => {
  test('a cancel while the budget is asked makes no call and leaves nothing behind', async () => {
    const world = setUpNarrow([{ limit: usd(1) }]);
    const { hanging, answer } = hangLedger(world.ledger);
    const stop = new AbortController();
    let calls = 0;
    const a = priced(world, 'a/x', [good]);
    const embed = async () => {
      calls += 1;
      throw new Error('must not be asked');
    };
    const target = { ...a, adapter: Object.assign(a.adapter, { embed }) };
    const dependencies = { ...world.dependencies, ledger: hanging };
    const ending = runEmbedding([target], { inputs: ['text'] }, purpose, dependencies, stop.signal);
    await world.clock.advanceAsync(10);
    stop.abort();
    const outcome = await ending;
    expect([outcome.error?.kind, outcome.records, calls]).toEqual(['cancelled', [], 0]);
    answer();
    await world.clock.advanceAsync(1);
    expect(await world.read(0)).toEqual({ spent: 0n, reserved: 0n });
    await expectFreeSlot(world);
  });

  test('a budget that says so ends the request, though another provider has the model', async () => {
    const world = setUpMoney([{ limit: 0n, onBreach: 'fail-fast', scope: [{ kind: 'provider', value: 'a' }] }]);
    let calls = 0;
    const embed = async () => {
      calls += 1;
      return { vectors: [], usage: { inputTokens: 3, outputTokens: 0 }, warnings: [] };
    };
    const targets = ['a/x', 'b/x'].map((id) => {
      const target = priced(world, id, [good]);
      return { ...target, adapter: Object.assign(target.adapter, { embed }) };
    }) as never;
    const outcome = await runEmbedding(targets, { inputs: ['text'] }, purpose, world.dependencies);
    expect([outcome.error?.kind, calls]).toEqual(['budget', 0]);
  });
});
