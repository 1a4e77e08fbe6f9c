import { afterEach, describe, expect, test } from 'vitest';
import type { CircuitChange, CircuitLedger } from '../policies/index.ts';

/** A store that some replicas share. */
export interface CircuitLedgerSetup {
  /** One more replica; `onRemote` is what the ledger tells it. */
  connect(onRemote: (change: CircuitChange) => void): Promise<CircuitLedger> | CircuitLedger;
  /** Resolves when everything that was published has arrived. */
  settle(): Promise<void>;
  /** Lets at least so much time pass for the store. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of {@link CircuitLedger} must keep. `setUp` gives an empty store. */
export function describeCircuitLedgerContract(name: string, setUp: () => Promise<CircuitLedgerSetup>): void {
  describe(`${name}: contract of circuit ledgers`, () => {
    let setup: CircuitLedgerSetup | undefined;
    afterEach(async () => {
      await setup?.close();
      setup = undefined;
    });

    async function connectReplicas(count: number) {
      setup = await setUp();
      const { connect } = setup;
      const heard: CircuitChange[][] = Array.from({ length: count }, () => []);
      const ledgers = [];
      for (const changes of heard) ledgers.push(await connect.call(setup, (change) => void changes.push(change)));
      return { setup, heard, ledgers };
    }

    test('what one publishes reaches all others unchanged and in order, and not itself', async () => {
      const { setup, heard, ledgers } = await connectReplicas(3);
      const opened: CircuitChange = { key: 'a/x', from: 'closed', to: 'open', atMs: 1_000, probeAtMs: 26_000 };
      const closed: CircuitChange = { key: 'a/x', from: 'half-open', to: 'closed', atMs: 27_000 };
      ledgers[0]?.publish(opened);
      ledgers[0]?.publish(closed);
      await setup.settle();
      expect(heard).toEqual([[], [opened, closed], [opened, closed]]);
    });

    test('of all claims at once exactly one is granted; other keys have their own', async () => {
      const { ledgers } = await connectReplicas(3);
      const claims = Array.from({ length: 30 }, (_, index) => ledgers[index % 3]?.claimProbe('a/x', 60_000));
      expect((await Promise.all(claims)).filter(Boolean).length).toBe(1);
      expect(await ledgers[1]?.claimProbe('a/y', 60_000)).toBe(true);
    });

    test('a claim expires by itself, not before its time', async () => {
      const { setup, ledgers } = await connectReplicas(2);
      expect(await ledgers[0]?.claimProbe('a/x', 300)).toBe(true);
      expect(await ledgers[1]?.claimProbe('a/x', 300)).toBe(false);
      expect(await ledgers[0]?.claimProbe('a/x', 300)).toBe(false);
      await setup.pass(310);
      expect(await ledgers[1]?.claimProbe('a/x', 300)).toBe(true);
    });

    test('keys may hold any text', async () => {
      const { setup, heard, ledgers } = await connectReplicas(2);
      const key = "team_1:open'ai/gpt-5 «fast»:%/\\";
      ledgers[0]?.publish({ key, from: 'closed', to: 'open', atMs: 1, probeAtMs: 2 });
      await setup.settle();
      expect(heard[1]?.[0]?.key).toBe(key);
      expect(await ledgers[0]?.claimProbe(key, 1_000)).toBe(true);
      expect(await ledgers[1]?.claimProbe(key, 1_000)).toBe(false);
    });
  });
}
