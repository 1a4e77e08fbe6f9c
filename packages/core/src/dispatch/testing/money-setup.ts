import type { PriceQuote } from '../../catalog/index.ts';
import { type Budget, MemoryBudgetStore, SlicedLedger } from '../../guardrails/index.ts';
import { silentLog } from '../../kernel/index.ts';
import type { ObservedBreach } from '../call-observer.ts';
import type { ChainDependencies, ChainPolicy } from '../index.ts';
import { setUpWorld, type World } from './chain-setup.ts';

/** 1 USD per million tokens of input, 10 of output: 1,000 and 10,000 nano-USD a token. */
export const price: PriceQuote = {
  price: { input: { perMillionUsd: '1' }, output: { perMillionUsd: '10' } },
  source: 'test',
};

export const modelFacts = (vendorModelId: string) => ({
  providerType: 'custom' as const,
  vendorModelId,
  maxOutputTokens: 1_000,
});

/** A chain's world with a ledger on a memory store, and budgets that a test gives. */
export function setUpMoney(
  budgets: readonly (Partial<Budget> & { readonly limit: bigint })[],
  more: { readonly policy?: Partial<ChainPolicy>; readonly dependencies?: Partial<ChainDependencies> } = {},
) {
  const world: World = setUpWorld(more.policy);
  const known = budgets.map(
    (settings, index): Budget => ({
      id: `bud_${index}`,
      teamId: 'team_1',
      name: `Budget ${index}`,
      scope: [],
      unit: 'cost',
      window: 'lifetime',
      timeZone: 'UTC',
      mode: 'hard',
      alertThresholds: [],
      onBreach: 'skip-to-next',
      whenAllBreach: 'fail',
      unpriced: { kind: 'refuse' },
      raises: [],
      isEnabled: true,
      version: 1,
      ...settings,
    }),
  );
  const current = new Map(known.map((budget) => [budget.id, budget]));
  const store = new MemoryBudgetStore({ clock: world.clock, readVersion: (id) => current.get(id)?.version });
  const ledger = new SlicedLedger({
    store,
    budgets: { read: () => [...current.values()], refresh: async () => {} },
    clock: world.clock,
    ids: world.dependencies.ids,
    log: silentLog,
  });
  const breaches: ObservedBreach[] = [];
  const warnings: unknown[] = [];
  const dependencies: ChainDependencies = {
    ...world.dependencies,
    ledger,
    observer: {
      onBreach: (breach) => void breaches.push(breach),
      onWarning: (warning) => void warnings.push(warning),
      onCallEnd: () => {},
    },
    ...more.dependencies,
  };
  return {
    ...world,
    dependencies,
    ledger,
    breaches,
    warnings,
    /** Adds to the limit of a budget, as an approval does. */
    raise(id: string, amount: bigint) {
      const budget = current.get(id);
      if (budget) current.set(id, { ...budget, limit: budget.limit + amount, version: budget.version + 1 });
    },
    /** What is booked in a budget that has one account, and what is held for running calls. */
    async read(index: number) {
      await ledger.flush();
      const windowId = `bud_${index}/simulated/0/`;
      const answer = await store.sync({ instanceId: '', entries: [], holdings: [], windowIds: [windowId] }, 0);
      const reserved = ledger.slices().find((slice) => slice.windowId === windowId)?.reserved ?? 0n;
      return { spent: answer.accounts.get(windowId)?.spent ?? 0n, reserved };
    },
  };
}

export type MoneyWorld = ReturnType<typeof setUpMoney>;
