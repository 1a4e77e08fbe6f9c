import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@switchyard/simulator';
import { afterAll, expect, inject, test } from 'vitest';
import { driveRunKills } from '../../testing/drive-run-kills.ts';
import { createTestDatabase } from '../../testing/test-database.ts';

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const seed = Number(process.env.SWITCHYARD_TEST_SEED ?? Date.now() % 1_000_000);
const serverUrl = inject('testDatabaseUrl');
const processes = serverUrl === '' ? 1 : 2;

test(`kill -9 of ${processes} server(s) in the middle of runs: all runs end, nothing is paid twice, no event is lost (seed ${seed})`, async () => {
  const simulator = await startSimulator({ speed: 8 });
  ends.push(() => simulator.stop());
  const dataDirs: string[] = [];
  for (let index = 0; index < processes; index += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-killed-runs-'));
    ends.push(() => rm(dataDir, { recursive: true, force: true }));
    await cp(inject('dataDirTemplate'), dataDir, { recursive: true });
    dataDirs.push(dataDir);
  }
  const database = serverUrl === '' ? undefined : await createTestDatabase(serverUrl, inject('databaseTemplate'));
  if (database) ends.push(() => database.drop());
  const report = await driveRunKills({
    dataDirs,
    ...(database && { environment: { DATABASE_URL: database.url } }),
    simulatorBaseUrls: simulator.baseUrls,
    seed,
    points: 6,
    runsAtOnce: 4,
    leaseMs: 1_000,
  });
  expect(report.violations.join('\n')).toBe('');
  expect(report.points).toBeGreaterThanOrEqual(6);
  expect(report.endedCalls).toBe(report.runs * 10);
}, 300_000);
