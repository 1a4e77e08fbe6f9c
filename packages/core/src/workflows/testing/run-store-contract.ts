import { describe, expect, test } from 'vitest';
import type { JournalFact } from '../run/run-fact.ts';
import { LeaseLost, type RunLease, type RunStore } from '../run/run-ports.ts';

/** One store with one run that nothing was written of, and a way to take the run over. */
export interface RunStoreSetup {
  readonly store: RunStore;
  readonly runId: string;
  takeLease(): Promise<RunLease>;
}

/** What every {@link RunStore} must do; run by each implementation. */
export function describeRunStoreContract(name: string, setUp: () => Promise<RunStoreSetup>): void {
  const started = (stepId: string): JournalFact => ({ type: 'step-started', stepId, generation: 0 });

  describe(`${name} as a store of runs`, () => {
    test('numbers facts from 1 without gaps and gives them back in order, as they were', async () => {
      const { store, runId, takeLease } = await setUp();
      const lease = await takeLease();
      const odd: JournalFact = {
        type: 'step-completed',
        stepId: 'a',
        generation: 0,
        output: { text: 'Grüße 👩‍👧', list: [1, 2.5, null, true], nested: { __proto__x: 1 } },
      };
      await store.append(runId, [started('a'), odd], { lease });
      await store.append(runId, [started('b')], { lease });
      const events = await store.readJournal(runId, 0);
      expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(events[1]).toMatchObject(odd);
      expect((await store.readJournal(runId, 2)).map(({ seq }) => seq)).toEqual([3]);
    });

    test('refuses a decision that did not know everything, and writes nothing of it', async () => {
      const { store, runId, takeLease } = await setUp();
      const lease = await takeLease();
      await store.append(runId, [started('a')], { lease });
      expect(await store.append(runId, [started('b'), started('c')], { lease, afterSeq: 0 })).toBeUndefined();
      expect(await store.readJournal(runId, 0)).toHaveLength(1);
      const written = await store.append(runId, [started('b')], { lease, afterSeq: 1 });
      expect(written?.map(({ seq }) => seq)).toEqual([2]);
    });

    test('lets only the last owner of a lease write', async () => {
      const { store, runId, takeLease } = await setUp();
      const old = await takeLease();
      const current = await takeLease();
      await expect(store.append(runId, [started('a')], { lease: old })).rejects.toThrow(LeaseLost);
      await expect(store.append(runId, [started('a')], { lease: old, afterSeq: 0 })).rejects.toThrow(LeaseLost);
      await store.append(runId, [started('b')], { lease: current });
      await store.append(runId, [{ type: 'cancel-requested' }], {});
      expect((await store.readJournal(runId, 0)).map(({ type }) => type)).toEqual(['step-started', 'cancel-requested']);
    });

    test('gives writers at the same time numbers of their own', async () => {
      const { store, runId, takeLease } = await setUp();
      const lease = await takeLease();
      const ids = Array.from({ length: 20 }, (_, index) => `s${index}`);
      await Promise.all(ids.map((id) => store.append(runId, [started(id)], { lease })));
      const seqs = (await store.readJournal(runId, 0)).map(({ seq }) => seq);
      expect(seqs).toEqual(ids.map((_, index) => index + 1));
    });
  });
}
