import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, readSettings, type StartedServer } from '@switchyard/api';
import { startSimulator } from '@switchyard/simulator';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';

type Services = StartedServer['services'];
type CallRecord = Parameters<Services['callRecords']['record']>[0];

const apiKey = 'sk-bench-0123456789abcdef';
const perSecond = Number(process.env.INGEST_PER_SECOND ?? 2_000);
const seconds = Number(process.env.INGEST_SECONDS ?? 20);
const heap = Number(process.env.INGEST_HEAP ?? 20_000);
/** Between two of the calls whose latency is watched. */
const probeEveryMs = 50;
const tickMs = 10;

/** How many call records a server with the embedded database takes in, and whether calls notice. */
export async function runMetricsIngest(): Promise<BenchReport> {
  const simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const environment = {
    ...{ PORT: '0', LOG_LEVEL: 'error', SWITCHYARD_INIT_API_KEY: apiKey },
    ...{ SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com', SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password' },
  };
  const server = createApiServer(readSettings(environment, dataDir), { simulatorBaseUrls: simulator.baseUrls });
  const { url, services } = await server.start();
  try {
    const { id: teamId } = await services.prisma.team.findFirstOrThrow();
    await probe(url, 2_000);
    const stored = () => services.prisma.callRecord.count({ where: { providerId: 'ingest' } });

    const heapBegan = performance.now();
    for (let index = 0; index < heap; index += 1)
      services.callRecords.record(makeRecord(teamId, `heap_${index}`, index));
    await services.callRecords.flush();
    const heapPerSecond = heap / ((performance.now() - heapBegan) / 1_000);
    const heapStored = await stored();
    await rolledUp(services);

    const alone = await probe(url, seconds * 1_000);
    const watching = probe(url, seconds * 1_000);
    const { made, mostWaiting } = await ingest(services, teamId);
    const beside = await watching;
    await services.callRecords.flush();
    const lost = heap + made - (await stored());
    const row = (what: string, values: readonly number[]) => [
      what,
      ...[0.5, 0.95, 0.99].map((share) => formatMs(quantile(values, share))),
    ];
    const added = quantile(beside, 0.5) - quantile(alone, 0.5);
    const addedTail = quantile(beside, 0.95) - quantile(alone, 0.95);
    return {
      title: 'Taking in call records',
      method: `One server with the embedded database, its workers (rollups, health, rules) and the simulator in one process. ${heap} records handed over at once were stored at ${heapPerSecond.toFixed(0)} a second. Then ${perSecond} a second for ${seconds} s (${made} records, at most ${mostWaiting} waiting in memory), while every ${probeEveryMs} ms a client calls \`/v1/chat/completions\` and reads the answer of a model without delay; before it the same calls without the records. The client shares the two cores.`,
      columns: ['call through `/v1`', 'p50', 'p95', 'p99'],
      rows: [row('without records', alone), row(`beside ${perSecond} records a second`, beside)],
      promises: [
        {
          text: `at least ${perSecond} calls/s are stored (${heapPerSecond.toFixed(0)}/s)`,
          isKept: heapPerSecond >= perSecond,
        },
        { text: `none is lost (${lost} of ${heap + made})`, isKept: lost === 0 && heapStored === heap },
        {
          text: `the memory does not fill: at most half of the 50,000 records that it takes wait (${mostWaiting})`,
          isKept: mostWaiting <= 25_000,
        },
        {
          text: `calls hardly notice: p50 at most 1 ms more (${added.toFixed(2)} ms), p95 at most 5 ms more (${addedTail.toFixed(2)} ms)`,
          isKept: added <= 1 && addedTail <= 5,
        },
      ],
    };
  } finally {
    await server.stop();
    await simulator.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves when the server's own worker has added up everything that is stored, at the latest after half a minute. */
async function rolledUp({ prisma }: Services): Promise<void> {
  for (let tries = 0; tries < 120 && (await prisma.callRecordBatch.count()) > 0; tries += 1) await waitMs(250);
}

/** Hands over records at an even pace, catching up on what a late timer left. */
async function ingest(services: Services, teamId: string): Promise<{ made: number; mostWaiting: number }> {
  const began = performance.now();
  let made = 0;
  let mostWaiting = 0;
  for (let elapsedMs = 0; elapsedMs < seconds * 1_000; elapsedMs = performance.now() - began) {
    const due = Math.floor((elapsedMs / 1_000) * perSecond);
    for (; made < due; made += 1) services.callRecords.record(makeRecord(teamId, `paced_${made}`, made));
    mostWaiting = Math.max(mostWaiting, services.callRecords.backlog.waiting);
    await waitMs(tickMs);
  }
  return { made, mostWaiting };
}

/** Calls for so long, one call after the other, and answers how long each took from its due time on. */
async function probe(url: string, forMs: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  const began = performance.now();
  for (let index = 0; index * probeEveryMs < forMs; index += 1) {
    const dueMs = began + index * probeEveryMs;
    await waitMs(dueMs - performance.now());
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'openai/gpt-4o-mini',
        messages: [{ role: 'user', content: 'How does a railway switch work?' }],
        max_completion_tokens: 60,
      }),
    });
    if (!response.ok) throw new Error(`A call was refused: ${await response.text()}`);
    await response.arrayBuffer();
    latencies.push(performance.now() - dueMs);
  }
  return latencies;
}

/** Varies in everything that is grouped by, as traffic does. */
function makeRecord(teamId: string, name: string, index: number): CallRecord {
  const isFailed = index % 17 === 0;
  return {
    id: `call_${name}`,
    teamId,
    source: index % 2 === 0 ? 'openai-compatible' : 'complete',
    attempt: 1,
    providerId: 'ingest',
    modelId: `ingest/model-${index % 12}`,
    origin: 'simulated',
    outcome: isFailed ? 'failed' : 'succeeded',
    ...(isFailed && { errorKind: 'overloaded' as const }),
    role: `role-${index % 6}`,
    workflowId: `workflow-${index % 20}`,
    stepId: `step-${index % 5}`,
    tags: [`tag-${index % 20}`],
    taskClass: `class-${index % 8}`,
    usage: { inputTokens: 100 + (index % 900), outputTokens: 50 + (index % 400) },
    costNanoUsd: BigInt(10_000 + (index % 9_000)),
    startedAtMs: Date.now(),
    latencyMs: 400 + (index % 3_000),
    timeToFirstTokenMs: 100 + (index % 700),
  };
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
