import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import { FakeClock } from '@switchyard/core/testing';
import { expect, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { CallRecordWriter } from './call-record-writer.ts';
import { RecordSpill } from './record-spill.ts';

const record = (id: string): CallRecord => ({
  ...{ id, teamId: 'team_1', source: 'complete', attempt: 1, providerId: 'p', modelId: 'p/m', origin: 'live' },
  ...{ outcome: 'succeeded', usage: {}, startedAtMs: 0, latencyMs: 1 },
});

test('a flush writes what was recorded before it and does not wait for what is recorded meanwhile', async () => {
  let statements = 0;
  const settings = { folder: join(tmpdir(), 'switchyard-never-made'), maxBytes: 1, owner: 'srv' };
  const prisma = {
    $executeRaw: async () => {
      statements += 1;
      // Calls end without pause while the database writes.
      for (let n = 0; n < 600; n += 1) writer.record(record(`late_${statements}_${n}`));
      if (statements > 50) throw new Error('a flush without end');
    },
    $queryRaw: async () => [],
  } as unknown as PrismaClient;
  const writer = new CallRecordWriter(prisma, new FakeClock(), silentLog, new RecordSpill(settings, silentLog));
  for (let n = 0; n < 1_200; n += 1) writer.record(record(`early_${n}`));
  await writer.flush();
  expect(statements).toBe(3);
});
