import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driveTestKills, type TestKillReport } from '@switchyard/api/test-kills';
import { startSimulator } from '@switchyard/simulator';
import { findPostgres } from '../scripts/tasks/find-postgres.mjs';
import { startPostgres } from '../scripts/tasks/start-postgres.mjs';
import type { BenchReport } from './harness/report.ts';

const kills = Number(process.env.BENCH_KILLS ?? 30);
const items = Number(process.env.BENCH_ITEMS ?? 300);
const seed = Number(process.env.BENCH_SEED ?? Date.now() % 1_000_000);

/** Servers are killed at random moments of tests: one on the embedded database, and two that share a Postgres server. */
export async function runTestKill(): Promise<BenchReport> {
  const rows: (readonly [string, TestKillReport])[] = [['one process, embedded database', await drive(1, undefined)]];
  const programs = await findPostgres();
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  try {
    if (postgres) rows.push(['two processes, one Postgres server', await drive(2, postgres.url)]);
    else console.error('No Postgres on this machine: two processes were not tried.');
  } finally {
    await postgres?.stop();
  }
  for (const [name, { violations }] of rows) for (const violation of violations) console.error(`${name}: ${violation}`);
  return {
    title: 'Tests of variants survive kill -9',
    method: `Servers are killed with SIGKILL at random moments (seed ${seed}) while they execute two paired tests of ${items} items and three variants, one of them a workflow of two steps, and are started again. One test goes to its last item, the other one to its cap. In the end answers, runs, money and books are compared.`,
    columns: ['setting', 'kills', 'answers', 'calls made again', 'violations'],
    rows: rows.map(([name, { kills: done, answers, askedAgain, violations }]) => [
      name,
      ...[done, answers, askedAgain, violations.length].map(String),
    ]),
    promises: [
      {
        text: `at least ${kills} kills each, with one process and with two`,
        isKept: rows.length === 2 && rows.every(([, report]) => report.kills >= kills),
      },
      {
        text: 'every item is answered exactly once per variant, the cap is overshot by what was in flight at the most, both tests conclude, the books balance',
        isKept: rows.every(([, { violations }]) => violations.length === 0),
      },
    ],
  };
}

async function drive(processes: number, databaseUrl: string | undefined): Promise<TestKillReport> {
  const simulator = await startSimulator({ speed: 8 });
  const dataDirs = await Promise.all(
    Array.from({ length: processes }, () => mkdtemp(join(tmpdir(), 'switchyard-bench-test-kill-'))),
  );
  try {
    return await driveTestKills({
      dataDirs,
      // Processes that share a database must share the secret that seals its credentials.
      environment: {
        SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      },
      simulatorBaseUrls: simulator.baseUrls,
      ...{ seed, kills, items, concurrency: 6, leaseMs: 1_500 },
      // About half of what the test would cost.
      capUsd: (items * 0.00003).toFixed(9),
      onProgress: (done, answers) =>
        console.error(`${processes} process(es): ${done} of ${kills} kills, ${answers} answers`),
    });
  } finally {
    await simulator.stop();
    for (const dataDir of dataDirs) await rm(dataDir, { recursive: true, force: true });
  }
}
