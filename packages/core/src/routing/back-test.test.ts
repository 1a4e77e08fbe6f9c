import { expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { backTest, type RecordedDecision } from './back-test.ts';
import { toRewardObservation } from './decision-record.ts';
import { planRoute } from './plan-route.ts';
import { computeRegret } from './regret.ts';
import { aModel, aRequest, aRule, aSnapshot } from './testing/routing-builders.ts';

const models = [aModel('a/good', { weight: 1 }), aModel('b/bad', { weight: 1 })];
const qualities: Readonly<Record<string, number>> = { 'a/good': 0.8, 'b/bad': 0.4 };

/** Traffic that was sent to both at random, at cost and quality of their own. */
function record(count: number): readonly RecordedDecision[] {
  const random = createSeededRandom(6);
  const snapshot = aSnapshot(models);
  return Array.from({ length: count }, () => {
    const request = aRequest({ strategy: 'weighted' });
    const [first] = planRoute(request, snapshot, random).candidates;
    const modelId = first?.modelId ?? '';
    const noise = (random.next() - 0.5) / 5;
    return {
      request,
      modelId,
      propensity: first?.propensity ?? 0,
      costNanoUsd: modelId === 'a/good' ? 2_000n : 1_000n,
      latencyMs: 100,
      quality: (qualities[modelId] ?? 0) + noise,
    };
  });
}

test('a draft that sends everything to the better model is estimated at its cost and quality', () => {
  const draft = aSnapshot(models, { rules: [aRule('true', { actions: [{ type: 'pin', models: ['a/good'] }] })] });
  const report = backTest(record(600), draft, createSeededRandom(1));
  expect(report.movedShare).toBeCloseTo(0.5, 1);
  expect(report.draftShares['a/good']).toBeCloseTo(1);
  expect(report.quality.recorded?.mean).toBeCloseTo(0.6, 1);
  expect(report.quality.draft?.mean).toBeCloseTo(0.8, 1);
  expect(report.quality.draft?.low).toBeGreaterThan(0.75);
  expect(report.costNanoUsd.draft?.mean).toBe(2_000n);
  expect([report.isReliable, report.coveredShare > 0.9]).toEqual([true, true]);
});

test('what was never tried is not estimated but said', () => {
  const never = record(100).map((each) => ({ ...each, modelId: 'b/bad', propensity: 1 }));
  const draft = aSnapshot(models, { rules: [aRule('true', { actions: [{ type: 'deny', models: ['b/*'] }] })] });
  const report = backTest(never, draft, createSeededRandom(1));
  expect(report).toMatchObject({ coveredShare: 0, isReliable: false, quality: { draft: undefined } });
  expect(report.movedShare).toBeCloseTo(1);
});

test('requests for which a draft leaves no model are counted', () => {
  const draft = aSnapshot(models, { rules: [aRule('true', { actions: [{ type: 'deny', models: ['*'] }] })] });
  expect(backTest(record(50), draft, createSeededRandom(1)).unroutableShare).toBeCloseTo(1);
});

test('a decision teaches nothing when another model answered, the session kept its model or no learner chose', () => {
  const snapshot = aSnapshot(models);
  const recordOf = (request: ReturnType<typeof aRequest>) => ({
    id: '1',
    seed: 1,
    request,
    plan: planRoute(request, snapshot, createSeededRandom(1)),
  });
  const learned = recordOf(aRequest({ strategy: 'adaptive', role: 'coder', taskClass: 'fix' }));
  const chosen = learned.plan.candidates[0]?.modelId ?? '';
  expect(toRewardObservation({ ...learned, servedModelId: chosen }, 0.5)).toMatchObject({
    modelId: chosen,
    quality: 0.5,
    scopes: ['role:coder#fix', 'role:coder', 'team#fix', 'team'],
  });
  expect(toRewardObservation({ ...learned, servedModelId: 'x/other' }, 0.5)).toBeUndefined();
  expect(toRewardObservation(recordOf(aRequest({ strategy: 'balanced' })), 0.5)).toBeUndefined();
  const sticky = recordOf(aRequest({ strategy: 'adaptive', session: { id: 's', lastModelId: 'a/good' } }));
  expect(toRewardObservation(sticky, 0.5)).toBeUndefined();
});

test('regret counts what the best arm and the best of each class would have given', () => {
  const regret = computeRegret([
    { chosen: 0, rewards: [1, 0], taskClass: 'a' },
    { chosen: 0, rewards: [0, 1], taskClass: 'b' },
    { chosen: 1, rewards: [1, 0], taskClass: 'a' },
  ]);
  expect(regret).toEqual({
    reward: 1 / 3,
    bestArm: 2 / 3,
    bestPerClass: 1,
    regretToBestArm: 1,
    regretToBestPerClass: 2,
  });
});
