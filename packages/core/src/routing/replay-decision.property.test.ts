import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { defaultAdaptiveSettings } from './adaptive/adaptive-settings.ts';
import { emptyAdaptiveState } from './adaptive/adaptive-state.ts';
import { learnRewards } from './adaptive/learn-rewards.ts';
import { extractPromptFeatures } from './adaptive/prompt-features.ts';
import { askedInNeed, withLoad } from './compile-snapshot.ts';
import type { DecisionBasis, DecisionRecord } from './decision-record.ts';
import { planRoute } from './plan-route.ts';
import { BeliefRecorder } from './record-beliefs.ts';
import { replayDecision } from './replay-decision.ts';
import type { RoutePlan } from './route-plan.ts';
import type { RouteRequest } from './route-request.ts';
import { circuitOpen } from './routing-snapshot.ts';
import type { RoutingRule, RuleAction } from './rules/routing-rule.ts';
import { readSnapshot, writeSnapshot } from './stored-snapshot.ts';
import { strategies } from './strategy.ts';
import { aModel, aRequest, aRule, aSnapshot, priceOf } from './testing/routing-builders.ts';

const ids = Array.from({ length: 12 }, (_, index) => `${'abc'[index % 3]}/${index}`);
const anyId = fc.constantFrom(...ids);
const someIds = fc.subarray(ids);
const algorithms = ['contextual', 'thompson', 'epsilon-greedy'] as const;
const share = fc.double({ min: 0, max: 1, noNaN: true });

const anyFigures = fc
  .record({
    calls: fc.nat(500),
    failed: fc.nat(500),
    latencyP50Ms: fc.option(fc.double({ min: 1, max: 9_000, noNaN: true }), { nil: undefined }),
    mean: share,
    outputTokensMean: fc.option(fc.nat(3_000), { nil: undefined }),
  })
  .map(({ calls, failed, latencyP50Ms, mean, outputTokensMean }) => ({
    calls,
    failedCalls: Math.min(calls, failed),
    ...(latencyP50Ms !== undefined && { latencyP50Ms }),
    ...(outputTokensMean !== undefined && { outputTokensMean }),
    quality: { mean, standardError: 0.1, count: calls },
  }));
const anyModel = (modelId: string) =>
  fc
    .record({
      vision: fc.boolean(),
      health: fc.constantFrom('healthy' as const, 'degraded' as const, 'down' as const, 'unknown' as const),
      price: fc.option(fc.nat(50)),
      measured: fc.option(anyFigures),
      summary: fc.option(anyFigures),
      weight: fc.nat(5),
      isCircuitOpen: fc.boolean(),
      retiresOn: fc.option(fc.constantFrom('2020-01-01', '2030-01-01')),
    })
    .map(({ vision, health, price, measured, summary, weight, isCircuitOpen, retiresOn }) => {
      const { price: _, ...unpriced } = aModel(modelId, {
        catalogId: `catalog/${modelId}`,
        equivalents: [`catalog/${ids[(ids.indexOf(modelId) + 3) % ids.length]}`],
        health,
        weight,
        capabilities: { text: true, vision, tools: true, json: true, reasoning: true, streaming: true },
        ...(health === 'down' && { healthReason: isCircuitOpen ? circuitOpen : 'switched off' }),
        ...(measured && { measured }),
        ...(summary && { measuredByTaskClass: { summary } }),
        ...(retiresOn !== null && { retiresOn }),
      });
      return price === null ? unpriced : { ...unpriced, price: priceOf(String(price)) };
    });
const anyAction: fc.Arbitrary<RuleAction> = fc.oneof(
  fc.record({ type: fc.constantFrom('restrict', 'deny', 'prefer', 'pin'), models: someIds }),
  fc.record({ type: fc.constant('strategy' as const), strategy: fc.constantFrom(...strategies) }),
  fc.record({ type: fc.constant('cap-cost' as const), maxCostUsd: fc.constantFrom('0', '0.004', '5') }),
  fc.constant({ type: 'strict' as const }),
);
const anyRule: fc.Arbitrary<RoutingRule> = fc
  .record({
    when: fc.constantFrom(
      'true',
      'request.inputTokens > 500',
      'request.tags[0] == "x"',
      'time.weekday == 2 && time.hour > 15',
      'load.inFlight > 5',
      'models["a/0"].latencyP95Ms > 10.0',
      'models["a/0"].health == "down"',
      'budgets["daily"].usedShare > 0.5',
      'request.rolle == ""',
    ),
    actions: fc.array(anyAction, { maxLength: 2 }),
    isFinal: fc.boolean(),
    isEnabled: fc.boolean(),
  })
  .map(({ when, ...changes }) => aRule(when, changes));
const anyLearned = fc.record({
  algorithm: fc.constantFrom(...algorithms),
  rewards: fc.array(fc.record({ modelId: anyId, quality: share, prompt: fc.string() }), { maxLength: 80 }),
});
const anyRequest: fc.Arbitrary<RouteRequest> = fc
  .record({
    strategy: fc.option(fc.constantFrom(...strategies)),
    inputTokens: fc.nat(120_000),
    maxOutputTokens: fc.nat(5_000),
    taskClass: fc.option(fc.constantFrom('summary', 'other')),
    prompt: fc.option(fc.string()),
    wantedModels: fc.option(fc.array(fc.oneof(anyId, fc.constant('openai/gpt-5'), fc.constant('nobody/knows')))),
    allowedModels: fc.option(someIds),
    maxCostNanoUsd: fc.option(fc.bigInt({ min: 0n, max: 60_000_000n })),
    isStrict: fc.boolean(),
    lastModelId: fc.option(anyId),
    remark: fc.option(fc.constant('Something was said.')),
  })
  .map(({ prompt, maxCostNanoUsd, lastModelId, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
    return aRequest({
      ...given,
      ...(prompt !== null && { features: extractPromptFeatures(prompt) }),
      ...(maxCostNanoUsd !== null && { constraints: { maxCostNanoUsd } }),
      ...(lastModelId !== null && { session: { id: 's', lastModelId } }),
    });
  });
const anyCase = fc.record({
  models: fc.tuple(...ids.map(anyModel)),
  rules: fc.array(anyRule, { maxLength: 4 }),
  learned: anyLearned,
  request: anyRequest,
  load: fc.array(fc.nat(20), { minLength: ids.length, maxLength: ids.length }),
  isLoaded: fc.boolean(),
  isInNeed: fc.boolean(),
  usedShare: share,
  seed: fc.nat(4_294_967_295),
});

/** What comes back from the database: plain JSON, but for the money, which has a test of its own. */
const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

type Case = typeof anyCase extends fc.Arbitrary<infer Value> ? Value : never;

function decide({ models, rules, learned, request, load, isLoaded, isInNeed, usedShare, seed }: Case) {
  const adaptive = { ...defaultAdaptiveSettings, algorithm: learned.algorithm, explorationShare: 0.2 };
  const rewards = learned.rewards.map(({ prompt, ...reward }) => ({
    ...reward,
    scopes: ['team#summary', 'team'],
    features: extractPromptFeatures(prompt),
  }));
  const base = aSnapshot(models, {
    rules,
    adaptive,
    learned: learnRewards(emptyAdaptiveState, rewards, adaptive),
    budgets: [{ name: 'daily', usedShare }],
    timeZone: 'Asia/Kathmandu',
    defaultStrategy: 'adaptive',
  });
  const counts = new Map(load.map((inFlight, index) => [ids[index] ?? '', inFlight]));
  const loaded = isLoaded ? withLoad(base, counts) : base;
  const snapshot = isInNeed ? askedInNeed(loaded) : loaded;
  const recorder = new BeliefRecorder();
  const plan = planRoute(request, snapshot, createSeededRandom(seed), { recorder });
  const { beliefs } = recorder;
  const basis: DecisionBasis = { load: snapshot.load, isInNeed: snapshot.isInNeed, ...(beliefs && { beliefs }) };
  const record: DecisionRecord = { id: 'dec', request, plan, seed };
  return { snapshot, record, basis };
}

test('whatever models, rules, load, learning and chance there were: the stored decision is made again to the same result', () => {
  fc.assert(
    fc.property(anyCase, (each) => {
      const { snapshot, record, basis } = decide(each);
      const stored = readSnapshot(throughJson(writeSnapshot(snapshot.origin)));
      const replay = replayDecision(record, throughJson(basis), stored);
      expect(replay.differences).toEqual([]);
      expect(replay.isSame).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('a snapshot is written as the same text for as long as nothing but load, learning and its version changes', () => {
  fc.assert(
    fc.property(anyCase, (each) => {
      const { snapshot } = decide(each);
      const { origin } = snapshot;
      const texts = writeSnapshot(origin);
      const busier = origin.models.map((model) => ({ ...model, inFlight: model.inFlight + 1 }));
      expect(
        writeSnapshot({ ...origin, models: busier, version: 'v2', builtAtMs: 7, learned: emptyAdaptiveState }),
      ).toEqual(texts);
      const [first, ...others] = origin.models;
      const slower = first && { ...first, measured: { calls: 9_999, failedCalls: 0 } };
      const measured = writeSnapshot({ ...origin, models: slower ? [slower, ...others] : others });
      expect(measured.frame).toBe(texts.frame);
      expect(measured.figures).not.toBe(texts.figures);
    }),
    { numRuns: 30 },
  );
});

test('a decision that was tampered with, or a snapshot of another time, shows where it differs', () => {
  const snapshot = aSnapshot([aModel('a/1', { price: priceOf('1') }), aModel('b/1', { price: priceOf('9') })]);
  const request = aRequest({ strategy: 'cost-first' });
  const plan = planRoute(request, snapshot, createSeededRandom(7));
  const basis: DecisionBasis = { load: {}, isInNeed: false };
  const stored = readSnapshot(writeSnapshot(snapshot.origin));
  const turned: RoutePlan = { ...plan, candidates: plan.candidates.toReversed() };
  const tampered = replayDecision({ id: 'dec', request, plan: turned, seed: 7 }, basis, stored);
  expect(tampered.isSame).toBe(false);
  expect(tampered.differences[0]).toEqual({ field: 'candidates.0.modelId', stored: '"b/1"', replayed: '"a/1"' });
  const dearer = { ...stored, models: stored.models.map((model) => ({ ...model, price: priceOf('2') })) };
  const other = replayDecision({ id: 'dec', request, plan, seed: 7 }, basis, dearer);
  expect(other.differences.map(({ field }) => field)).toContain('candidates.0.expectedCostNanoUsd');
});

test('texts of another version, and parts of different snapshots, are refused', () => {
  const one = writeSnapshot(aSnapshot([aModel('a/1')]).origin);
  const two = writeSnapshot(aSnapshot([aModel('a/1'), aModel('b/1')]).origin);
  expect(() => readSnapshot({ frame: one.frame, figures: two.figures })).toThrow(RangeError);
  expect(() => readSnapshot({ ...one, frame: one.frame.replace('"version":1', '"version":2') })).toThrow(/version/);
});
