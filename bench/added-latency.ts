import { startChildServer } from './harness/child-server.ts';
import { type LoadResult, type LoadTarget, runLoad } from './harness/load.ts';
import { runPacedLoad } from './harness/paced-load.ts';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const connections = 32;
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const prompt = 'Explain how a railway switch works.';
/** Short answers are asked for in one piece when nobody reads them while they are written. */
const maxOutputTokens = 512;
const graphBody = JSON.stringify({
  query:
    'mutation Ask($input: CompleteInput!) { complete(input: $input) { __typename ... on CompleteSuccess { text costUsd usage { inputTokens outputTokens } } ... on UserError { code message } } }',
  variables: { input: { model: 'openai/gpt-5-mini', prompt, parameters: { maxOutputTokens } } },
});

interface Measured {
  readonly target: LoadTarget;
  readonly full: LoadResult[];
  readonly half: LoadResult[];
}

/** What Switchyard adds to a call, and how much of a bare server's throughput it keeps. */
export async function runAddedLatency(): Promise<BenchReport> {
  const upstream = await startChildServer('upstream', {});
  const bare = await startChildServer('bare', { UPSTREAM_URL: upstream.url });
  const bareStream = await startChildServer('bare', { UPSTREAM_URL: upstream.url, STREAM: '1' });
  const switchyard = await startChildServer('switchyard', {
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: upstream.url,
    SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com',
    SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password',
    SWITCHYARD_INIT_API_KEY: apiKey,
    SWITCHYARD_GRAPH_BUCKET_POINTS: '1000000000',
    SWITCHYARD_GRAPH_RESTORE_PER_SECOND: '1000000000',
    SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
  });
  const portkey = await startChildServer('portkey', {});
  const bareBody = JSON.stringify({ prompt });
  const chatBody = (model: string) =>
    JSON.stringify({
      model,
      messages: [{ role: 'user', content: prompt }],
      max_completion_tokens: maxOutputTokens,
    });
  const candidates: Measured[] = [
    { name: 'bare server, whole answer', url: bare.url, headers: {}, body: bareBody },
    { name: 'bare server, streamed answer', url: bareStream.url, headers: {}, body: bareBody },
    {
      name: 'Switchyard `complete`',
      url: `${switchyard.url}/graphql`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: graphBody,
    },
    {
      name: 'Switchyard `/v1/chat/completions`',
      url: `${switchyard.url}/v1/chat/completions`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: chatBody('openai/gpt-5-mini'),
    },
    {
      name: '`@portkey-ai/gateway` `/v1/chat/completions`',
      url: `${portkey.url}/v1/chat/completions`,
      headers: {
        authorization: 'Bearer bench',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': upstream.url,
      },
      body: chatBody('gpt-5-mini'),
    },
  ].map((target) => ({ target, full: [], half: [] }));

  for (const { target } of candidates) await runLoad(target, { connections, seconds: 2 });
  for (let round = 0; round < rounds; round += 1) {
    for (const { target, full } of candidates) full.push(await runLoad(target, { connections, seconds }));
  }
  // Half of what the slowest can do: everybody gets the same pace, and nobody a queue.
  const rate = Math.floor(Math.min(...candidates.map(({ full }) => median(full, 'requestsPerSecond'))) / 2);
  for (let round = 0; round < rounds; round += 1) {
    for (const { target, half } of candidates) half.push(await runPacedLoad(target, { rate, seconds }));
  }
  await Promise.all([upstream, bare, bareStream, switchyard, portkey].map((server) => server.stop()));
  return report(candidates, rate);
}

type Five = [Measured, Measured, Measured, Measured, Measured];

function median(results: readonly LoadResult[], key: keyof LoadResult): number {
  return quantile(
    results.map((result) => result[key]),
    0.5,
  );
}

function report(candidates: readonly Measured[], rate: number): BenchReport {
  const [bare, , ours, entrance, portkey] = candidates as Five;
  const share = (measured: Measured) =>
    median(measured.full, 'requestsPerSecond') / median(bare.full, 'requestsPerSecond');
  const added = (measured: Measured, key: 'p50' | 'p99') => median(measured.half, key) - median(bare.half, key);
  const failures = candidates
    .flatMap(({ full, half }) => [...full, ...half])
    .reduce((sum, result) => sum + result.failures, 0);
  return {
    title: 'Added latency and throughput of `complete`',
    method: `Upstream: the simulator with a fixed 15-word answer and no delay. Every server is a process of its own on the same machine; ${connections} connections; medians of ${rounds} interleaved rounds of ${seconds} s. "Half load" is ${rate} requests/s for everyone, half of what the slowest can do, evenly paced and measured from the moment each was due; the load generator, the upstream and the server share the two cores. Both bare servers call the official \`openai\` SDK with its default fetch; the answer is limited to 512 tokens, so Switchyard asks the vendor for it in one piece. Failed requests in all runs: ${failures}.`,
    columns: ['server', 'requests/s', 'share of bare', 'p50 full', 'p50 half', 'p99 half', 'added p50', 'added p99'],
    rows: candidates.map((measured) => [
      measured.target.name,
      median(measured.full, 'requestsPerSecond').toFixed(0),
      `${(share(measured) * 100).toFixed(0)} %`,
      formatMs(median(measured.full, 'p50')),
      formatMs(median(measured.half, 'p50')),
      formatMs(median(measured.half, 'p99')),
      measured === bare ? '–' : formatMs(added(measured, 'p50')),
      measured === bare ? '–' : formatMs(added(measured, 'p99')),
    ]),
    promises: [
      { text: 'throughput ≥ 80 % of the bare server', isKept: share(ours) >= 0.8 },
      { text: 'throughput ≥ 80 % of the bare server through `/v1`', isKept: share(entrance) >= 0.8 },
      {
        text: 'more requests/s than Portkey through `/v1`',
        isKept: median(entrance.full, 'requestsPerSecond') > median(portkey.full, 'requestsPerSecond'),
      },
      {
        text: 'less added latency than Portkey through `/v1` (p50 at half load)',
        isKept: added(entrance, 'p50') < added(portkey, 'p50'),
      },
      { text: 'added latency p50 ≤ 1 ms at half load', isKept: added(ours, 'p50') <= 1 },
      { text: 'added latency p99 ≤ 5 ms at half load', isKept: added(ours, 'p99') <= 5 },
      { text: 'added latency through `/v1`: p50 ≤ 1 ms', isKept: added(entrance, 'p50') <= 1 },
      { text: 'added latency through `/v1`: p99 ≤ 5 ms', isKept: added(entrance, 'p99') <= 5 },
    ],
  };
}
