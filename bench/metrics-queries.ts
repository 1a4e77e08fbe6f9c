import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, readSettings } from '@switchyard/api';
import { createSeededRandom } from '@switchyard/core/kernel';
import { findPostgres } from '../scripts/tasks/find-postgres.mjs';
import { startPostgres } from '../scripts/tasks/start-postgres.mjs';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';
import { dashboardQueries } from './metrics/dashboard-queries.ts';
import { generateCalls, generatedDays } from './metrics/generate-calls.ts';
import { findParent, measureProcessor } from './metrics/processor-time.ts';
import { timeRecords } from './metrics/time-records.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const calls = Number(process.env.METRICS_CALLS ?? 10_000_000);
const runs = Number(process.env.METRICS_RUNS ?? 60);
const isEmbedded = process.env.METRICS_DATABASE === 'embedded';
/** A server database to use in place of a new one; when it holds calls already, none are made. It is kept. */
const keptUrl = process.env.METRICS_DATABASE_URL;
const promiseMs = 100;
/** One query, once: until its answer, and the processor time of server, database and client meanwhile. */
interface Run {
  readonly tookMs: number;
  readonly processorMs: number;
}

const load = () => loadavg()[0]!.toFixed(1);
let loadBefore = '';

/** How long the questions of a dashboard take over many recorded calls, through the graph. */
export async function runMetricsQueries(): Promise<BenchReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const programs = isEmbedded || keptUrl ? undefined : await findPostgres();
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  const databaseUrl = keptUrl ?? postgres?.url;
  if (!isEmbedded && !databaseUrl) throw new Error('There is no Postgres server on this machine: install one first.');
  const server = createApiServer(
    readSettings(
      {
        ...{ PORT: '0', SWITCHYARD_SIMULATOR: 'off', LOG_LEVEL: 'error' },
        ...{ SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com', SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password' },
        ...{ SWITCHYARD_INIT_API_KEY: apiKey, SWITCHYARD_GRAPH_BUCKET_POINTS: '1000000000' },
        ...(databaseUrl && { DATABASE_URL: databaseUrl }),
      },
      dataDir,
    ),
  );
  try {
    const { url, services } = await server.start();
    const team = await services.prisma.team.findFirstOrThrow();
    const [last] = await services.prisma.$queryRaw<{ atMs: number | null }[]>`
      SELECT (extract(epoch FROM max("startedAt")) * 1000)::float8 AS "atMs" FROM call_record`;
    const nowMs = last?.atMs ?? Date.now();
    const began = performance.now();
    const say = (text: string) => console.error(`${((performance.now() - began) / 1000).toFixed(0)} s: ${text}`);
    if (last?.atMs == null) await generateCalls(services, { teamId: team.id, calls, nowMs }, say);
    const sizes = await services.prisma.$queryRawUnsafe<
      { rollups: number; rollupBytes: number; recordBytes: number }[]
    >(
      `SELECT (SELECT count(*) FROM metric_rollup)::float8 AS rollups,
        pg_total_relation_size('metric_rollup')::float8 AS "rollupBytes",
        pg_total_relation_size('call_record')::float8 AS "recordBytes"`,
    );
    const { random, ask } = { random: createSeededRandom(1), ask: asker(url) };
    const draw = { nowMs, pick: (count: number) => Math.floor(random.next() * count) };
    const runsOf = new Map<string, Run[]>(dashboardQueries.map(({ name }) => [name, []]));
    const [backend] = await services.prisma.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    const postmaster = isEmbedded || !backend ? undefined : findParent(backend.pid);
    loadBefore = load();
    // Kinds take turns, so that none has the caches for itself.
    for (let run = 0; run < runs + 2; run += 1) {
      for (const query of dashboardQueries) {
        const { value: tookMs, processorMs } = await measureProcessor(postmaster, () =>
          ask(query.document, query.variables(draw)),
        );
        if (run >= 2) runsOf.get(query.name)?.push({ tookMs, processorMs });
      }
      if (run % 20 === 0) say(`round ${run}`);
    }
    say('records themselves');
    const byColumns = new Map<string, number>();
    const recordsMs = new Map<string, number>();
    for (const { name, columns, days } of dashboardQueries) {
      const key = columns.join(', ');
      const perDayMs = byColumns.get(key) ?? (await timeRecords(services, columns, nowMs));
      byColumns.set(key, perDayMs);
      recordsMs.set(name, perDayMs * days);
    }
    return report(runsOf, recordsMs, sizes[0]!);
  } finally {
    await server.stop();
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function asker(url: string) {
  return async (query: string, variables: object): Promise<number> => {
    const began = performance.now();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const tookMs = performance.now() - began;
    if (text.includes('"errors"')) throw new Error(text.slice(0, 1_000));
    return tookMs;
  };
}

function report(
  runsOf: ReadonlyMap<string, readonly Run[]>,
  recordsMs: ReadonlyMap<string, number>,
  sizes: { readonly rollups: number; readonly rollupBytes: number; readonly recordBytes: number },
): BenchReport {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const rows = [...runsOf].map(([name, own]) => {
    const times = own.map(({ tookMs }) => tookMs);
    const processor = own.map(({ processorMs }) => processorMs);
    return {
      name,
      p50: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      max: Math.max(...times),
      processorP50: quantile(processor, 0.5),
      processorP95: quantile(processor, 0.95),
    };
  });
  const database = isEmbedded ? 'the embedded database' : 'a Postgres server with its default settings';
  return {
    title: `Dashboard queries over ${calls.toLocaleString('en')} recorded calls`,
    method: `What remains of ${calls.toLocaleString('en')} calls of one team over ${generatedDays} days by the product's own retention: records of 30 days, rollups of all. The last three days were written by SQL with random values and rolled up by the product's own worker; the days before are copies of these, records and rollups alike (\`bench/metrics/generate-calls.ts\`). On ${database} on the same machine: ${sizes.rollups.toLocaleString('en')} rollup rows, ${gigabytes(sizes.rollupBytes)} with index; the records ${gigabytes(sizes.recordBytes)}. Each kind of query ${runs} times with other values, in turns, after two turns that do not count; measured by the client through HTTP and GraphQL, all with percentiles of latency and time to first token, failures by kind, cost and tokens. "Processor": the time that server, database and client were on a processor meanwhile, background work included, which does not grow much when other programs keep the machine busy. "One by one": what one statement over the records themselves takes with the same groups and fewer figures, measured in the same run on one day of them and multiplied by the days that the query looks at. Load average of the machine: ${loadBefore} before, ${load()} after the queries.`,
    columns: ['query', 'p50', 'p95', 'slowest', 'processor p50', 'processor p95', 'one by one', 'times p50'],
    rows: rows.map(({ name, p50, p95, max, processorP50, processorP95 }) => {
      const plainMs = recordsMs.get(name) ?? Number.NaN;
      const measured = [p50, p95, max, processorP50, processorP95, plainMs].map(formatMs);
      return [name, ...measured, (plainMs / p50).toFixed(0)];
    }),
    promises: [
      { text: `every kind of query p95 ≤ ${promiseMs} ms`, isKept: rows.every(({ p95 }) => p95 <= promiseMs) },
    ],
  };
}
