import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { defaultAdaptiveSettings } from './adaptive/adaptive-settings.ts';
import { emptyAdaptiveState } from './adaptive/adaptive-state.ts';
import { learnRewards } from './adaptive/learn-rewards.ts';
import { extractPromptFeatures } from './adaptive/prompt-features.ts';
import { planRoute } from './plan-route.ts';
import { balancedScore, scoreCriteria } from './score-criteria.ts';
import { criteria, defaultCriterionWeights, strategies } from './strategy.ts';
import { aModel, aRequest, aRule, aSnapshot, figures, priceOf } from './testing/routing-builders.ts';

const ids = ['a/1', 'a/2', 'b/1', 'b/2', 'c/1', 'c/2'];
const anyModel = (modelId: string) =>
  fc
    .record({
      vision: fc.boolean(),
      health: fc.constantFrom('healthy' as const, 'degraded' as const, 'down' as const, 'unknown' as const),
      price: fc.option(fc.integer({ min: 0, max: 50 })),
      latencyP50Ms: fc.option(fc.integer({ min: 1, max: 9_000 })),
      calls: fc.integer({ min: 0, max: 500 }),
      failed: fc.integer({ min: 0, max: 500 }),
      quality: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.integer({ min: 0, max: 5 }),
      inFlight: fc.integer({ min: 0, max: 20 }),
    })
    .map(({ vision, health, price, latencyP50Ms, calls, failed, quality, weight, inFlight }) => {
      const { price: _, ...unpriced } = aModel(modelId, {
        health,
        weight,
        inFlight,
        capabilities: { text: true, vision, tools: true, json: true, reasoning: true, streaming: true },
        measured: {
          calls,
          failedCalls: Math.min(calls, failed),
          quality: { mean: quality, standardError: 0.1, count: calls },
          ...(latencyP50Ms !== null && { latencyP50Ms }),
        },
      });
      return price === null ? unpriced : { ...unpriced, price: priceOf(String(price)) };
    });
const anyModels = fc.tuple(...ids.map(anyModel));
const anyLearned = fc
  .array(
    fc.record({
      modelId: fc.constantFrom(...ids),
      quality: fc.double({ min: 0, max: 1, noNaN: true }),
      prompt: fc.string(),
    }),
    { maxLength: 40 },
  )
  .map((rewards) =>
    learnRewards(
      emptyAdaptiveState,
      rewards.map(({ prompt, ...reward }) => ({
        ...reward,
        scopes: ['team'],
        features: extractPromptFeatures(prompt),
      })),
      defaultAdaptiveSettings,
    ),
  );
const anyCase = fc.record({
  models: anyModels,
  learned: anyLearned,
  algorithm: fc.constantFrom('contextual' as const, 'thompson' as const, 'epsilon-greedy' as const),
  strategy: fc.constantFrom(...strategies),
  allowed: fc.option(fc.subarray(ids)),
  wanted: fc.option(fc.subarray(ids)),
  denied: fc.subarray(ids),
  restricted: fc.option(fc.subarray(ids, { minLength: 1 })),
  needsVision: fc.boolean(),
  maxCostNanoUsd: fc.option(fc.bigInt({ min: 0n, max: 60_000_000n })),
  isStrict: fc.boolean(),
  seed: fc.integer(),
});

test('whatever the strategy, chance and what was learned: only what rules, limits and abilities allow is chosen', () => {
  fc.assert(
    fc.property(
      anyCase,
      ({
        models,
        learned,
        algorithm,
        strategy,
        allowed,
        wanted,
        denied,
        restricted,
        needsVision,
        maxCostNanoUsd,
        isStrict,
        seed,
      }) => {
        const rules = [
          aRule('true', { id: 'deny', actions: [{ type: 'deny', models: denied }] }),
          ...(restricted ? [aRule('true', { id: 'only', actions: [{ type: 'restrict', models: restricted }] })] : []),
        ];
        const adaptive = { ...defaultAdaptiveSettings, algorithm, explorationShare: 0.5 };
        const snapshot = aSnapshot(models, { learned, adaptive, rules });
        const request = aRequest({
          strategy,
          isStrict,
          needs: { vision: needsVision },
          features: extractPromptFeatures('Write a poem.'),
          ...(allowed && { allowedModels: allowed }),
          ...(wanted && { wantedModels: wanted }),
          ...(maxCostNanoUsd !== null && { constraints: { maxCostNanoUsd } }),
        });
        const plan = planRoute(request, snapshot, createSeededRandom(seed));
        for (const { modelId, maxCostNanoUsd: most } of plan.candidates) {
          const model = models.find((each) => each.modelId === modelId);
          expect(model?.health).not.toBe('down');
          if (needsVision) expect(model?.capabilities.vision).toBe(true);
          expect(denied).not.toContain(modelId);
          if (restricted) expect(restricted).toContain(modelId);
          if (allowed) expect(allowed).toContain(modelId);
          if (maxCostNanoUsd !== null) expect(most !== undefined && most <= maxCostNanoUsd).toBe(true);
        }
        const [first] = plan.candidates;
        if (first) expect(first.propensity).toBeGreaterThan(0);
        expect(new Set(plan.candidates.map(({ modelId }) => modelId)).size).toBe(plan.candidates.length);
        // The record of the decision is enough to make it again.
        expect(planRoute(request, snapshot, createSeededRandom(seed))).toEqual(plan);
      },
    ),
    { numRuns: 150 },
  );
});

test('propensities of one decision add up to 1', () => {
  fc.assert(
    fc.property(
      anyModels,
      anyLearned,
      fc.constantFrom('weighted' as const, 'balanced' as const, 'adaptive' as const),
      fc.integer(),
      (models, learned, strategy, seed) => {
        const plan = planRoute(aRequest({ strategy }), aSnapshot(models, { learned }), createSeededRandom(seed), {
          wantsAllPropensities: true,
        });
        if (plan.candidates.length === 0) return;
        const sum = plan.candidates.reduce((total, { propensity }) => total + (propensity ?? 0), 0);
        expect(Math.abs(sum - 1)).toBeLessThan(0.02);
      },
    ),
    { numRuns: 100 },
  );
});

test('a model that gets better at one thing is never overtaken by another for it', () => {
  const figuresOf = fc.record({
    latencyP50Ms: fc.integer({ min: 1, max: 9_000 }),
    price: fc.integer({ min: 0, max: 40 }),
    failedCalls: fc.integer({ min: 0, max: 300 }),
    quality: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const weights = fc.record({ cost: fc.nat(9), latency: fc.nat(9), quality: fc.nat(9), reliability: fc.nat(9) });
  fc.assert(
    fc.property(figuresOf, figuresOf, weights, fc.constantFrom(...criteria), (one, other, weight, criterion) => {
      const better = {
        latencyP50Ms: criterion === 'latency' ? one.latencyP50Ms / 2 : one.latencyP50Ms,
        price: criterion === 'cost' ? one.price / 2 : one.price,
        failedCalls: criterion === 'reliability' ? Math.floor(one.failedCalls / 2) : one.failedCalls,
        quality: criterion === 'quality' ? (one.quality + 1) / 2 : one.quality,
      };
      const leadOf = (own: typeof one) => {
        const snapshot = aSnapshot(
          [own, other].map(({ price, quality, ...rest }, index) =>
            aModel(`m/${index}`, {
              price: priceOf(String(price)),
              measured: figures({ ...rest, quality: { mean: quality, standardError: 0.1, count: 9 } }),
            }),
          ),
        );
        const eligible = snapshot.models.map((compiled) => ({
          compiled,
          estimates: compiled.overall,
          group: 0,
          substituteFor: undefined,
        }));
        const [first, second] = scoreCriteria(eligible, aRequest()).map((model) => balancedScore(model, weight));
        return (first ?? 0) - (second ?? 0);
      };
      // No lead is lost.
      if (leadOf(one) >= 0) expect(leadOf(better)).toBeGreaterThanOrEqual(-1e-12);
    }),
  );
  expect(defaultCriterionWeights.cost).toBeGreaterThan(0);
});
