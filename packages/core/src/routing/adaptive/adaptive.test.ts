import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import { planRoute } from '../plan-route.ts';
import { aModel, aRequest, aSnapshot, figures } from '../testing/routing-builders.ts';
import { defaultAdaptiveSettings } from './adaptive-settings.ts';
import {
  type AdaptiveState,
  emptyAdaptiveState,
  parseAdaptiveState,
  rebalanceAdaptiveState,
  serializeAdaptiveState,
} from './adaptive-state.ts';
import { type Arm, chooseByThompson, chooseGreedily, probabilityOfBest } from './choose-arm.ts';
import { compileContextualScope } from './compile-scope.ts';
import { learnRewards, type RewardObservation } from './learn-rewards.ts';
import { extractPromptFeatures, featureCount } from './prompt-features.ts';
import { sampleBeta, sampleGamma, sampleNormal } from './sample-distributions.ts';

const code = extractPromptFeatures('def parse(text):\n    return [int(x) for x in text.split(",")]\n# fix this');
const question = extractPromptFeatures('who sings the song about the yellow submarine');
const noFading = { ...defaultAdaptiveSettings, halfLifeRewards: Number.POSITIVE_INFINITY, detectsDrift: false };

function reward(modelId: string, quality: number, features = code): RewardObservation {
  return { scopes: ['team'], modelId, features, quality };
}

function repeat(count: number, observation: RewardObservation): readonly RewardObservation[] {
  return Array.from({ length: count }, () => observation);
}

test('the probability of being best agrees with what drawing gives', () => {
  const arms: readonly Arm[] = [
    { mean: 0.6, deviation: 0.05 },
    { mean: 0.55, deviation: 0.2 },
    { mean: 0.5, deviation: 0.001 },
    { mean: 0.62, deviation: 0 },
  ];
  const random = createSeededRandom(11);
  const wins = arms.map(() => 0);
  for (let draw = 0; draw < 20_000; draw++) {
    const { index } = chooseByThompson(arms, [0, 1, 2, 3], 0, random);
    wins[index] = (wins[index] ?? 0) + 1 / 20_000;
  }
  for (const [place, share] of wins.entries())
    expect(Math.abs(probabilityOfBest(arms, place) - share)).toBeLessThan(0.015);
});

test('ε-greedy reports exactly how likely its choice was', () => {
  const random = createSeededRandom(2);
  const choices = Array.from({ length: 20_000 }, () => chooseGreedily([0.1, 0.9, 0.2, 0.3], 0.2, random));
  for (const arm of [0, 1, 2, 3]) {
    const chosen = choices.filter(({ index }) => index === arm);
    expect(Math.abs(chosen.length / choices.length - (chosen[0]?.propensity ?? 0))).toBeLessThan(0.01);
  }
});

test('draws have the moments of their distributions', () => {
  const random = createSeededRandom(4);
  const mean = (draw: () => number) =>
    Array.from({ length: 20_000 }, draw).reduce((sum, value) => sum + value, 0) / 20_000;
  expect(mean(() => sampleNormal(random) ** 2)).toBeCloseTo(1, 1);
  expect(mean(() => sampleGamma(0.5, random))).toBeCloseTo(0.5, 1);
  expect(mean(() => sampleBeta(2, 6, random))).toBeCloseTo(0.25, 2);
});

test('the learner tells kinds of prompts apart without labels', () => {
  const learned = learnRewards(
    emptyAdaptiveState,
    [
      ...repeat(60, reward('a/coder', 0.9, code)),
      ...repeat(60, reward('a/coder', 0.2, question)),
      ...repeat(60, reward('b/scholar', 0.3, code)),
      ...repeat(60, reward('b/scholar', 0.8, question)),
    ],
    noFading,
  );
  const snapshot = aSnapshot([aModel('a/coder'), aModel('b/scholar')], {
    learned,
    adaptive: { ...noFading, explorationShare: 1e-9 },
  });
  const firstFor = (features: readonly number[]) =>
    planRoute(aRequest({ strategy: 'adaptive', features }), snapshot, createSeededRandom(1)).candidates[0]?.modelId;
  expect([firstFor(code), firstFor(question)]).toEqual(['a/coder', 'b/scholar']);
});

test('without any rating the slower model loses, and the words say why', () => {
  const models = [
    aModel('a/slow', { measured: figures({ latencyP50Ms: 60_000 }) }),
    aModel('b/fast', { measured: figures({ latencyP50Ms: 1_000 }) }),
  ];
  const adaptive = { ...defaultAdaptiveSettings, explorationShare: 1e-9 };
  const plan = planRoute(aRequest({ strategy: 'adaptive' }), aSnapshot(models, { adaptive }), createSeededRandom(3));
  expect(plan.explanation).toContain('b/fast chosen (learned): 98 % lower latency than a/slow');
});

test('after a reset the next choices are even again', () => {
  const learned = learnRewards(
    emptyAdaptiveState,
    [...repeat(300, reward('a/good', 1)), ...repeat(300, reward('b/bad', 0))],
    noFading,
  );
  const shareOfGood = (state: AdaptiveState) => {
    const snapshot = aSnapshot([aModel('a/good'), aModel('b/bad')], { learned: state });
    const random = createSeededRandom(8);
    const firsts = Array.from(
      { length: 400 },
      () => planRoute(aRequest({ strategy: 'adaptive', features: code }), snapshot, random).candidates[0],
    );
    return firsts.filter((first) => first?.modelId === 'a/good').length / firsts.length;
  };
  expect(shareOfGood(learned)).toBeGreaterThan(0.95);
  expect(Math.abs(shareOfGood(rebalanceAdaptiveState(learned, 'team')) - 0.5)).toBeLessThan(0.1);
});

test('a new model is believed to be like the others, moved by its tier', () => {
  const scope = compileContextualScope(
    learnRewards(emptyAdaptiveState, repeat(200, reward('a/known', 0.8)), noFading).scopes.get('team'),
  );
  const features = Float64Array.from(code);
  expect(scope.expect('b/new', 0.7, features)).toBeGreaterThan(scope.expect('b/new', 0.45, features));
  expect(scope.expect('b/new', 0.55, features)).toBeCloseTo(0.8, 1);
  expect(scope.deviate('b/new', features)).toBeGreaterThan(scope.deviate('a/known', features));
});

test('a model that collapses makes its scope forget and look again', () => {
  const before = learnRewards(
    emptyAdaptiveState,
    repeat(400, { ...reward('a/fine', 0.9), expectedQuality: 0.9 }),
    defaultAdaptiveSettings,
  );
  expect(before.scopes.get('team')?.drifts).toBe(0);
  const after = learnRewards(
    before,
    repeat(20, { ...reward('a/fine', 0.1), expectedQuality: 0.9 }),
    defaultAdaptiveSettings,
  );
  expect(after.scopes.get('team')?.drifts).toBe(1);
  expect(after.scopes.get('team')?.arms.get('a/fine')?.count).toBeLessThan(60);
});

test('a state read back from text is the same state', () => {
  const state = learnRewards(
    emptyAdaptiveState,
    [reward('a/1', 0.123), reward('b/2', 0.7, question)],
    defaultAdaptiveSettings,
  );
  expect(parseAdaptiveState(serializeAdaptiveState(state))).toEqual(state);
});

test('a later rating replaces the earlier one of the same decision', () => {
  const once = learnRewards(emptyAdaptiveState, [reward('a/1', 0.2)], noFading);
  const corrected = learnRewards(once, [{ ...reward('a/1', 0.9), replacesQuality: 0.2 }], noFading);
  const arm = corrected.scopes.get('team')?.arms.get('a/1');
  expect(arm?.count).toBe(1);
  expect(arm?.qualitySum).toBeCloseTo(0.9);
});

test.each([Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY])('a quality of %s is refused', (quality) => {
  expect(() => learnRewards(emptyAdaptiveState, [reward('a/1', quality)], defaultAdaptiveSettings)).toThrow(
    'from 0 to 1',
  );
});

test('any text gives a vector of finite numbers of the fixed length, the same each time', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.option(fc.string(), { nil: undefined }),
      (text, taskClass) => {
        const features = extractPromptFeatures(text, taskClass);
        expect(features).toHaveLength(featureCount);
        expect(features.every((value) => Number.isFinite(value) && Math.abs(value) < 20)).toBe(true);
        expect(extractPromptFeatures(text, taskClass)).toEqual(features);
      },
    ),
    { numRuns: 100 },
  );
});

test('a word that is trusted half counts half, also through text and after the map was made', () => {
  const [good, bad] = [reward('a', 1), reward('a', 0)];
  const half = (observation: RewardObservation) => ({ ...observation, weight: 0.5 });
  const state = learnRewards(emptyAdaptiveState, [good, ...repeat(2, half(bad))], noFading);
  const arm = parseAdaptiveState(serializeAdaptiveState(state)).scopes.get('team')!.arms.get('a')!;
  expect(arm).toMatchObject({ count: 2, qualitySum: 1, qualitySquares: 1 });
  // What replaces it takes just that much back.
  const corrected = learnRewards(state, [{ ...half(good), replacesQuality: 0 }], noFading).scopes.get('team')!;
  expect(corrected.arms.get('a')).toMatchObject({ count: 2, qualitySum: 1.5 });
  const many = learnRewards(state, repeat(300, half(good)), noFading);
  const read = parseAdaptiveState(serializeAdaptiveState(many)).scopes.get('team')!;
  expect(read.examples!.filter(({ weight }) => weight === 0.5)).toHaveLength(302);
  expect(() => learnRewards(state, [{ ...good, weight: 0 }], noFading)).toThrow('weight');
});
