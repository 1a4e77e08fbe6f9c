import { expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { featureCount } from './adaptive/prompt-features.ts';
import { withLoad } from './compile-snapshot.ts';
import { planRoute } from './plan-route.ts';
import type { RouteRequest } from './route-request.ts';
import type { RoutedModel, RoutingInputs } from './routing-snapshot.ts';
import { aModel, aRequest, aRule, aSnapshot, figures, priceOf } from './testing/routing-builders.ts';

function plan(
  models: readonly RoutedModel[],
  request: Partial<RouteRequest> = {},
  inputs: Partial<RoutingInputs> = {},
) {
  return planRoute(aRequest(request), aSnapshot(models, inputs), createSeededRandom(1));
}
const names = ({ candidates }: ReturnType<typeof plan>) => candidates.map(({ modelId }) => modelId);
const codes = ({ rejected }: ReturnType<typeof plan>) => rejected.map(({ modelId, code }) => `${modelId} ${code}`);

const quick = aModel('a/quick', {
  measured: figures({ latencyP50Ms: 400, quality: { mean: 0.5, standardError: 0.01, count: 500 } }),
  price: priceOf('3'),
});
const cheap = aModel('b/cheap', { measured: figures({ latencyP50Ms: 900, failedCalls: 150 }), price: priceOf('0.1') });
const clever = aModel('c/clever', {
  measured: figures({ latencyP50Ms: 3_000, quality: { mean: 0.9, standardError: 0.01, count: 500 } }),
  price: priceOf('9'),
});

test.each([
  ['cost-first', 'b/cheap'],
  ['latency-first', 'a/quick'],
  ['quality-first', 'c/clever'],
] as const)('%s puts %s first', (strategy, first) => {
  const result = plan([quick, clever, cheap], { strategy });
  expect(names(result)[0]).toBe(first);
  expect(result.candidates[0]?.propensity).toBe(1);
});

test('reliability-first puts the model with errors last', () => {
  expect(names(plan([cheap, quick, clever], { strategy: 'reliability-first' })).at(-1)).toBe('b/cheap');
});

test('a price nobody knows is neither cheapest nor allowed under a cost limit', () => {
  const { price: _, ...unpriced } = aModel('d/unpriced');
  expect(names(plan([unpriced, clever], { strategy: 'cost-first' }))).toEqual(['c/clever', 'd/unpriced']);
  const limited = plan([unpriced, cheap], { constraints: { maxCostNanoUsd: 1_000_000n } });
  expect(codes(limited)).toEqual(['d/unpriced PRICE_UNKNOWN']);
});

test('what a request needs rejects models with the reason and the figures', () => {
  const result = plan(
    [
      aModel('a/blind', { capabilities: { ...quick.capabilities, vision: false } }),
      aModel('a/small', { contextWindowTokens: 1_500 }),
      aModel('a/short', { maxOutputTokens: 500 }),
      aModel('a/down', { health: 'down', healthReason: 'circuit open' }),
      aModel('a/old', { retiresOn: '2025-06-30' }),
      clever,
      quick,
    ],
    { needs: { vision: true }, constraints: { maxCostNanoUsd: 10_000_000n, maxLatencyMs: 5_000 } },
  );
  expect(names(result)).toEqual(['a/quick']);
  expect(codes(result)).toEqual([
    'a/blind MISSING_CAPABILITY',
    'a/small CONTEXT_TOO_SMALL',
    'a/short ANSWER_TOO_LONG',
    'a/down UNAVAILABLE',
    'a/old RETIRED',
    'c/clever OVER_COST_LIMIT',
  ]);
  expect(result.rejected.at(-1)?.reason).toBe('up to 0.018 USD, over the limit of 0.01');
});

test('latency and quality limits reject what breaks them, and nothing that was never measured', () => {
  const result = plan([clever, quick, aModel('d/new')], { constraints: { maxLatencyMs: 1_000, minQuality: 0.52 } });
  expect(codes(result)).toEqual(['c/clever OVER_LATENCY_LIMIT', 'a/quick UNDER_QUALITY_LIMIT']);
  expect(names(result)).toEqual(['d/new']);
});

test('equivalents stand in for a wanted model that is not available, unless falling back is forbidden', () => {
  const wanted = aModel('x/gpt', { health: 'down', equivalents: ['anthropic/claude'] });
  const standIn = aModel('eu/claude', { catalogId: 'anthropic/claude' });
  const result = plan([wanted, standIn, quick], { wantedModels: ['x/gpt'], strategy: 'manual' });
  expect(result.candidates.map(({ modelId, substituteFor }) => [modelId, substituteFor])).toEqual([
    ['eu/claude', 'x/gpt'],
  ]);
  expect(result.explanation).toContain('It stands in for x/gpt.');
  expect(names(plan([wanted, standIn], { wantedModels: ['x/gpt'], isStrict: true }))).toEqual([]);
  expect(names(plan([wanted, standIn], { wantedModels: ['x/gpt'], allowedModels: ['x/gpt'] }))).toEqual([]);
});

test('a model of the catalogue that is not set up here is replaced by an equivalent that is', () => {
  const result = plan([aModel('mine/flash', { catalogId: 'google/gemini-2.5-flash' })], {
    wantedModels: ['anthropic/claude-haiku-4-5'],
  });
  expect(names(result)).toEqual(['mine/flash']);
  expect(codes(result)).toEqual(['anthropic/claude-haiku-4-5 UNKNOWN_MODEL']);
});

test('strict leaves one candidate and says what became of the others', () => {
  const result = plan([quick, clever], { strategy: 'manual', isStrict: true });
  expect(names(result)).toEqual(['a/quick']);
  expect(codes(result)).toEqual(['c/clever STRICT']);
});

test('weighted draws in proportion, reports the share, and never chooses a weight of 0 first', () => {
  const snapshot = aSnapshot([
    aModel('a/one', { weight: 3 }),
    aModel('a/two', { weight: 1 }),
    aModel('a/off', { weight: 0 }),
  ]);
  const random = createSeededRandom(5);
  const firsts = Array.from(
    { length: 4_000 },
    () => planRoute(aRequest({ strategy: 'weighted' }), snapshot, random).candidates[0],
  );
  const ones = firsts.filter((first) => first?.modelId === 'a/one');
  expect(ones.length / firsts.length).toBeCloseTo(0.75, 1);
  expect(ones[0]?.propensity).toBe(0.75);
  expect(firsts.some((first) => first?.modelId === 'a/off')).toBe(false);
});

test('a session keeps its model: by its id when weighted, by what it used last otherwise', () => {
  const models = [aModel('a/one'), aModel('a/two'), aModel('a/three')];
  const random = createSeededRandom(9);
  const snapshot = aSnapshot(models);
  const request = aRequest({ strategy: 'weighted', session: { id: 'session-1' } });
  const firsts = Array.from({ length: 20 }, () => planRoute(request, snapshot, random).candidates[0]?.modelId);
  expect(new Set(firsts).size).toBe(1);
  const kept = plan(models, { strategy: 'adaptive', session: { id: 's', lastModelId: 'a/three' } });
  expect(kept.candidates[0]).toMatchObject({ modelId: 'a/three', propensity: 1 });
  expect(kept.isSticky).toBe(true);
});

test('a model that is down does not keep its session', () => {
  const down = aModel('a/three', { health: 'down' });
  const moved = plan([quick, down], { strategy: 'balanced', session: { id: 's', lastModelId: 'a/three' } });
  expect([names(moved), moved.isSticky]).toEqual([['a/quick'], false]);
});

test('equals share the work: the one with less load of two drawn goes first, the most loaded never', () => {
  const same = { measured: figures({ latencyP50Ms: 500 }) };
  const snapshot = withLoad(
    aSnapshot([aModel('a/busy', same), aModel('b/idle', same), aModel('c/half', same)]),
    new Map([
      ['a/busy', 50],
      ['b/idle', 1],
      ['c/half', 20],
    ]),
  );
  const random = createSeededRandom(3);
  const plans = Array.from({ length: 3_000 }, () =>
    planRoute(aRequest({ strategy: 'latency-first' }), snapshot, random),
  );
  const share = (name: string) =>
    plans.filter(({ candidates }) => candidates[0]?.modelId === name).length / plans.length;
  expect(share('a/busy')).toBe(0);
  expect(share('b/idle')).toBeCloseTo(2 / 3, 1);
  const propensities = new Map(plans[0]?.candidates.map(({ modelId, propensity }) => [modelId, propensity]));
  expect(propensities.get('b/idle')).toBeCloseTo(2 / 3);
  expect(propensities.get('c/half')).toBeCloseTo(1 / 3);
});

test('rules act in order: deny, prefer, cap, strategy; an earlier rule wins; a final one ends the list', () => {
  const rules = [
    aRule('request.role == "coder"', {
      name: 'Coders',
      actions: [
        { type: 'prefer', models: ['c/*'] },
        { type: 'strategy', strategy: 'cost-first' },
      ],
    }),
    aRule('time.weekday == 2 && time.hour == 14', {
      name: 'Tuesdays',
      actions: [{ type: 'deny', models: ['b/cheap'] }],
      isFinal: true,
    }),
    aRule('true', { actions: [{ type: 'deny', models: ['*'] }] }),
  ];
  const result = plan([quick, cheap, clever], { role: 'coder', strategy: 'latency-first' }, { rules });
  expect(result.strategy).toBe('cost-first');
  expect(names(result)).toEqual(['c/clever', 'a/quick']);
  expect(codes(result)).toEqual(['b/cheap DENIED_BY_RULE']);
  expect(result.matchedRules.map(({ name }) => name)).toEqual(['Coders', 'Tuesdays']);
  expect(result.explanation).toContain('b/cheap rejected: denied by the rule "Tuesdays".');
});

test('a rule that forbids and cannot be evaluated forbids, one that only wishes has no effect; both are reported', () => {
  const failing = (name: string, type: 'deny' | 'prefer') =>
    aRule('request.tags[0] == "x"', { id: name, name, actions: [{ type, models: ['a/quick'] }] });
  const result = plan([quick, clever], {}, { rules: [failing('Keep out', 'deny'), failing('First', 'prefer')] });
  expect(names(result)).toEqual(['c/clever']);
  expect(result.rejected).toMatchObject([{ modelId: 'a/quick', code: 'DENIED_BY_RULE', ruleId: 'Keep out' }]);
  expect(result.failedRules).toMatchObject([
    { name: 'Keep out', isEnforced: true },
    { name: 'First', isEnforced: false },
  ]);
  expect(result.explanation).toContain('"Keep out" (enforced to be safe)');
  const broken = aRule('request.nonsense ==', { actions: [{ type: 'deny', models: ['*'] }] });
  expect(names(plan([quick], {}, { rules: [broken] }))).toEqual([]);
});

test('a model is not forbidden because nobody has measured it yet', () => {
  const slow = aRule('models["d/new"].latencyP95Ms > 3000.0', { actions: [{ type: 'deny', models: ['d/new'] }] });
  const result = plan([aModel('d/new')], {}, { rules: [slow] });
  expect(names(result)).toEqual(['d/new']);
  expect(result.failedRules).toMatchObject([{ isEnforced: false }]);
});

test('a request may weigh models in its own way; a weight of 0 is a fallback only', () => {
  const result = plan([quick, clever], { strategy: 'weighted', modelWeights: { 'a/quick': 0, 'c/clever': 3 } });
  expect(result.candidates).toMatchObject([
    { modelId: 'c/clever', propensity: 1 },
    { modelId: 'a/quick', propensity: 0 },
  ]);
});

test('a model that is not automatic serves those who name it and nobody else', () => {
  const models = [aModel('d/other', { isAutomatic: false }), quick];
  expect(names(plan(models))).toEqual(['a/quick']);
  expect(names(plan(models, { wantedModels: ['d/other'] }))).toEqual(['d/other']);
});

test('no equivalent stands in where the request forbids it', () => {
  const down = aModel('openai/gpt-5', { health: 'down', equivalents: ['a/quick'] });
  const wanted = { wantedModels: ['openai/gpt-5'] };
  expect(names(plan([down, quick], wanted))).toEqual(['a/quick']);
  expect(names(plan([down, quick], { ...wanted, allowsEquivalents: false }))).toEqual([]);
});

test('pinned models are the only ones, in the order of the rule', () => {
  const rules = [
    aRule('true', {
      actions: [
        { type: 'pin', models: ['c/clever', 'b/cheap'] },
        { type: 'strategy', strategy: 'manual' },
      ],
    }),
  ];
  expect(names(plan([quick, cheap, clever], {}, { rules }))).toEqual(['c/clever', 'b/cheap']);
});

test('the explanation says by how much the first beat the second', () => {
  expect(plan([quick, clever], { strategy: 'latency-first' }).explanation).toBe(
    'a/quick chosen (lowest latency first): 87 % lower latency than c/clever.',
  );
});

test('when every model is rejected there is a reason for each', () => {
  const result = plan([aModel('a/down', { health: 'down' })]);
  expect(result.candidates).toEqual([]);
  expect(result.explanation).toBe('Every model was rejected. a/down rejected: down.');
});

test("another team's snapshot is refused", () => {
  expect(() => plan([quick], { teamId: 'other' })).toThrow(RangeError);
});

test('figures and features that are no numbers say nothing, and tokens that are none are refused', () => {
  const odd = aModel('a/odd', { measured: figures({ latencyP50Ms: Number.NaN, outputTokensMean: -5 }) });
  const result = plan([odd, quick], {
    strategy: 'adaptive',
    features: new Array<number>(featureCount).fill(Number.NaN),
  });
  for (const { score, propensity } of result.candidates)
    expect([score, propensity ?? 0].every(Number.isFinite)).toBe(true);
  expect(() => plan([quick], { inputTokens: Number.NaN })).toThrow(RangeError);
});

test('what was decreed comes before what is only a guess: a dear model that also seems down is rejected for its cost', () => {
  const dear = aModel('a/dear', { health: 'down', price: priceOf('900'), contextWindowTokens: 10 });
  const { rejected } = plan([dear], { constraints: { maxCostNanoUsd: 1_000n } });
  expect(rejected.map(({ code }) => code)).toEqual(['OVER_COST_LIMIT']);
});
