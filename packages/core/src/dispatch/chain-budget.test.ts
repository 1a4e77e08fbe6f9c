import { describe, expect, test } from 'vitest';
import { type Script, scriptText } from '../testing/index.ts';
import type { ApprovalDesk } from './index.ts';
import { delta, playChain, scripted, startChain } from './testing/chain-setup.ts';
import { type MoneyWorld, modelFacts, price, setUpMoney } from './testing/money-setup.ts';

const good = scriptText(['good', ' answer'], { inputTokens: 100, outputTokens: 50 });
/** 100 × 1,000 + 50 × 10,000 nano-USD. */
const goodCost = 600_000n;
const cut: Script = [delta('half of'), { type: 'throw', kind: 'network' }];
const cents = (count: number) => BigInt(count) * 10_000_000n;
const usd = (count: number) => cents(count * 100);

const priced = (world: MoneyWorld, modelId: string, scripts: readonly Script[], more = {}) =>
  scripted(world, modelId, scripts, { price, model: modelFacts(modelId.split('/')[1] ?? ''), ...more });

const short = { question: { maxOutputTokens: 100 } };

describe('a chain under budgets', () => {
  test('books what the call cost under the id of its record, and holds nothing afterwards', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const { outcome } = await playChain(world, [priced(world, 'a/x', [good])], short);
    expect(outcome.record).toMatchObject({ costNanoUsd: goodCost, usage: { inputTokens: 100, outputTokens: 50 } });
    expect(await world.read(0)).toEqual({ spent: goodCost, reserved: 0n });
  });

  test('books every attempt of a chain: what broke off by our own count, marked, and what answered', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const chain = [priced(world, 'a/x', [cut]), priced(world, 'b/y', [good])];
    const { outcome } = await playChain(world, chain, short);
    const [broken, ...others] = outcome.records;
    expect(broken).toMatchObject({ isUsageEstimated: true, usage: { outputTokens: 2 } });
    expect(others.every((record) => record.isUsageEstimated === undefined)).toBe(true);
    const sum = outcome.records.reduce((total, record) => total + (record.costNanoUsd ?? 0n), 0n);
    expect(await world.read(0)).toEqual({ spent: sum, reserved: 0n });
    expect(sum).toBeGreaterThan(goodCost);
  });

  test('a cancelled call is booked by what was sent and received', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const stop = new AbortController();
    const a = priced(world, 'a/x', [[delta('one two three'), { type: 'hang' }]]);
    const seen = startChain(world, [a], { ...short, signal: stop.signal });
    await world.clock.advanceAsync(10);
    stop.abort();
    await world.clock.advanceAsync(10);
    const record = seen.outcome?.records[0];
    expect(record).toMatchObject({ outcome: 'cancelled', isUsageEstimated: true, usage: { outputTokens: 3 } });
    expect(await world.read(0)).toEqual({ spent: record?.costNanoUsd, reserved: 0n });
  });

  test('what the vendor refused and what never reached it cost nothing', async () => {
    const world = setUpMoney([{ limit: usd(1) }]);
    const a = priced(world, 'a/x', [[{ type: 'throw', kind: 'network' }]]);
    const { outcome } = await playChain(world, [a], short);
    expect(outcome.error?.kind).toBe('network');
    expect(await world.read(0)).toEqual({ spent: 0n, reserved: 0n });
  });

  test('skips the model whose budget has no room, tells it, and asks the next', async () => {
    const world = setUpMoney([{ limit: 1n, scope: [{ kind: 'provider', value: 'a' }], name: 'A little' }]);
    const a = priced(world, 'a/x', [good]);
    const { outcome, text, events } = await playChain(world, [a, priced(world, 'b/y', [good])], short);
    expect([text, a.adapter.calls.length, outcome.target.modelId]).toEqual(['good answer', 0, 'b/y']);
    expect(events.map(({ type }) => type)).toEqual(['budget-refused', 'failover-happened', 'attempt-started']);
    expect(events[0]).toMatchObject({ budgetName: 'A little', decision: 'skip-to-next', modelId: 'a/x' });
    expect(outcome.breach?.refusal).toMatchObject({ budgetId: 'bud_0', reason: 'budget-exceeded', limit: 1n });
    expect(world.breaches).toMatchObject([{ decision: 'skip-to-next', limitedBy: 'budget' }]);
  });

  test('fails fast where the budget says so, with what is left, what was asked and what to do', async () => {
    const world = setUpMoney([{ limit: 1n, onBreach: 'fail-fast', scope: [{ kind: 'provider', value: 'a' }] }]);
    const b = priced(world, 'b/y', [good]);
    const { outcome } = await playChain(world, [priced(world, 'a/x', [good]), b], short);
    expect([outcome.error?.kind, outcome.records, b.adapter.calls]).toEqual(['budget', [], []]);
    expect(outcome.error?.message).toMatch(/^The budget "Budget 0" has room for \$0\.000000001 .* Raise the budget/);
    expect(outcome.reason).toBe('budget-exceeded');
  });

  test('a cheaper equivalent is the cheapest that costs less, from outside the chain too', async () => {
    const cheap = { price: { input: { perMillionUsd: '0.1' }, output: { perMillionUsd: '0.2' } }, source: 'test' };
    const dear = { price: { input: { perMillionUsd: '5' }, output: { perMillionUsd: '50' } }, source: 'test' };
    const budget = { limit: 1n, onBreach: 'cheaper-equivalent', scope: [{ kind: 'model', value: 'a/x' }] } as const;
    let c: ReturnType<typeof priced> | undefined;
    const world: MoneyWorld = setUpMoney([budget], { dependencies: { equivalentsOf: () => (c ? [c] : []) } });
    c = priced(world, 'c/z', [good], { price: cheap });
    const b = priced(world, 'b/y', [good], { price: dear });
    const { outcome } = await playChain(world, [priced(world, 'a/x', [good]), b], short);
    expect([outcome.target.modelId, b.adapter.calls.length]).toEqual(['c/z', 0]);
  });

  test('a model without a price is refused where budgets count money, and taken at a flat amount where that is set', async () => {
    const refusing = setUpMoney([{ limit: usd(1) }]);
    const { outcome } = await playChain(refusing, [scripted(refusing, 'a/x', [good])], short);
    expect([outcome.error?.kind, outcome.breach?.refusal.reason]).toEqual(['budget', 'unpriced']);
    const taking = setUpMoney([{ limit: usd(1), unpriced: { kind: 'flat-reserve', amountNanoUsd: cents(2) } }]);
    await playChain(taking, [scripted(taking, 'a/x', [good])], short);
    expect(await taking.read(0)).toEqual({ spent: cents(2), reserved: 0n });
  });
});

describe('a rate limit', () => {
  const calls = (world: MoneyWorld) => playChain(world, [priced(world, 'a/x', [good])], short);

  test('lets so many calls of a minute through; the next is told when to come back, and then passes', async () => {
    const world = setUpMoney([{ limit: 2n, unit: 'requests', window: 'minute', onBreach: 'fail-fast', name: 'RPM' }]);
    await calls(world);
    await calls(world);
    const { outcome } = await calls(world);
    const { kind, retryAfterMs = 0 } = outcome.error?.details ?? {};
    expect([kind, retryAfterMs > 0 && retryAfterMs <= 60_000]).toEqual(['rate-limit', true]);
    expect(outcome.error?.message).toBe(
      'The budget "RPM" allows 2 calls a minute, of which 0 calls are left in this one. Come back in the next minute, send less at once, or raise the limit.',
    );
    await world.clock.advanceAsync(retryAfterMs);
    expect((await calls(world)).outcome.error).toBeUndefined();
  });

  test('sends nobody into the next minute with a call that is more than a whole minute allows', async () => {
    const world = setUpMoney([{ limit: 50n, unit: 'tokens', window: 'minute', onBreach: 'fail-fast', name: 'TPM' }]);
    const { details } = (await calls(world)).outcome.error ?? {};
    expect([details?.kind, details?.retryAfterMs]).toEqual(['budget', undefined]);
    expect(details?.message).toContain('it never fits');
  });

  test('counts the tokens that calls used, not those that they might have used', async () => {
    const world = setUpMoney([{ limit: 500n, unit: 'tokens', window: 'minute', onBreach: 'fail-fast' }]);
    const kinds = [];
    for (let call = 0; call < 4; call += 1) kinds.push((await calls(world)).outcome.error?.kind);
    // Each uses 150 and may use about 140 to 250.
    expect(kinds).toEqual([undefined, undefined, undefined, 'rate-limit']);
  });

  test('tells nobody of its thresholds', async () => {
    const world = setUpMoney([{ limit: 1n, unit: 'requests', window: 'minute', alertThresholds: [0.5, 1] }]);
    await calls(world);
    expect(world.warnings).toEqual([]);
  });
});

describe('asking for approval', () => {
  const desk = (answer: 'approved' | 'declined' | 'expired', world: () => MoneyWorld, afterMs = 60_000) => {
    const asked: string[] = [];
    const approvals: ApprovalDesk = {
      request: async ({ budgetId }) => {
        asked.push(budgetId);
        return { id: 'apr_1' };
      },
      wait: async (_id, _signal, timeoutMs) => {
        await new Promise<void>((resolve) => {
          world().clock.startTimer(Math.min(afterMs, timeoutMs), resolve);
        });
        if (answer === 'approved') world().raise('bud_0', usd(1));
        return answer;
      },
    };
    return { approvals, asked };
  };
  const policy = { approvalWaitMs: 600_000, overallMs: 30_000 };

  test('an approval is waited for longer than the deadline of the chain, and then the call is made', async () => {
    let world: MoneyWorld;
    const { approvals, asked } = desk('approved', () => world);
    world = setUpMoney([{ limit: 1n, onBreach: 'ask-approval' }], { policy, dependencies: { approvals } });
    const { outcome, events } = await playChain(world, [priced(world, 'a/x', [good])], short);
    expect([outcome.error, asked]).toEqual([undefined, ['bud_0']]);
    expect(events.map(({ type }) => type)).toEqual([
      'budget-refused',
      'approval-requested',
      'approval-decided',
      'attempt-started',
    ]);
    expect(await world.read(0)).toEqual({ spent: goodCost, reserved: 0n });
  });

  test.each(['declined', 'expired'] as const)(
    '%s: the chain ends with the refusal and the id of the request',
    async (answer) => {
      let world: MoneyWorld;
      const { approvals } = desk(answer, () => world);
      world = setUpMoney([{ limit: 1n, onBreach: 'ask-approval' }], { policy, dependencies: { approvals } });
      const { outcome } = await playChain(world, [priced(world, 'a/x', [good])], short);
      expect(outcome).toMatchObject({ error: { kind: 'budget' }, breach: { approvalId: 'apr_1' } });
    },
  );

  test('without time to wait it is asked for all the same, and the call fails at once', async () => {
    let world: MoneyWorld;
    const { approvals, asked } = desk('approved', () => world);
    world = setUpMoney([{ limit: 1n, onBreach: 'ask-approval' }], { dependencies: { approvals } });
    const { outcome } = await playChain(world, [priced(world, 'a/x', [good])], short);
    expect([outcome.error?.kind, outcome.breach?.approvalId, asked]).toEqual(['budget', 'apr_1', ['bud_0']]);
  });

  test('when every candidate is refused, people are asked where the budget says so', async () => {
    let world: MoneyWorld;
    const { approvals, asked } = desk('approved', () => world);
    world = setUpMoney([{ limit: 1n, whenAllBreach: 'ask' }], { policy, dependencies: { approvals } });
    const chain = [priced(world, 'a/x', [good]), priced(world, 'b/y', [good])];
    const { outcome } = await playChain(world, chain, short);
    expect([outcome.target.modelId, asked, world.breaches.length]).toEqual(['b/y', ['bud_0'], 2]);
  });
});

describe('limits of a model and of a request', () => {
  test('a call without a length is limited to what fits, and the caller is warned', async () => {
    const world = setUpMoney([]);
    const a = priced(world, 'a/x', [good], { limits: { costLimitNanoUsd: cents(1) - 200_000n } });
    const { outcome } = await playChain(world, [a]);
    expect(outcome.error).toBeUndefined();
    expect(a.adapter.calls[0]?.maxOutputTokens).toBeGreaterThanOrEqual(600);
    expect(a.adapter.calls[0]?.maxOutputTokens).toBeLessThan(1_000);
    expect(outcome.warnings).toMatchObject([{ type: 'adjusted-setting', setting: 'maxOutputTokens' }]);
  });

  test.each([
    ['cost', { costLimitNanoUsd: 500_000n }],
    ['token', { tokenLimit: 50 }],
  ] as const)('over its %s limit a model is passed over when it may be dropped', async (kind, limits) => {
    const world = setUpMoney([]);
    const a = priced(world, 'a/x', [good], { limits: { ...limits, dropIfOverBudget: true } });
    const { outcome, events } = await playChain(world, [a, priced(world, 'b/y', [good])], short);
    expect([a.adapter.calls.length, outcome.target.modelId]).toEqual([0, 'b/y']);
    expect(events[0]).toMatchObject({ limitedBy: 'model', budgetName: `${kind} limit of a/x` });
  });

  test('and ends the chain when it may not', async () => {
    const world = setUpMoney([]);
    const a = priced(world, 'a/x', [good], { limits: { tokenLimit: 50, dropIfOverBudget: false } });
    const { outcome } = await playChain(world, [a, priced(world, 'b/y', [good])], short);
    expect([outcome.error?.kind, outcome.breach?.limitedBy]).toEqual(['budget', 'model']);
  });

  test('retries count against the limit of the request: the third would go over it', async () => {
    const world = setUpMoney([], { policy: { requestLimits: { costNanoUsd: 2_900_000n } } });
    const a = priced(world, 'a/x', [[delta('x '.repeat(95)), { type: 'throw', kind: 'overloaded' }]]);
    const b = priced(world, 'b/y', [[delta('x '.repeat(95)), { type: 'throw', kind: 'overloaded' }]]);
    const { outcome } = await playChain(world, [a, b, priced(world, 'c/z', [good])], short);
    expect(outcome.breach?.limitedBy).toBe('request');
    const sum = outcome.records.reduce((total, record) => total + (record.costNanoUsd ?? 0n), 0n);
    expect(sum).toBeLessThanOrEqual(2_900_000n);
    expect(outcome.records.length).toBeGreaterThan(1);
  });

  test('a slower answer than was hoped for stands, and is told', async () => {
    const world = setUpMoney([]);
    const slow: Script = [{ type: 'wait', delayMs: 2_000 }, ...good];
    const a = priced(world, 'a/x', [slow], { limits: { latencyTargetMs: 1_500 } });
    const { outcome, events } = await playChain(world, [a], short);
    expect(outcome.error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'latency-target-missed', targetMs: 1_500, latencyMs: 2_000 });
  });

  test('a threshold that a call crosses is told', async () => {
    const world = setUpMoney([{ limit: 2_000_000n, alertThresholds: [0.5], mode: 'soft' }]);
    const a = priced(world, 'a/x', [good]);
    await playChain(world, [a], short);
    expect(world.warnings).toMatchObject([{ type: 'threshold', threshold: 0.5 }]);
  });
});
