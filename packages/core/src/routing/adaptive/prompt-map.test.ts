import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultAdaptiveSettings } from './adaptive-settings.ts';
import { emptyAdaptiveState, parseAdaptiveState, serializeAdaptiveState } from './adaptive-state.ts';
import { compileContextualScope } from './compile-scope.ts';
import { learnRewards, type RewardObservation } from './learn-rewards.ts';
import { extractPromptFeatures } from './prompt-features.ts';
import { fitPromptMap, mapPrompt, mappedCount } from './prompt-map.ts';

const settings = { ...defaultAdaptiveSettings, halfLifeRewards: Number.POSITIVE_INFINITY, detectsDrift: false };

/** Sums and questions of many lengths; one model is good at sums, the other at questions. */
function rewards(count: number): readonly RewardObservation[] {
  return Array.from({ length: count }, (_, index) => {
    const isSum = index % 4 < 2;
    const isFirst = index % 2 === 0;
    return {
      scopes: ['team'],
      modelId: isFirst ? 'a/calculator' : 'b/reader',
      features: extractPromptFeatures(isSum ? sum(index) : question(index)),
      quality: isSum === isFirst ? 0.9 : 0.2,
    };
  });
}

function sum(index: number): string {
  return `Compute $${index} \\cdot ${index + 7} + \\frac{${index}}{3}$${' and add one'.repeat(index % 5)}.`;
}

function question(index: number): string {
  return `who wrote the book about the ${'very '.repeat(index % 6)}old house by the sea`;
}

function learn(count: number) {
  return learnRewards(emptyAdaptiveState, rewards(count), settings);
}

function expectations(state: ReturnType<typeof learn>, prompt: string) {
  const scope = compileContextualScope(state.scopes.get('team'));
  const features = Float64Array.from(extractPromptFeatures(prompt));
  return ['a/calculator', 'b/reader'].map((modelId) => scope.expect(modelId, 0.55, features));
}

test.each([120, 300, 2_100])(
  'kinds of prompts are told apart after %i rewards, whatever became of the map',
  (count) => {
    const state = learn(count);
    const team = state.scopes.get('team');
    expect([team?.map !== undefined, team?.examples !== undefined]).toEqual([count >= 256, count < 2_048]);
    const [calculator = 0, reader = 0] = expectations(state, sum(11));
    expect(calculator - reader).toBeGreaterThan(0.4);
    const [otherwise = 0, better = 0] = expectations(state, question(9));
    expect(better - otherwise).toBeGreaterThan(0.4);
  },
);

test('rewards that come one by one and in batches teach the same', () => {
  let state = emptyAdaptiveState;
  for (const reward of rewards(300)) state = learnRewards(state, [reward], settings);
  for (const [index, value] of expectations(state, sum(5)).entries()) {
    expect(value).toBeCloseTo(expectations(learn(300), sum(5))[index] ?? 0, 6);
  }
});

test('a corrected rating counts as if it had been the first, before and after the map is made', () => {
  for (const count of [100, 300]) {
    const [last] = rewards(count).slice(-1);
    if (!last) throw new Error('no reward');
    const corrected = learnRewards(learn(count), [{ ...last, quality: 0.5, replacesQuality: last.quality }], settings);
    const direct = learnRewards(learn(count - 1), [{ ...last, quality: 0.5 }], settings);
    for (const [index, value] of expectations(corrected, question(3)).entries()) {
      expect(value).toBeCloseTo(expectations(direct, question(3))[index] ?? 0, 6);
    }
  }
});

test.each([40, 300, 2_100])('a state of %i rewards read back from text is the same state', (count) => {
  const state = learn(count);
  expect(parseAdaptiveState(serializeAdaptiveState(state))).toEqual(state);
});

test('a state of version 1 keeps its counts, loses its matrices and learns on', () => {
  const arm = { modelId: 'a/calculator', count: 7, qualitySum: 5, qualitySquares: 4, rise: 0, fall: 0 };
  const scopes = ['team', 'team#sums'].map((scope) => ({ scope, observed: 7, drifts: 0, sinceDrift: 7, arms: [arm] }));
  const old = JSON.stringify({
    version: 1,
    featureVersion: 1,
    scopes: scopes.map((scope) => ({ ...scope, arms: [{ ...arm, gram: 'AAAA', moments: 'AAAA' }] })),
  });
  const state = parseAdaptiveState(old);
  const { modelId, ...sums } = arm;
  expect([...state.scopes.values()].map(({ arms }) => arms.get(modelId))).toEqual([sums, sums]);
  const learned = learnRewards(state, rewards(300), settings);
  expect(learned.scopes.get('team')?.map).toBeDefined();
  expect(learned.scopes.get('team')?.arms.get(modelId)?.count).toBe(157);
});

test('a reward for a decision of another version counts, and says nothing of its prompt', () => {
  const reward = { scopes: ['team'], modelId: 'a/1', quality: 0.8, features: new Array<number>(140).fill(0.5) };
  const team = learnRewards(emptyAdaptiveState, [reward], settings).scopes.get('team');
  expect([team?.arms.get('a/1')?.count, team?.examples]).toEqual([1, []]);
});

test('a text of a later version is refused', () => {
  expect(() => parseAdaptiveState(JSON.stringify({ version: 3, scopes: [] }))).toThrow(
    'no adaptive state of version 2',
  );
});

test('any prompt lies within the map: finite, its squares at most 1, and 1 at a landmark', () => {
  const examples = rewards(300).map(({ modelId, features, quality }) => {
    return { modelId, quality, features: Float32Array.from(features ?? []) };
  });
  const map = fitPromptMap(examples);
  const squares = (features: ArrayLike<number>) =>
    mapPrompt(map, features)
      .subarray(1)
      .reduce((total, value) => total + value ** 2, 0);
  expect(squares(examples[0]?.features ?? [])).toBeCloseTo(1, 2);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const total = squares(extractPromptFeatures(text));
      expect(total).toBeGreaterThanOrEqual(0);
      expect(total).toBeLessThan(1.001);
      expect(mapPrompt(map, extractPromptFeatures(text))).toHaveLength(mappedCount);
    }),
    { numRuns: 50 },
  );
});

test('one example, and examples that are all alike, make a map', () => {
  const example = { modelId: 'a/1', quality: 1, features: Float32Array.from(extractPromptFeatures('hello')) };
  for (const examples of [[example], new Array(300).fill(example)]) {
    expect(mapPrompt(fitPromptMap(examples), example.features).every(Number.isFinite)).toBe(true);
  }
});
