import fc from 'fast-check';
import { expect } from 'vitest';
import type { ReserveAnswer, ReserveRequest, SlicedLedger } from '../guardrails/index.ts';
import type { LedgerBench } from './ledger-bench.ts';

export type Step =
  | { readonly type: 'reserve'; readonly process: number; readonly amount: bigint }
  | { readonly type: 'settle'; readonly pick: number; readonly amount: bigint }
  | { readonly type: 'release' | 'repeat'; readonly pick: number }
  | { readonly type: 'flush' | 'crash'; readonly process: number }
  | { readonly type: 'break' | 'lose-answers' | 'repair' };

const process = fc.nat(1);
const pick = fc.nat(100);
/** One thing that happens to two processes and their store. */
export const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('reserve' as const), process, amount: fc.bigInt(0n, 12n) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('settle' as const), pick, amount: fc.bigInt(0n, 15n) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('release' as const, 'repeat' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('flush' as const), process }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const), process }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('break' as const, 'lose-answers' as const, 'repair' as const) }),
  },
);

interface ModelCall {
  readonly request: ReserveRequest;
  readonly ledger: SlicedLedger;
  readonly reserved: bigint;
  state: 'held' | 'released' | 'settled';
  spent: bigint;
  /** The part of what it spent that it had reserved: only that is promised to stay within the limit. */
  covered: bigint;
}

/** The slow model: a list of calls and what each holds or spent. */
export async function runHistory(bench: LedgerBench, limit: bigint, steps: readonly Step[]): Promise<void> {
  const budget = await bench.addBudget({ limit });
  const ledgers = [...(await bench.startLedgers(2))];
  const calls: ModelCall[] = [];
  const dead = new Set<SlicedLedger>();
  const sum = (read: (call: ModelCall) => bigint) => calls.reduce((total, call) => total + read(call), 0n);
  for (const step of steps) {
    if (step.type === 'reserve') {
      const ledger = ledgers[step.process]!;
      const request = bench.request({ costNanoUsd: step.amount });
      const answer: ReserveAnswer = await bench.settle(ledger.reserve(request));
      if (answer.isGranted) {
        calls.push({ request, ledger, reserved: step.amount, state: 'held', spent: 0n, covered: step.amount });
        // Nothing is granted that the model has no room for.
        const total = sum(({ covered }) => covered);
        if (step.amount > 0n) expect(total).toBeLessThanOrEqual(limit);
      }
    } else if (step.type === 'settle' || step.type === 'release' || step.type === 'repeat') {
      const call = calls[step.pick % Math.max(1, calls.length)];
      if (!call || dead.has(call.ledger)) continue;
      const { reservationId } = call.request;
      if (step.type === 'repeat' && call.state !== 'released') await bench.settle(call.ledger.reserve(call.request));
      if (step.type === 'release') {
        call.ledger.release(reservationId);
        if (call.state === 'held') Object.assign(call, { state: 'released', covered: 0n });
      }
      if (step.type === 'settle') {
        call.ledger.settle(reservationId, { costNanoUsd: step.amount, tokens: 1n });
        if (call.state !== 'settled') {
          if (step.amount < call.covered) call.covered = step.amount;
          call.state = 'settled';
          call.spent = step.amount;
          await bench.record(budget, call.request, step.amount);
        }
      }
    } else if (step.type === 'flush') await ledgers[step.process]!.flush();
    else if (step.type === 'crash') {
      const victim = ledgers[step.process]!;
      bench.kill(victim);
      dead.add(victim);
      // Its calls died with it; what it recorded stays.
      for (const call of calls)
        if (call.ledger === victim && call.state === 'held') Object.assign(call, { state: 'released', covered: 0n });
      bench.repairStore();
      ledgers[step.process] = (await bench.startLedgers(1))[0]!;
    } else if (step.type === 'break') bench.breakStore();
    else if (step.type === 'lose-answers') bench.loseAnswers();
    else bench.repairStore();
  }
  bench.repairStore();
  await bench.flush();
  await bench.bury();
  await bench.flush();
  const held = sum((call) => (call.state === 'held' ? call.reserved : 0n));
  const totals = await bench.totals(budget);
  // The ledger equals the call records plus the live reservations.
  expect(totals.spent).toBe(sum(({ spent }) => spent));
  expect(totals.reserved).toBe(held);
  // Nothing leaked: what the records leave of the limit can be used.
  const rest = limit - totals.spent - held;
  if (rest > 0n)
    expect((await bench.settle(ledgers[0]!.reserve(bench.request({ costNanoUsd: rest })))).isGranted).toBe(true);
  expect((await bench.settle(ledgers[1]!.reserve(bench.request({ costNanoUsd: 1n })))).isGranted).toBe(false);
}
