import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, readSettings } from '@switchyard/api';
import { createSeededRandom } from '@switchyard/core/kernel';
import { findPostgres } from '../scripts/tasks/find-postgres.mjs';
import { startPostgres } from '../scripts/tasks/start-postgres.mjs';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';
import { dashboardQueries } from './metrics/dashboard-queries.ts';
import { generateCalls, generatedDays } from './metrics/generate-calls.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const calls = Number(process.env.METRICS_CALLS ?? 10_000_000);
const runs = Number(process.env.METRICS_RUNS ?? 60);
const isEmbedded = process.env.METRICS_DATABASE === 'embedded';
const promiseMs = 100;

/** How long the questions of a dashboard take over many recorded calls, through the graph. */
export async function runMetricsQueries(): Promise<BenchReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const programs = isEmbedded ? undefined : await findPostgres();
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  if (!isEmbedded && !postgres) throw new Error('There is no Postgres server on this machine: install one first.');
  const server = createApiServer(
    readSettings(
      {
        ...{ PORT: '0', SWITCHYARD_SIMULATOR: 'off', LOG_LEVEL: 'error' },
        ...{ SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com', SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password' },
        ...{ SWITCHYARD_INIT_API_KEY: apiKey, SWITCHYARD_GRAPH_BUCKET_POINTS: '1000000000' },
        ...(postgres && { DATABASE_URL: postgres.url }),
      },
      dataDir,
    ),
  );
  try {
    const { url, services } = await server.start();
    const team = await services.prisma.team.findFirstOrThrow();
    const nowMs = Date.now();
    const began = performance.now();
    const say = (text: string) => console.error(`${((performance.now() - began) / 1000).toFixed(0)} s: ${text}`);
    await generateCalls(services, { teamId: team.id, calls, nowMs }, say);
    const sizes = await services.prisma.$queryRawUnsafe<
      { rollups: number; rollupBytes: number; recordBytes: number }[]
    >(
      `SELECT (SELECT count(*) FROM metric_rollup)::float8 AS rollups,
        pg_total_relation_size('metric_rollup')::float8 AS "rollupBytes",
        pg_total_relation_size('call_record')::float8 AS "recordBytes"`,
    );
    const { random, ask } = { random: createSeededRandom(1), ask: asker(url) };
    const draw = { nowMs, pick: (count: number) => Math.floor(random.next() * count) };
    const timesMs = new Map<string, number[]>(dashboardQueries.map(({ name }) => [name, []]));
    // Kinds take turns, so that none has the caches for itself.
    for (let run = 0; run < runs + 2; run += 1) {
      for (const query of dashboardQueries) {
        const tookMs = await ask(query.document, query.variables(draw));
        if (run >= 2) timesMs.get(query.name)?.push(tookMs);
      }
      if (run % 20 === 0) say(`round ${run}`);
    }
    return report(timesMs, sizes[0]!);
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
  timesMs: ReadonlyMap<string, readonly number[]>,
  sizes: { readonly rollups: number; readonly rollupBytes: number; readonly recordBytes: number },
): BenchReport {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const rows = [...timesMs].map(([name, times]) => ({
    name,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    max: Math.max(...times),
  }));
  const database = isEmbedded ? 'the embedded database' : 'a Postgres server with its default settings';
  return {
    title: `Dashboard queries over ${calls.toLocaleString('en')} recorded calls`,
    method: `What remains of ${calls.toLocaleString('en')} calls of one team over ${generatedDays} days by the product's own retention: records of 30 days, rollups of all. The last three days were written by SQL with random values and rolled up by the product's own worker; the days before are copies of these, records and rollups alike (\`bench/metrics/generate-calls.ts\`). On ${database} on the same machine: ${sizes.rollups.toLocaleString('en')} rollup rows, ${gigabytes(sizes.rollupBytes)} with index; the records ${gigabytes(sizes.recordBytes)}. Each kind of query ${runs} times with other values, in turns, after two turns that do not count; measured by the client through HTTP and GraphQL, all with percentiles of latency and time to first token, failures by kind, cost and tokens.`,
    columns: ['query', 'p50', 'p95', 'slowest'],
    rows: rows.map(({ name, p50, p95, max }) => [name, formatMs(p50), formatMs(p95), formatMs(max)]),
    promises: [
      { text: `every kind of query p95 ≤ ${promiseMs} ms`, isKept: rows.every(({ p95 }) => p95 <= promiseMs) },
    ],
  };
}
