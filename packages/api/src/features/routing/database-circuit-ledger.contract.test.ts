import { setTimeout as sleep } from 'node:timers/promises';
import { describeCircuitLedgerContract } from '@switchyard/core/testing';
import { afterAll, beforeAll } from 'vitest';
import { RecordingLog } from '../../testing/recording-log.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { DatabaseCircuitLedger } from './database-circuit-ledger.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isWithoutSimulator: true });
});
afterAll(() => server.stop());

describeCircuitLedgerContract('database', async () => {
  const { prisma } = server.services;
  await prisma.circuitMessage.deleteMany();
  await prisma.circuitClaim.deleteMany();
  const log = new RecordingLog();
  const ledgers: DatabaseCircuitLedger[] = [];
  return {
    connect: (onRemote) => {
      const ledger = new DatabaseCircuitLedger({ prisma, instanceId: `srv_${ledgers.length}`, log, onRemote });
      ledgers.push(ledger);
      return ledger;
    },
    settle: async () => {
      await Promise.all(ledgers.map((ledger) => ledger.flush()));
      // Twice: what was heard already is not told again.
      for (const ledger of [...ledgers, ...ledgers]) await ledger.poll();
    },
    pass: (ms) => sleep(ms),
    close: async () => {},
  };
});
