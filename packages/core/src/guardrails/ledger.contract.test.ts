import { describeLedgerContract, FakeClock } from '../testing/index.ts';
import { MemoryBudgetStore, type SpendEntry } from './index.ts';

describeLedgerContract('memory', async () => {
  const clock = new FakeClock();
  const versions = new Map<string, number>();
  const opened = new Map<string, { readonly budgetId: string; readonly startMs: number }>();
  const records: SpendEntry[] = [];
  const store = new MemoryBudgetStore({
    clock,
    readVersion: (budgetId) => versions.get(budgetId),
    readRecorded: () => records,
  });
  const open = store.open.bind(store);
  store.open = (account) => {
    opened.set(account.windowId, account);
    return open(account);
  };
  return {
    store,
    clock,
    putBudget: async ({ id, version }) => void versions.set(id, version),
    record: async (_request, _cost, entry, account) => {
      records.push(entry);
      await store.open(account);
    },
    readAccounts: async (budgetId) => {
      const windowIds = [...opened].filter(([, account]) => account.budgetId === budgetId).map(([id]) => id);
      const { accounts } = await store.sync({ instanceId: '', entries: [], holdings: [], windowIds }, 0);
      return [...accounts].map(([id, figures]) => ({ ...figures, startMs: opened.get(id)?.startMs ?? 0 }));
    },
    close: async () => {},
  };
});
