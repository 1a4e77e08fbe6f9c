import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ChildServer, startChildServer } from './harness/child-server.ts';
import { type BenchReport, formatMs } from './harness/report.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const lanes = 4;
const sizes = (process.env.BENCH_SUBSCRIBERS ?? '1,100,1000').split(',').map(Number);

interface Figures {
  readonly delivered: number;
  readonly gaps: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

interface Row extends Figures {
  readonly subscribers: number;
  readonly memoryBefore: number;
  readonly memoryAfter: number;
}

/** One comparison of four lanes that write 100 tokens a second each, watched by more and more subscribers. */
export async function runFanOut(): Promise<BenchReport> {
  const upstream = await startChildServer('streaming-upstream', { ANSWER_WORDS: '1200' });
  const server = await startChildServer('switchyard', {
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: upstream.url,
    SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com',
    SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password',
    SWITCHYARD_INIT_API_KEY: apiKey,
    SWITCHYARD_SOCKETS_PER_IDENTITY: '5000',
    SWITCHYARD_SOCKETS_PER_ADDRESS: '5000',
    SWITCHYARD_GRAPH_BUCKET_POINTS: '1000000000',
    SWITCHYARD_GRAPH_RESTORE_PER_SECOND: '1000000000',
    SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
  });
  const rows: Row[] = [];
  for (const subscribers of sizes) {
    const memoryBefore = residentMegabytes(server.pid);
    const figures = await watch(server, subscribers);
    rows.push({ ...figures, subscribers, memoryBefore, memoryAfter: residentMegabytes(server.pid) });
  }
  await Promise.all([server.stop(), upstream.stop()]);
  const last = rows.at(-1);
  return {
    title: 'Fan-out of one comparison to many subscribers',
    method: `One comparison of ${lanes} lanes at 100 tokens/s each (about 100 events/s); the subscribers are graphql-ws sockets in a process of their own on the same two cores, and join while it runs. Lag: from the event's own time, before it is stored, to its receipt. A server that cannot keep up makes fewer, larger events, which the lag does not show: see "events each".`,
    columns: [
      'subscribers',
      'events each',
      'deliveries',
      'deliveries/s',
      'lag p50',
      'lag p99',
      'gaps',
      'server memory before',
      'after',
    ],
    rows: rows.map((row) => [
      String(row.subscribers),
      (row.delivered / row.subscribers).toFixed(0),
      String(row.delivered),
      (row.delivered / row.seconds).toFixed(0),
      formatMs(row.p50),
      formatMs(row.p99),
      String(row.gaps),
      `${row.memoryBefore} MB`,
      `${row.memoryAfter} MB`,
    ]),
    promises: [
      { text: 'every subscriber gets every event once and in order', isKept: rows.every((row) => row.gaps === 0) },
      {
        text: 'events come as often to the most subscribers as to one (at least 90 %)',
        isKept: eventsEach(last) >= 0.9 * eventsEach(rows[0]),
      },
      {
        text: '1,000 subscribers: at least 20,000 deliveries/s',
        isKept: last !== undefined && last.delivered / last.seconds >= 20_000,
      },
      { text: '1,000 subscribers: lag p99 ≤ 100 ms', isKept: last !== undefined && last.p99 <= 100 },
    ],
  };
}

function eventsEach(row: Row | undefined): number {
  return row ? row.delivered / row.subscribers : Number.NaN;
}

async function watch(server: ChildServer, subscribers: number): Promise<Figures> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({
      query:
        'mutation($input: StartComparisonInput!) { startComparison(input: $input) { ... on StartComparisonSuccess { comparison { id } } ... on UserError { message } } }',
      variables: {
        input: { prompt: 'Write for a long time.', models: Array.from({ length: lanes }, () => 'openai/gpt-4.1-mini') },
      },
    }),
  });
  const { data } = (await response.json()) as { data: { startComparison: { comparison: { id: string } } } };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'servers/subscribers.ts')], {
    env: {
      GRAPH_URL: `${server.url}/graphql`,
      API_KEY: apiKey,
      COMPARISON_ID: data.startComparison.comparison.id,
      SUBSCRIBERS: String(subscribers),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('figures ')) resolve(JSON.parse(line.slice('figures '.length)));
    });
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`The subscribers ended with ${code}.`));
    });
  });
}

function residentMegabytes(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
