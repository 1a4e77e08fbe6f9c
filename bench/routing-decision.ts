import { createSeededRandom } from '@switchyard/core/kernel';
import {
  compileSnapshot,
  defaultAdaptiveSettings,
  defaultCriterionWeights,
  emptyAdaptiveState,
  extractPromptFeatures,
  learnRewards,
  planRoute,
  type RoutedModel,
  type RouteRequest,
  type RoutingRule,
  type RoutingSnapshot,
  type Strategy,
} from '@switchyard/core/routing';
import { type BenchReport, formatMs, quantile } from './harness/report.ts';

const modelCount = 100;
const ruleCount = 50;
const decisions = Number(process.env.BENCH_DECISIONS ?? 20_000);
const warmUp = 3_000;
/** What else the machine does disturbs a round or two, not the median of them. */
const roundCount = 5;
const measured: readonly Strategy[] = ['manual', 'weighted', 'cost-first', 'latency-first', 'balanced', 'adaptive'];

interface Row {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** How long one pure routing decision takes with a large team's snapshot. */
export async function runRoutingDecision(): Promise<BenchReport> {
  const snapshot = makeSnapshot();
  const requests = makeRequests();
  const rows = measured.map((strategy) => measure(strategy, snapshot, requests));
  const prompts = Array.from({ length: 500 }, (_, index) => makePrompt(index));
  const features = measureTimes('features of a prompt of 2,000 characters', prompts.length * 10, (index) => {
    extractPromptFeatures(prompts[index % prompts.length] ?? '');
  });
  return {
    title: 'One routing decision',
    method: `\`planRoute\` alone, in process: ${modelCount} models with prices and figures for three classes of task, ${ruleCount} rules (every tenth matches), all models eligible, full explanation. adaptive: contextual Thompson sampling, ${modelCount} models with 40 rewards each, features given. ${decisions} decisions each after ${warmUp} to warm up, one at a time, in ${roundCount} rounds; the figures are medians of the rounds.`,
    columns: ['strategy', 'p50', 'p99', 'decisions/s'],
    rows: [...rows, features].map((row) => [
      row.name,
      formatMicroseconds(row.p50),
      formatMicroseconds(row.p99),
      row.perSecond.toFixed(0),
    ]),
    promises: [
      ...rows.map((row) => ({ text: `${row.name}: p99 ≤ 0.2 ms (${formatMs(row.p99)})`, isKept: row.p99 <= 0.2 })),
    ],
  };
}

function measure(strategy: Strategy, snapshot: RoutingSnapshot, requests: readonly RouteRequest[]): Row {
  const random = createSeededRandom(1);
  return measureTimes(strategy, decisions, (index) => {
    planRoute({ ...(requests[index % requests.length] as RouteRequest), strategy }, snapshot, random);
  });
}

function measureTimes(name: string, count: number, run: (index: number) => void): Row {
  for (let index = 0; index < Math.min(warmUp, count); index++) run(index);
  const rounds = Array.from({ length: roundCount }, (_, round) => {
    const times: number[] = [];
    const startedAt = performance.now();
    for (let index = 0; index < count / roundCount; index++) {
      const before = performance.now();
      run(round * count + index);
      times.push(performance.now() - before);
    }
    return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), seconds: (performance.now() - startedAt) / 1_000 };
  });
  const median = (pick: (round: (typeof rounds)[number]) => number) => quantile(rounds.map(pick), 0.5);
  return {
    name,
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
    perSecond: count / roundCount / median(({ seconds }) => seconds),
  };
}

function makeSnapshot(): RoutingSnapshot {
  const random = createSeededRandom(7);
  const models = Array.from({ length: modelCount }, (_, index) => makeModel(index, random.next()));
  const rules = Array.from({ length: ruleCount }, (_, index) => makeRule(index));
  const rewards = Array.from({ length: modelCount * 40 }, (_, index) => ({
    scopes: ['team'],
    modelId: models[index % modelCount]?.modelId ?? '',
    features: extractPromptFeatures(makePrompt(index)),
    quality: random.next(),
  }));
  const learned = learnRewards(emptyAdaptiveState, rewards, defaultAdaptiveSettings);
  return compileSnapshot({
    version: '1',
    teamId: 'team',
    builtAtMs: 0,
    models,
    rules,
    timeZone: 'Europe/Berlin',
    budgets: [{ name: 'daily', usedShare: 0.4 }],
    defaultStrategy: 'balanced',
    weights: defaultCriterionWeights,
    adaptive: defaultAdaptiveSettings,
    learned,
  });
}

function makeModel(index: number, chance: number): RoutedModel {
  const figures = (shift: number) => ({
    calls: 500,
    failedCalls: index % 20,
    latencyP50Ms: 400 + 3_000 * chance + shift,
    latencyP95Ms: 2_000 + 6_000 * chance,
    timeToFirstTokenP50Ms: 200 + 500 * chance,
    outputTokensMean: 300 + shift,
    quality: { mean: 0.4 + 0.5 * chance, standardError: 0.02, count: 100 },
  });
  return {
    modelId: `provider-${index % 10}/model-${index}`,
    providerId: `provider-${index % 10}`,
    equivalents: [],
    capabilities: { text: true, vision: true, tools: true, json: true, reasoning: true, streaming: true },
    contextWindowTokens: 128_000,
    price: {
      price: { input: { perMillionUsd: `${1 + (index % 9)}` }, output: { perMillionUsd: `${4 + index}` } },
      source: 'bench',
    },
    health: 'healthy',
    inFlight: index % 7,
    measured: figures(0),
    measuredByTaskClass: { summary: figures(50), code: figures(100), chat: figures(150) },
  };
}

function makeRule(index: number): RoutingRule {
  const conditions = [
    `request.tags.exists(tag, tag == "tag-${index}") && request.inputTokens > ${index * 10}`,
    `models["provider-1/model-${(index * 10 + 1) % 100}"].latencyP95Ms > 20000.0`,
    `time.hour >= 0 && budgets["daily"].usedShare < 0.9 && request.role == "coder"`,
    `request.user.startsWith("user-${index}") || request.key == "key-${index}"`,
    `request.taskClass in ["class-${index}", "other"] && time.weekday < 6`,
  ];
  return {
    id: `rule-${index}`,
    name: `Rule ${index}`,
    isEnabled: true,
    when: index % 10 === 2 ? (conditions[2] ?? 'true') : (conditions[index % 5 === 2 ? 4 : index % 5] ?? 'true'),
    actions: [{ type: 'cap-cost', maxCostUsd: '5' }],
    isFinal: false,
  };
}

function makeRequests(): readonly RouteRequest[] {
  return Array.from({ length: 64 }, (_, index) => ({
    teamId: 'team',
    atMs: 1_700_000_000_000 + index * 60_000,
    role: 'coder',
    ...(index % 2 === 0 && { taskClass: ['summary', 'code', 'chat'][index % 3] ?? 'chat' }),
    tags: ['beta', 'eu'],
    keyId: 'key',
    userId: 'someone',
    features: extractPromptFeatures(makePrompt(index)),
    inputTokens: 500 + index,
    maxOutputTokens: 1_000,
  }));
}

function makePrompt(index: number): string {
  const words = ['write', 'a', 'function', 'that', 'sums', '3', 'numbers', 'what', 'is', 'the', 'capital', 'of'];
  return Array.from({ length: 350 }, (_, place) => words[(place * (index + 3) + index) % words.length]).join(' ');
}

function formatMicroseconds(ms: number): string {
  return `${(ms * 1_000).toFixed(0)} µs`;
}
