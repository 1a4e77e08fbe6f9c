import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, readSettings, type StartedServer } from '@switchyard/api';
import { startSimulator } from '@switchyard/simulator';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';

type Services = StartedServer['services'];
type Step = Readonly<Record<string, unknown>>;

const chainLength = 20;
const chainRuns = Number(process.env.BENCH_RUNS ?? 30);
const runsAtOnce = Number(process.env.BENCH_RUNS_AT_ONCE ?? 200);
const ask = (id: string, prompt: string, vendor = 'openai/gpt-4o-mini'): Step => ({
  id,
  type: 'prompt',
  models: [{ model: vendor, parameters: { maxOutputTokens: 60 } }],
  prompt,
});

/** What the engine of workflows costs: per step, for three models side by side, and for others while 200 runs go on. */
export async function runWorkflowOverhead(): Promise<BenchReport> {
  const simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const environment = {
    ...process.env,
    PORT: '0',
    SWITCHYARD_INIT_OWNER_EMAIL: 'bench@example.com',
    SWITCHYARD_INIT_OWNER_PASSWORD: 'bench-password',
  };
  const server = createApiServer(readSettings(environment, dataDir), { simulatorBaseUrls: simulator.baseUrls });
  const { services } = await server.start();
  const runner = new Runner(services, (await services.prisma.team.findFirstOrThrow()).id);
  try {
    const overheads = await measureChains(runner);
    const transforms = await measureTransforms(runner);
    simulator.control.updateSettings({
      speed: 1,
      overrides: [
        { vendor: 'openai', ttftMs: 300, tokensPerSecond: 100_000 },
        { vendor: 'anthropic', ttftMs: 600, tokensPerSecond: 100_000 },
        { vendor: 'google', ttftMs: 900, tokensPerSecond: 100_000 },
      ],
    });
    const sideBySide = await measureSideBySide(runner);
    simulator.control.updateSettings({
      speed: 1,
      overrides: [
        { vendor: 'openai', ttftMs: 300, tokensPerSecond: 200 },
        { vendor: 'anthropic', ttftMs: 100, tokensPerSecond: 50 },
      ],
    });
    const alone = await measureStream(runner, 0);
    const crowded = await measureStream(runner, runsAtOnce);
    const row = (what: string, values: readonly number[]) => [
      what,
      ...[0.5, 0.95].map((share) => formatMs(quantile(values, share))),
    ];
    const slowest = quantile(sideBySide.slowest, 0.5);
    const whole = quantile(sideBySide.whole, 0.5);
    return {
      title: 'What the engine of workflows adds',
      method: `Server with the embedded database and the simulator in one process. Per step: ${chainRuns} runs of ${chainLength} prompt steps one after the other, the time of a run without the latencies of its calls, divided by its steps; the same for steps without calls. Side by side: one step that asks three providers of 300, 600 and 900 ms. Stream: gaps between the events of one run that writes 50 tokens a second, alone and while ${runsAtOnce} runs of three steps go on; all of these were started at once and ended after ${formatMs(crowded.allEndedMs)}.`,
      columns: ['what', 'p50', 'p95'],
      rows: [
        row('engine per prompt step', overheads),
        row('engine per transform step', transforms),
        row('three providers: slowest call', sideBySide.slowest),
        row('three providers: the step', sideBySide.whole),
        row('gap in a stream, alone', alone.gaps),
        row(`gap in a stream, ${runsAtOnce} runs beside it`, crowded.gaps),
      ],
      promises: [
        { text: 'at most 15 ms per step (p50)', isKept: quantile(overheads, 0.5) <= 15 },
        {
          text: 'a step with three providers takes as long as the slowest: at most 60 ms more, not the sum',
          isKept: whole <= slowest + 60,
        },
        {
          text: `${runsAtOnce} runs at once all complete, and no gap in a stream is longer than 2 s`,
          isKept: crowded.completed === runsAtOnce && Math.max(...crowded.gaps) <= 2_000,
        },
      ],
    };
  } finally {
    await server.stop();
    await simulator.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

class Runner {
  readonly services: Services;
  readonly teamId: string;
  #count = 0;

  constructor(services: Services, teamId: string) {
    this.services = services;
    this.teamId = teamId;
  }

  async publish(steps: readonly Step[]): Promise<string> {
    const { prisma, ids } = this.services;
    this.#count += 1;
    const name = `bench-${this.#count}`;
    const [id, at] = [ids.next('wfl'), new Date()];
    const { teamId } = this;
    const positions = {};
    await prisma.workflow.create({
      data: { id, teamId, name, publishedVersion: 1, positions, createdAt: at, updatedAt: at },
    });
    const definition = JSON.stringify({ format: 1, name, steps });
    await prisma.workflowVersion.create({
      data: { id: ids.next('wfv'), teamId, workflowId: id, version: 1, definition, publishedAt: at },
    });
    return name;
  }

  async start(name: string): Promise<string> {
    const { teamId } = this;
    const scopes = new Set(['READ', 'RUN', 'MANAGE'] as const);
    const identity = {
      teamId,
      accessRole: 'OWNER',
      scopes,
      userId: undefined,
      apiKeyId: undefined,
      subject: 'bench',
    } as const;
    return (await this.services.runs.start(identity, { workflow: { name }, inputs: {}, source: 'api' })).id;
  }

  async finish(runId: string) {
    const run = await this.services.runs.wait(this.teamId, runId, {});
    const journal = await this.services.runParts.journal.readJournal(runId, 0);
    const latencies = journal.flatMap((event) => (event.type === 'output-completed' ? [event.answer.latencyMs] : []));
    const first = journal[0]?.atMs ?? 0;
    return { run, durationMs: (journal.at(-1)?.atMs ?? 0) - first, latencies };
  }
}

async function measureChains(runner: Runner): Promise<readonly number[]> {
  const steps = Array.from({ length: chainLength }, (_, index) =>
    ask(`s${index}`, index === 0 ? 'Say something.' : `Say it again: {{ steps.s${index - 1}.output }}`),
  );
  const name = await runner.publish(steps);
  const overheads: number[] = [];
  for (let run = 0; run < chainRuns + 3; run += 1) {
    const { durationMs, latencies } = await runner.finish(await runner.start(name));
    const calls = latencies.reduce((sum, each) => sum + each, 0);
    // The first ones warm up threads and caches.
    if (run >= 3) overheads.push((durationMs - calls) / chainLength);
  }
  return overheads;
}

async function measureTransforms(runner: Runner): Promise<readonly number[]> {
  const steps = Array.from({ length: chainLength }, (_, index) => ({
    id: `s${index}`,
    type: 'transform',
    template: index === 0 ? 'Something.' : `{{ steps.s${index - 1}.output | upcase }}`,
  }));
  const name = await runner.publish(steps);
  const durations: number[] = [];
  for (let run = 0; run < chainRuns; run += 1) {
    const { durationMs } = await runner.finish(await runner.start(name));
    durations.push(durationMs / chainLength);
  }
  return durations;
}

async function measureSideBySide(runner: Runner) {
  const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'];
  const name = await runner.publish([
    {
      id: 'a',
      type: 'prompt',
      strategy: 'parallel',
      models: models.map((model) => ({ model })),
      prompt: 'Say something.',
    },
  ]);
  const slowest: number[] = [];
  const whole: number[] = [];
  for (let run = 0; run < 10; run += 1) {
    const { durationMs, latencies } = await runner.finish(await runner.start(name));
    slowest.push(Math.max(...latencies));
    whole.push(durationMs);
  }
  return { slowest, whole };
}

/** Gaps between the arrivals of events of one long answer, while `count` other runs go on. */
async function measureStream(runner: Runner, count: number) {
  const { services, teamId } = runner;
  const small = await runner.publish([
    ask('a', 'Say something.'),
    ask('b', '{{ steps.a.output }}'),
    ask('c', '{{ steps.b.output }}'),
  ]);
  const long = await runner.publish([
    {
      id: 'a',
      type: 'prompt',
      models: [{ model: 'anthropic/claude-haiku-4-5', parameters: { maxOutputTokens: 600 } }],
      prompt: 'Write a long essay of 1000 words about the tides of the oceans.',
    },
  ]);
  const watched = await runner.start(long);
  const beganMs = performance.now();
  const others = Array.from({ length: count }, () => runner.start(small));
  const gaps: number[] = [];
  let lastMs: number | undefined;
  for await (const event of services.runs.follow(teamId, watched, 0, new AbortController().signal)) {
    if (event.type !== 'output-delta') continue;
    const nowMs = performance.now();
    if (lastMs !== undefined) gaps.push(nowMs - lastMs);
    lastMs = nowMs;
  }
  const ended = await Promise.all(others.map(async (starting) => services.runs.wait(teamId, await starting, {})));
  const completed = ended.filter(({ state }) => state === 'completed').length;
  return { gaps, completed, allEndedMs: performance.now() - beganMs };
}
