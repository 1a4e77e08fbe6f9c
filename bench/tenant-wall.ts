import { measureTenantWall, type WallFigures } from '@switchyard/api/tenant-wall';
import { findPostgres } from '../scripts/tasks/find-postgres.mjs';
import { startPostgres } from '../scripts/tasks/start-postgres.mjs';
import { type BenchReport, quantile } from './harness/report.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const operations = Number(process.env.BENCH_OPERATIONS ?? 2_000);
const mostPercent = 5;

/** What a second wall between teams costs a query: one in the database's client, and row-level security. */
export async function runTenantWall(): Promise<BenchReport> {
  const measured: (readonly [string, readonly WallFigures[]])[] = [
    ['embedded', await measureTenantWall(undefined, rounds, operations)],
  ];
  const programs = await findPostgres();
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  try {
    if (postgres) measured.push(['Postgres', await measureTenantWall(postgres.url, rounds, operations)]);
    else console.error('No Postgres on this machine: only the embedded database was measured.');
  } finally {
    await postgres?.stop();
  }
  const rows = measured.flatMap(([database, figures]) =>
    figures.map(({ operation, byKind }) => {
      const none = median(byKind.none);
      const added = (kind: 'client' | 'row-security') => ratios(byKind[kind], byKind.none);
      return { database, operation, none, client: added('client'), rowSecurity: added('row-security') };
    }),
  );
  const worst = (pick: (row: (typeof rows)[number]) => number) => Math.max(...rows.map(pick));
  const percent = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(1)} %`;
  const client = worst((row) => row.client);
  const rowSecurity = worst((row) => row.rowSecurity);
  return {
    title: 'What a second wall between teams costs a query',
    method: `Prisma on tables of 50 teams with 200 rows each, 8 operations at once, medians of ${rounds} interleaved rounds of ${operations}; what a wall adds is the median of the ratios within each round. Without a wall: the query's own condition on the team. Client: the extension of \`persistence/tenant-wall.ts\` within a request's scope. Row-level security: a policy on the table, a transaction for each query that sets role and team by \`set_config\`.`,
    columns: ['database', 'operation', 'without a wall', 'client adds', 'row-level security adds'],
    rows: rows.map((row) => [
      row.database,
      row.operation,
      `${row.none.toFixed(0)} µs`,
      percent(row.client),
      percent(row.rowSecurity),
    ]),
    promises: [
      {
        text: `the wall of the client adds less than ${mostPercent} % (at most ${percent(client)})`,
        isKept: client < mostPercent,
      },
      {
        text: `row-level security adds less than ${mostPercent} % (up to ${percent(rowSecurity)}); otherwise it is not used`,
        isKept: rowSecurity < mostPercent,
      },
    ],
  };
}

const median = (values: readonly number[]) => quantile(values, 0.5);

/** What one way takes longer than another, in percent: the median over the rounds. */
const ratios = (values: readonly number[], base: readonly number[]) =>
  (median(values.map((value, round) => value / (base[round] ?? Number.NaN))) - 1) * 100;
