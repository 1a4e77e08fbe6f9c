import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@switchyard/simulator';
import { afterAll, expect, inject, test } from 'vitest';
import { driveTestKills } from '../../testing/drive-test-kills.ts';
import { createTestDatabase } from '../../testing/test-database.ts';

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const seed = Number(process.env.SWITCHYARD_TEST_SEED ?? Date.now() % 1_000_000);
const serverUrl = inject('testDatabaseUrl');
const processes = serverUrl === '' ? 1 : 2;

test(`kill -9 of ${processes} server(s) in the middle of tests of three variants: every item is answered once per variant, the cap holds, both tests conclude (seed ${seed})`, async () => {
  const simulator = await startSimulator({ speed: 20 });
  ends.push(() => simulator.stop());
  const dataDirs: string[] = [];
  for (let index = 0; index < processes; index += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-killed-tests-'));
    ends.push(() => rm(dataDir, { recursive: true, force: true }));
    await cp(inject('dataDirTemplate'), dataDir, { recursive: true });
    dataDirs.push(dataDir);
  }
  const database = serverUrl === '' ? undefined : await createTestDatabase(serverUrl, inject('databaseTemplate'));
  if (database) ends.push(() => database.drop());
  const report = await driveTestKills({
    dataDirs,
    ...(database && { environment: { DATABASE_URL: database.url } }),
    simulatorBaseUrls: simulator.baseUrls,
    ...{ seed, kills: 2, items: 14, capUsd: '0.0004', concurrency: 6, leaseMs: 1_000 },
  });
  expect(report.violations.join('\n')).toBe('');
  expect(report.kills).toBe(2);
}, 300_000);
