import { startChildServer } from './harness/child-server.ts';
import type { LoadTarget } from './harness/load.ts';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';
import { readStreams, type StreamSeen } from './harness/stream-load.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const firstTokenMs = 50;
const tokensPerSecond = 50;
const words = 250;
const few = 50;
const many = Number(process.env.BENCH_STREAMS ?? 500);

interface Measured {
  readonly target: LoadTarget;
  few: readonly StreamSeen[];
  many: readonly StreamSeen[];
}

/** What a gateway adds to a stream: until the first token, and how late tokens come when many streams run at once. */
export async function runStreaming(): Promise<BenchReport> {
  const environment = { ANSWER_WORDS: String(words), TOKENS_PER_SECOND: String(tokensPerSecond) };
  const upstream = await startChildServer('streaming-upstream', environment);
  const bare = await startChildServer('bare-stream', { UPSTREAM_URL: upstream.url });
  const portkey = await startChildServer('portkey', {});
  const switchyard = await startChildServer('switchyard', {
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: upstream.url,
    SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com',
    SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password',
    SWITCHYARD_INIT_API_KEY: apiKey,
    SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
  });
  const body = (model: string) =>
    JSON.stringify({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Explain how a railway switch works.' }],
    });
  const upstreamHeaders = { authorization: 'Bearer bench' };
  const portkeyHeaders = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream.url };
  const path = '/v1/chat/completions';
  const measured: Measured[] = [
    {
      name: 'upstream itself',
      url: `${upstream.url}/chat/completions`,
      headers: upstreamHeaders,
      body: body('gpt-4o-mini'),
    },
    { name: 'bare server', url: bare.url, headers: {}, body: body('gpt-4o-mini') },
    {
      name: 'Switchyard `/v1`',
      url: `${switchyard.url}${path}`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: body('openai/gpt-4o-mini'),
    },
    {
      name: '`@portkey-ai/gateway`',
      url: `${portkey.url}${path}`,
      headers: { ...upstreamHeaders, ...portkeyHeaders },
      body: body('gpt-4o-mini'),
    },
  ].map((target) => ({ target, few: [], many: [] }));
  for (const { target } of measured) await readStreams(target, 10, 100);
  for (const one of measured) one.few = await readStreams(one.target, few, 2_000);
  for (const one of measured) one.many = await readStreams(one.target, many, 2_000);
  await Promise.all([upstream, bare, portkey, switchyard].map((server) => server.stop()));
  return report(measured);
}

/** The 50th percentile of the time to the first token. */
function firstTokenOf(seen: readonly StreamSeen[]): number {
  return quantile(
    seen.map(({ arrivalsMs }) => arrivalsMs[0] ?? Number.NaN),
    0.5,
  );
}

/** Whether any stream came through. */
function hasAnswered({ many: seen }: Measured): boolean {
  return seen.some(({ isComplete }) => isComplete);
}

/** How late each chunk came against the upstream's even pace, in milliseconds. */
function lagsOf(seen: readonly StreamSeen[]): number[] {
  return seen.flatMap(({ arrivalsMs }) =>
    arrivalsMs.map((atMs, index) => atMs - firstTokenMs - (index * 1_000) / tokensPerSecond),
  );
}

function report(measured: readonly Measured[]): BenchReport {
  const [upstream, bare, ours, portkey] = measured as [Measured, Measured, Measured, Measured];
  const added = (one: Measured) => firstTokenOf(one.few) - firstTokenOf(upstream.few);
  const lag = (one: Measured) => quantile(lagsOf(one.many), 0.99);
  const rowOf = (one: Measured) => [
    one.target.name,
    formatMs(firstTokenOf(one.few)),
    one === upstream ? '–' : formatMs(added(one)),
    formatMs(quantile(lagsOf(one.many), 0.5)),
    formatMs(lag(one)),
    `${one.many.filter(({ isComplete }) => isComplete).length} of ${many}`,
  ];
  return {
    title: 'Streams through `/v1/chat/completions`',
    method: `Upstream: the simulator, first token after ${firstTokenMs} ms, then ${tokensPerSecond} tokens/s, ${words} words. Every server is a process of its own; reader, upstream and server share the two cores. Time to first token with ${few} streams at once; lag with ${many}: how late each chunk of text came against the even pace that the upstream was told to keep, so the upstream's own lateness (first row) is in every figure, and a server that joins two pieces into one looks one interval (20 ms) later. Portkey 1.15.2 answers every stream with a 500 on this machine ("TypeError: immutable"), so it has no figures.`,
    columns: [
      'server',
      'first token p50',
      'added',
      `lag p50 (${many} streams)`,
      `lag p99 (${many} streams)`,
      'complete',
    ],
    rows: measured.map((one) =>
      hasAnswered(one) ? rowOf(one) : [one.target.name, ...Array(4).fill('–'), `0 of ${many}`],
    ),
    promises: [
      { text: 'added time to first token p50 ≤ 2 ms', isKept: added(ours) <= 2 },
      { text: `${many} streams × ${tokensPerSecond} tokens/s: p99 lag ≤ 100 ms`, isKept: lag(ours) <= 100 },
      ...(hasAnswered(portkey)
        ? [{ text: 'adds less to the first token than Portkey', isKept: added(ours) < added(portkey) }]
        : []),
      { text: 'p99 lag below the bare server that uses the SDK iterator', isKept: lag(ours) < lag(bare) },
    ],
  };
}
