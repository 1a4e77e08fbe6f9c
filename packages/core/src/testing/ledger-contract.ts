import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerBench, type LedgerSubject } from './ledger-bench.ts';
import { runHistory, stepArbitrary } from './ledger-model.ts';

/** Holds every store of budgets to the promises of the ledger: `createSubject` opens one that is empty. */
export function describeLedgerContract(
  name: string,
  createSubject: () => Promise<LedgerSubject>,
  options: { readonly modelRuns: number } = { modelRuns: 100 },
): void {
  describe(`ledger on ${name}`, () => {
    let subject: LedgerSubject;
    let bench: LedgerBench;
    beforeEach(async () => {
      subject = await createSubject();
      bench = new LedgerBench(subject);
    });
    afterEach(() => subject.close());

    describe('many calls at once', () => {
      for (const processes of [1, 3]) {
        it(`lets exactly 100 of 500 calls through a budget for 100, in ${processes} process(es)`, async () => {
          const budget = await bench.addBudget({ limit: 1_000n });
          const ledgers = await bench.startLedgers(processes);
          const answers = await bench.settleAll(
            Array.from({ length: 500 }, (_, n) => ledgers[n % processes]!.reserve(bench.request({ costNanoUsd: 10n }))),
          );
          const granted = answers.filter(({ isGranted }) => isGranted);
          expect(granted).toHaveLength(100);
          for (const answer of answers)
            if (!answer.isGranted)
              expect(answer.refusal).toMatchObject({ reason: 'budget-exceeded', limit: 1_000n, requested: 10n });
          await bench.expectWithinLimits();
          expect((await bench.totals(budget)).reserved).toBe(1_000n);
        });
      }

      it('books exactly the limit when 500 calls in three processes settle as they go', async () => {
        const budget = await bench.addBudget({ limit: 1_000n });
        const ledgers = await bench.startLedgers(3);
        let granted = 0;
        const run = async (n: number) => {
          const ledger = ledgers[n % 3]!;
          const request = bench.request({ costNanoUsd: 10n });
          const answer = await ledger.reserve(request);
          if (!answer.isGranted) return;
          granted += 1;
          await bench.expectWithinLimits();
          ledger.settle(request.reservationId, { costNanoUsd: 10n, tokens: 1n });
        };
        await bench.settleAll(Array.from({ length: 500 }, (_, n) => run(n)));
        expect(granted).toBe(100);
        await bench.flush();
        expect(await bench.totals(budget)).toEqual({ spent: 1_000n, reserved: 0n, leased: 0n });
      });

      it('takes from all budgets of a call or from none', async () => {
        const wide = await bench.addBudget({ limit: 1_000n });
        const narrow = await bench.addBudget({ limit: 5n, unit: 'requests' });
        const [ledger] = await bench.startLedgers(1);
        const answers = await bench.settleAll(
          Array.from({ length: 20 }, () => ledger!.reserve(bench.request({ costNanoUsd: 10n }))),
        );
        expect(answers.filter(({ isGranted }) => isGranted)).toHaveLength(5);
        expect((await bench.totals(wide)).reserved).toBe(50n);
        expect((await bench.totals(narrow)).reserved).toBe(5n);
      });
    });

    describe('one call', () => {
      it('reserves once, however often it is asked, and books once, however often it settles', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        const request = bench.request({ costNanoUsd: 60n });
        const answers = await bench.settleAll([ledger!.reserve(request), ledger!.reserve(request)]);
        expect(answers.map(({ isGranted }) => isGranted)).toEqual([true, true]);
        expect((await ledger!.reserve(request)).isGranted).toBe(true);
        expect((await bench.totals(budget)).reserved).toBe(60n);
        for (let n = 0; n < 3; n += 1) ledger!.settle(request.reservationId, { costNanoUsd: 25n, tokens: 3n });
        ledger!.release(request.reservationId);
        await bench.flush();
        await bench.flush();
        expect(await bench.totals(budget)).toEqual({ spent: 25n, reserved: 0n, leased: 0n });
      });

      it('gives back what it released, once, and still books what it turns out to have spent', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        const request = bench.request({ costNanoUsd: 100n });
        await ledger!.reserve(request);
        ledger!.release(request.reservationId);
        ledger!.release(request.reservationId);
        expect((await bench.totals(budget)).reserved).toBe(0n);
        ledger!.settle(request.reservationId, { costNanoUsd: 30n, tokens: undefined });
        ledger!.settle(request.reservationId, { costNanoUsd: 30n, tokens: undefined });
        await bench.flush();
        expect((await bench.totals(budget)).spent).toBe(30n);
      });

      it('books more than was reserved as it is, and the budget then refuses', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        const request = bench.request({ costNanoUsd: 90n });
        await ledger!.reserve(request);
        ledger!.settle(request.reservationId, { costNanoUsd: 140n, tokens: 1n });
        const refused = await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })));
        expect(refused).toMatchObject({ isGranted: false, refusal: { spent: 140n, limit: 100n, requested: 1n } });
        await bench.flush();
        expect(await bench.totals(budget)).toEqual({ spent: 140n, reserved: 0n, leased: 0n });
      });

      it('books what was reserved when nobody knows what was used', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        const request = bench.request({ costNanoUsd: 40n });
        await ledger!.reserve(request);
        ledger!.settle(request.reservationId, { costNanoUsd: undefined, tokens: undefined });
        await bench.flush();
        expect((await bench.totals(budget)).spent).toBe(40n);
      });

      it('is refused without a price, unless the budget reserves a flat amount', async () => {
        const strict = await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        expect(await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: undefined })))).toMatchObject({
          isGranted: false,
          refusal: { reason: 'unpriced', budgetId: strict.id },
        });
        await bench.changeBudget({ ...strict, unpriced: { kind: 'flat-reserve', amountNanoUsd: 70n } });
        const request = bench.request({ costNanoUsd: undefined });
        expect((await bench.settle(ledger!.reserve(request))).isGranted).toBe(true);
        expect((await bench.totals(strict)).reserved).toBe(70n);
      });

      it('that costs nothing passes a budget that is used up', async () => {
        await bench.addBudget({ limit: 0n });
        const [ledger] = await bench.startLedgers(1);
        expect((await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 0n })))).isGranted).toBe(true);
        expect((await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
      });

      it('only warns over a soft limit, and says which threshold it crossed', async () => {
        const budget = await bench.addBudget({ limit: 100n, mode: 'soft', alertThresholds: [0.5] });
        const [ledger] = await bench.startLedgers(1);
        const warnings = async (costNanoUsd: bigint) => {
          const answer = await bench.settle(ledger!.reserve(bench.request({ costNanoUsd })));
          return answer.isGranted ? answer.warnings.map(({ type, threshold }) => [type, threshold]) : 'refused';
        };
        expect(await warnings(40n)).toEqual([]);
        expect(await warnings(20n)).toEqual([['threshold', 0.5]]);
        expect(await warnings(60n)).toEqual([['over-limit', 1]]);
        expect((await bench.totals(budget)).reserved).toBe(120n);
      });

      it('counts live and simulated money apart', async () => {
        await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        const ask = (origin: 'live' | 'simulated') =>
          bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 80n }, { origin })));
        const answers = [await ask('simulated'), await ask('live'), await ask('simulated'), await ask('live')];
        expect(answers.map(({ isGranted }) => isGranted)).toEqual([true, true, false, false]);
      });
    });

    describe('time', () => {
      it('gives an expired reservation back, and books the call that ends even later', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [ledger] = await bench.startLedgers(1);
        const lost = bench.request({ costNanoUsd: 100n });
        await bench.settle(ledger!.reserve(lost));
        await bench.pass(1_800_000);
        ledger!.extend(lost.reservationId);
        await bench.pass(1_800_000);
        expect((await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
        await bench.pass(3_700_000);
        const next = bench.request({ costNanoUsd: 60n });
        expect((await bench.settle(ledger!.reserve(next))).isGranted).toBe(true);
        ledger!.settle(lost.reservationId, { costNanoUsd: 90n, tokens: 1n });
        await bench.flush();
        expect(await bench.totals(budget)).toMatchObject({ spent: 90n, reserved: 60n });
      });

      it('books a call into the window in which it was reserved, and the next window begins empty', async () => {
        const budget = await bench.addBudget({ limit: 100n, window: 'day' });
        const [ledger] = await bench.startLedgers(1);
        await bench.pass(24 * 3_600_000 - 1_800_000);
        const request = bench.request({ costNanoUsd: 100n });
        await bench.settle(ledger!.reserve(request));
        const refused = await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })));
        expect(refused).toMatchObject({ refusal: { resetsAtMs: Date.UTC(2026, 0, 2) } });
        await bench.pass(1_800_000);
        const next = bench.request({ costNanoUsd: 70n });
        expect((await bench.settle(ledger!.reserve(next))).isGranted).toBe(true);
        ledger!.settle(request.reservationId, { costNanoUsd: 99n, tokens: 1n });
        await bench.flush();
        expect(await bench.spentByWindow(budget)).toEqual(
          new Map([
            [Date.UTC(2026, 0, 1), 99n],
            [Date.UTC(2026, 0, 2), 0n],
          ]),
        );
      });

      it('does not open yesterday’s budget again when the clock is set back, also after a restart', async () => {
        await bench.addBudget({ limit: 100n, window: 'day' });
        const [ledger] = await bench.startLedgers(1);
        await bench.pass(24 * 3_600_000);
        await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 100n })));
        await bench.flush();
        bench.clock.jumpWallClock(-20 * 3_600_000);
        expect((await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
        const [restarted] = await bench.startLedgers(1);
        expect((await bench.settle(restarted!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
      });

      it('gives way to a lowered limit at once and to a raise while it lasts', async () => {
        const budget = await bench.addBudget({ limit: 1_000n });
        const [ledger] = await bench.startLedgers(1);
        await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 10n })));
        await bench.changeBudget({ ...budget, limit: 20n });
        const ask = async (costNanoUsd: bigint) =>
          (await bench.settle(ledger!.reserve(bench.request({ costNanoUsd })))).isGranted;
        expect(await ask(11n)).toBe(false);
        expect(await ask(10n)).toBe(true);
        const nowMs = bench.clock.nowMs();
        const raise = { amount: 30n, fromMs: nowMs, untilMs: nowMs + 60_000 };
        await bench.changeBudget({ ...budget, limit: 20n, raises: [raise] });
        expect(await ask(15n)).toBe(true);
        await bench.pass(60_000);
        expect(await ask(1n)).toBe(false);
      });
    });

    describe('several processes', () => {
      it('lets any process use the last of a budget that another holds unused', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [first, second] = await bench.startLedgers(2);
        await bench.settle(first!.reserve(bench.request({ costNanoUsd: 5n })));
        expect((await bench.totals(budget)).leased).toBeGreaterThan(5n);
        expect((await bench.settle(second!.reserve(bench.request({ costNanoUsd: 95n })))).isGranted).toBe(true);
        expect((await bench.settle(second!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
      });

      it('books the work of a killed process from its call records, and nothing leaks', async () => {
        const budget = await bench.addBudget({ limit: 1_000n });
        const [killed, survivor] = await bench.startLedgers(2);
        for (let n = 0; n < 5; n += 1) {
          const request = bench.request({ costNanoUsd: 10n });
          await bench.settle(killed!.reserve(request));
          killed!.settle(request.reservationId, { costNanoUsd: 7n, tokens: 1n });
          await bench.record(budget, request, 7n);
          if (n === 2) await killed!.flush();
        }
        await bench.settle(killed!.reserve(bench.request({ costNanoUsd: 10n })));
        bench.kill(killed!);
        const leasedByDead = (await bench.totals(budget)).leased;
        expect(leasedByDead).toBeGreaterThanOrEqual(24n);
        await bench.pass(300_000);
        expect(await subject.store.reclaim(600_000, survivor!.instanceId)).toBe(0);
        await bench.pass(301_000);
        expect(await subject.store.reclaim(600_000, survivor!.instanceId)).toBe(1);
        expect(await subject.store.reclaim(600_000, survivor!.instanceId)).toBe(0);
        expect(await bench.totals(budget)).toEqual({ spent: 35n, reserved: 0n, leased: 0n });
      });

      it('a process that was taken for dead spends nothing of what was given away, and its work is booked', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [sleeper] = await bench.startLedgers(1);
        const running = bench.request({ costNanoUsd: 10n });
        await bench.settle(sleeper!.reserve(running));
        bench.freeze(sleeper!);
        await bench.pass(700_000);
        const [other] = await bench.startLedgers(1);
        await subject.store.reclaim(600_000, other!.instanceId);
        expect((await bench.settle(other!.reserve(bench.request({ costNanoUsd: 100n })))).isGranted).toBe(true);
        expect(await bench.settle(sleeper!.reserve(bench.request({ costNanoUsd: 1n })))).toMatchObject({
          isGranted: false,
          refusal: { reason: 'budget-exceeded' },
        });
        sleeper!.settle(running.reservationId, { costNanoUsd: 4n, tokens: 1n });
        expect((await bench.settle(sleeper!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
        await bench.flush();
        expect((await bench.totals(budget)).spent).toBe(4n);
      });

      it('books a settlement that comes after a restart, once', async () => {
        const budget = await bench.addBudget({ limit: 100n });
        const [before] = await bench.startLedgers(1);
        const request = bench.request({ costNanoUsd: 10n });
        await bench.settle(before!.reserve(request));
        bench.kill(before!);
        const [after] = await bench.startLedgers(1);
        for (let n = 0; n < 2; n += 1) after!.settle(request.reservationId, { costNanoUsd: 8n, tokens: 1n }, request);
        await bench.flush();
        expect((await bench.totals(budget)).spent).toBe(8n);
      });
    });

    describe('without the store', () => {
      it('serves what it holds, refuses the rest by name, and reports everything afterwards, once', async () => {
        const budget = await bench.addBudget({ limit: 1_000n });
        await bench.addBudget({ limit: 1n, mode: 'soft' });
        const [ledger] = await bench.startLedgers(1);
        await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })));
        const held = ledger!.slices().find(({ budgetId }) => budgetId === budget.id)!.leased - 1n;
        expect(held).toBeGreaterThan(1n);
        bench.breakStore();
        const inside = bench.request({ costNanoUsd: held - 5n });
        expect((await bench.settle(ledger!.reserve(inside))).isGranted).toBe(true);
        ledger!.settle(inside.reservationId, { costNanoUsd: held - 5n, tokens: 1n });
        expect(await ledger!.flush()).toBe(false);
        const last = bench.request({ costNanoUsd: 5n });
        expect((await bench.settle(ledger!.reserve(last))).isGranted).toBe(true);
        expect(await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 1n })))).toMatchObject({
          refusal: { reason: 'ledger-unavailable', budgetId: budget.id },
        });
        ledger!.settle(last.reservationId, { costNanoUsd: 5n, tokens: 1n });
        expect(await ledger!.flush()).toBe(false);
        bench.repairStore();
        expect(await ledger!.flush()).toBe(true);
        expect((await bench.totals(budget)).spent).toBe(held);
        await bench.expectWithinLimits();
      });

      it('books once what was written while the answer got lost', async () => {
        const budget = await bench.addBudget({ limit: 1_000n });
        const [ledger] = await bench.startLedgers(1);
        const request = bench.request({ costNanoUsd: 10n });
        await bench.settle(ledger!.reserve(request));
        ledger!.settle(request.reservationId, { costNanoUsd: 10n, tokens: 1n });
        bench.loseAnswers();
        expect(await ledger!.flush()).toBe(false);
        expect((await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 900n })))).isGranted).toBe(false);
        bench.repairStore();
        expect((await bench.settle(ledger!.reserve(bench.request({ costNanoUsd: 990n })))).isGranted).toBe(true);
        await bench.flush();
        await bench.expectWithinLimits();
        expect(await bench.totals(budget)).toMatchObject({ spent: 10n, reserved: 990n });
      });
    });

    it('agrees with a slow model over random histories of two processes, with crashes and outages', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt({ min: 0n, max: 60n }),
          fc.array(stepArbitrary, { maxLength: 40 }),
          async (limit, steps) => runHistory(new LedgerBench(subject), limit, steps),
        ),
        { numRuns: options.modelRuns },
      );
    });
  });
}
