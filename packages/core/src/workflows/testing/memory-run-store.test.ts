import { FakeClock } from '../../testing/index.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { describeRunStoreContract } from './run-store-contract.ts';

describeRunStoreContract('MemoryRunStore', async () => {
  const store = new MemoryRunStore(new FakeClock());
  return { store, runId: 'run_1', takeLease: async () => store.takeLease('run_1') };
});
