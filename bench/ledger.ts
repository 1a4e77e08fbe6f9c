import { startChildServer } from './harness/child-server.ts';
import { type LoadResult, type LoadTarget, runLoad } from './harness/load.ts';
import { runPacedLoad } from './harness/paced-load.ts';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';

const apiKey = 'sk-bench-0123456789abcdef';
const connections = 32;
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const models = ['openai/gpt-5-mini', 'openai/gpt-4o'] as const;

interface Subject {
  readonly name: string;
  readonly targets: readonly LoadTarget[];
  readonly full: LoadResult[];
  readonly half: LoadResult[];
}

/** What reservation and settlement add to a call, and whether unrelated budgets hold each other up. */
export async function runLedger(): Promise<BenchReport> {
  const upstream = await startChildServer('upstream', {});
  const start = () =>
    startChildServer('switchyard', {
      OPENAI_API_KEY: 'bench',
      OPENAI_BASE_URL: upstream.url,
      SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com',
      SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password',
      SWITCHYARD_INIT_API_KEY: apiKey,
      SWITCHYARD_GRAPH_BUCKET_POINTS: '1000000000',
      SWITCHYARD_GRAPH_RESTORE_PER_SECOND: '1000000000',
      SWITCHYARD_SECRET: 'bench-secret-bench-secret-bench-secret',
    });
  // One server for each: budgets cannot be switched off without reloading them.
  const [off, one, three, apart] = [await start(), await start(), await start(), await start()];
  const all = { unit: 'COST', window: 'LIFETIME', limit: '1000000', scope: [] as object[] };
  await addBudgets(one.url, [{ ...all, name: 'One' }]);
  await addBudgets(three.url, [
    { ...all, name: 'Money' },
    { ...all, name: 'Tokens', unit: 'TOKENS', limit: '1000000000000', window: 'DAY' },
    { ...all, name: 'Calls', unit: 'REQUESTS', limit: '1000000000', window: 'MONTH' },
  ]);
  await addBudgets(
    apart.url,
    models.map((model) => ({ ...all, name: model, scope: [{ kind: 'MODEL', value: model }] })),
  );
  const subject = (name: string, url: string, used: readonly string[] = [models[0]]): Subject => ({
    name,
    targets: used.map((model) => targetOf(name, url, model)),
    full: [],
    half: [],
  });
  const subjects = [
    subject('no budget', off.url),
    subject('1 budget', one.url),
    subject('3 budgets', three.url),
    subject('two models on 1 budget', one.url, models),
    subject('two models on a budget each', apart.url, models),
  ];
  for (const { targets } of subjects) await loadAll(targets, 2);
  for (let round = 0; round < rounds; round += 1)
    for (const { targets, full } of subjects) full.push(await loadAll(targets, seconds));
  const rate = Math.floor(Math.min(...subjects.map(({ full }) => median(full, 'requestsPerSecond'))) / 2);
  for (let round = 0; round < rounds; round += 1)
    for (const { targets, half } of subjects)
      half.push(await runPacedLoad(targets[round % targets.length] as LoadTarget, { rate, seconds }));
  await Promise.all([upstream, off, one, three, apart].map((server) => server.stop()));
  return report(subjects, rate);
}

function targetOf(name: string, url: string, model: string): LoadTarget {
  const messages = [{ role: 'user', content: 'Explain how a railway switch works.' }];
  return {
    name,
    url: `${url}/v1/chat/completions`,
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model, messages, max_completion_tokens: 512 }),
  };
}

async function addBudgets(url: string, budgets: readonly object[]): Promise<void> {
  const query = `mutation ($input: CreateBudgetInput!) { createBudget(input: $input) { __typename
    ... on UserError { message } } }`;
  for (const input of budgets) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { data, errors } = (await response.json()) as {
      data?: { createBudget?: { __typename: string } };
      errors?: unknown;
    };
    if (data?.createBudget?.__typename !== 'CreateBudgetSuccess') throw new Error(JSON.stringify(errors ?? data));
  }
}

/** The connections are shared out among the targets, which are loaded at once. */
async function loadAll(targets: readonly LoadTarget[], forSeconds: number): Promise<LoadResult> {
  const share = Math.floor(connections / targets.length);
  const results = await Promise.all(
    targets.map((target) => runLoad(target, { connections: share, seconds: forSeconds })),
  );
  const sum = (key: 'requestsPerSecond' | 'failures') => results.reduce((total, result) => total + result[key], 0);
  const worst = (key: 'p50' | 'p99') => Math.max(...results.map((result) => result[key]));
  return {
    requestsPerSecond: sum('requestsPerSecond'),
    p50: worst('p50'),
    p99: worst('p99'),
    failures: sum('failures'),
  };
}

function median(results: readonly LoadResult[], key: keyof LoadResult): number {
  return quantile(
    results.map((result) => result[key]),
    0.5,
  );
}

function report(subjects: readonly Subject[], rate: number): BenchReport {
  const [off, one, three, together, apart] = subjects as [Subject, Subject, Subject, Subject, Subject];
  const added = (subject: Subject, key: 'p50' | 'p99') => median(subject.half, key) - median(off.half, key);
  const throughput = ({ full }: Subject) => median(full, 'requestsPerSecond');
  const failures = subjects
    .flatMap(({ full, half }) => [...full, ...half])
    .reduce((sum, result) => sum + result.failures, 0);
  return {
    title: 'What the ledger adds to a call',
    method: `\`/v1/chat/completions\` on the embedded database, one server for each row, against the simulator with a fixed answer and no delay: the same calls without a budget and with hard budgets that all count them. ${connections} connections; medians of ${rounds} interleaved rounds of ${seconds} s; "half" is ${rate} requests/s for everyone, evenly paced. "Unrelated": two models loaded at once, on one budget for both and on one each. Failed requests in all runs: ${failures}.`,
    columns: ['server', 'requests/s', 'share of no budget', 'p50 half', 'p99 half', 'added p50', 'added p99'],
    rows: subjects.map((subject) => [
      subject.name,
      throughput(subject).toFixed(0),
      `${((throughput(subject) / throughput(off)) * 100).toFixed(0)} %`,
      formatMs(median(subject.half, 'p50')),
      formatMs(median(subject.half, 'p99')),
      subject === off ? '–' : formatMs(added(subject, 'p50')),
      subject === off ? '–' : formatMs(added(subject, 'p99')),
    ]),
    promises: [
      { text: '1 budget adds ≤ 1 ms p50 at half load', isKept: added(one, 'p50') <= 1 },
      { text: '3 budgets add ≤ 1 ms p50 at half load', isKept: added(three, 'p50') <= 1 },
      {
        text: 'unrelated budgets do not hold each other up: at least 90 % of the throughput on one budget',
        isKept: throughput(apart) >= 0.9 * throughput(together),
      },
    ],
  };
}
