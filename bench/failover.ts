import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { startChildServer } from './harness/child-server.ts';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const requests = Number(process.env.BENCH_REQUESTS ?? 600);
const load = 8;

/** How long the next attempt takes to reach its vendor once the failure is known: when the failed answer had been sent. */
export async function runFailover(): Promise<BenchReport> {
  const upstream = await startChildServer('upstream', {});
  const { origin } = new URL(upstream.url);
  const control = (method: string, path: string, body?: object) =>
    fetch(`${origin}/_control/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  // Not always: ten failures in a row would open the circuit, and nobody would ask the first model.
  await control('POST', 'faults', { kind: 'error', status: 503, vendor: 'openai', probability: 0.3 });
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const path = join(folder, 'switchyard.yaml');
  await writeFile(path, configuration(upstream.url, `${origin}/anthropic`));
  const server = await startChildServer('switchyard', {
    SWITCHYARD_CONFIG: path,
    BENCH_KEY: 'bench',
    SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com',
    SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password',
    SWITCHYARD_INIT_API_KEY: apiKey,
    SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
  });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });
  const ask = (index: number) =>
    client.chat.completions.create({
      model: 'resilient',
      messages: [{ role: 'user', content: `question ${index} .` }],
    });
  for (let index = 0; index < 50; index += 1) await ask(index);
  const rows = [];
  let worst = 0;
  for (const connections of [1, load]) {
    await control('DELETE', 'requests');
    let next = 0;
    const work = async () => {
      while (next < requests) await ask(next++);
    };
    await Promise.all(Array.from({ length: connections }, work));
    const gaps = readGaps((await (await control('GET', 'requests')).json()) as LoggedCall[]);
    worst = Math.max(worst, quantile(gaps, 0.99));
    rows.push([
      `${connections} at a time`,
      String(gaps.length),
      formatMs(quantile(gaps, 0.5)),
      formatMs(quantile(gaps, 0.99)),
      formatMs(quantile(gaps, 1)),
    ]);
  }
  await server.stop();
  await upstream.stop();
  await rm(folder, { recursive: true, force: true });
  return {
    title: 'From a failure to the next attempt',
    method: `A chain of two models; the first answers 503 to three requests in ten and is not retried. Measured at the vendors (the simulator's log, whole milliseconds): from the end of the failed answer to the arrival of the next attempt, so two trips through the network stack are included. Client, server and vendors are processes of their own on two cores. ${requests} requests each.`,
    columns: ['load', 'failovers', 'p50', 'p99', 'longest'],
    rows,
    promises: [{ text: 'the next attempt starts ≤ 20 ms after the failure is known (p99)', isKept: worst <= 20 }],
  };
}

function configuration(primaryUrl: string, fallbackUrl: string): string {
  const provider = (id: string, type: string, url: string) =>
    `  - { id: ${id}, type: ${type}, base_url: "${url}", api_key: "\${BENCH_KEY}", allow_private_network: true }`;
  return [
    'version: 1',
    'defaults: { retry: { max_attempts: 1 }, circuit: { min_errors: 1000 } }',
    'providers:',
    provider('primary', 'openai', primaryUrl),
    provider('fallback', 'anthropic', fallbackUrl),
    'chains:',
    '  resilient: [primary/gpt-4o-mini, fallback/claude-haiku-4-5]',
    '',
  ].join('\n');
}

interface LoggedCall {
  readonly vendor: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly body: unknown;
}

/** Pairs both calls of one request by the question in their bodies. */
function readGaps(calls: readonly LoggedCall[]): number[] {
  const questionOf = ({ body }: LoggedCall) => /question (\d+) \./.exec(JSON.stringify(body))?.[1] ?? '';
  const failedAt = new Map<string, number>();
  for (const call of calls) {
    if (call.vendor === 'openai' && call.endedAt !== null) failedAt.set(questionOf(call), call.endedAt);
  }
  return calls
    .filter(({ vendor }) => vendor === 'anthropic')
    .map((call) => call.startedAt - (failedAt.get(questionOf(call)) ?? Number.NaN))
    .filter((gap) => !Number.isNaN(gap));
}
