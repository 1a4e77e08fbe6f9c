import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driveRunKills, type RunKillReport } from '@switchyard/api/run-kills';
import { startSimulator } from '@switchyard/simulator';
import { findPostgres } from '../scripts/tasks/find-postgres.mjs';
import { startPostgres } from '../scripts/tasks/start-postgres.mjs';
import type { BenchReport } from './harness/report.ts';

const points = Number(process.env.BENCH_POINTS ?? 200);
const seed = Number(process.env.BENCH_SEED ?? Date.now() % 1_000_000);

/** Servers are killed at random moments of runs: one on the embedded database, and two that share a Postgres server. */
export async function runWorkflowKill(): Promise<BenchReport> {
  const rows: (readonly [string, RunKillReport])[] = [['one process, embedded database', await drive(1, undefined)]];
  const programs = await findPostgres();
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  try {
    if (postgres) rows.push(['two processes, one Postgres server', await drive(2, postgres.url)]);
    else console.error('No Postgres on this machine: two processes were not tried.');
  } finally {
    await postgres?.stop();
  }
  for (const [name, { violations }] of rows) for (const violation of violations) console.error(`${name}: ${violation}`);
  const isAll = (holds: (report: RunKillReport) => boolean) => rows.every(([, report]) => holds(report));
  return {
    title: 'Runs of workflows survive kill -9',
    method: `Servers are killed with SIGKILL at random moments (seed ${seed}) while they execute runs of clarify, plan, generate (two models side by side), a map over five entries, and review, and are started again; a point is one run that had not ended at a kill. In the end everything is executed to its end, and journals, books and what resuming subscribers saw are compared.`,
    columns: [
      'setting',
      'kills',
      'points',
      'runs',
      'calls that ended',
      'calls cut off and made again',
      'events delivered',
      'violations',
    ],
    rows: rows.map(([name, report]) => [
      name,
      ...[report.kills, report.points, report.runs, report.endedCalls, report.cutCalls, report.deliveredEvents].map(
        String,
      ),
      String(report.violations.length),
    ]),
    promises: [
      {
        text: `at least ${points} points each, with one process and with two`,
        isKept: rows.length === 2 && isAll((report) => report.points >= points),
      },
      {
        text: 'every run completes, no call that ended is made again, subscribers lose and double nothing, the books balance',
        isKept: isAll((report) => report.violations.length === 0),
      },
    ],
  };
}

async function drive(processes: number, databaseUrl: string | undefined): Promise<RunKillReport> {
  const simulator = await startSimulator({ speed: 8 });
  const dataDirs = await Promise.all(
    Array.from({ length: processes }, () => mkdtemp(join(tmpdir(), 'switchyard-bench-kill-'))),
  );
  try {
    return await driveRunKills({
      dataDirs,
      // Processes that share a database must share the secret that seals its credentials.
      environment: {
        SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      },
      simulatorBaseUrls: simulator.baseUrls,
      seed,
      points,
      runsAtOnce: 8,
      leaseMs: 1_500,
      onProgress: (done) => console.error(`${processes} process(es): ${done} of ${points} points`),
      onChecked: (runs, ofRuns) => {
        if (runs % 20 === 0 || runs === ofRuns)
          console.error(`${processes} process(es): ${runs} of ${ofRuns} runs checked`);
      },
    });
  } finally {
    await simulator.stop();
    for (const dataDir of dataDirs) await rm(dataDir, { recursive: true, force: true });
  }
}
