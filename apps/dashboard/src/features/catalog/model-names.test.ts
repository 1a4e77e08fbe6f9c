import { expect, it } from 'vitest';
import { choiceOfName, modelNamesOf } from './model-names.ts';
import type { ModelChoice } from './use-model-choices.ts';

const model = (modelId: string, isAvailable: boolean) =>
  [
    modelId,
    { modelId, displayName: modelId, isAvailable, provider: { slug: 'x', displayName: 'X' } } as unknown as ModelChoice,
  ] as const;
const byId = new Map([model('x/a', false), model('x/b', true)]);

it('offers a chain with the facts of the first model that can be called', () => {
  const choice = choiceOfName({ name: 'resilient', kind: 'chain', modelIds: ['x/gone', 'x/a', 'x/b'] }, byId);
  expect(choice).toMatchObject({
    modelId: 'resilient',
    isAvailable: true,
    provider: { displayName: 'Failover chain' },
  });
});

it('offers a name with no model that can be called as unavailable, and none that leads nowhere', () => {
  expect(choiceOfName({ name: 'old', kind: 'alias', modelIds: ['x/a'] }, byId)?.isAvailable).toBe(false);
  expect(choiceOfName({ name: 'lost', kind: 'alias', modelIds: ['y/z'] }, byId)).toBeUndefined();
});

it('offers auto without facts of any model, as long as one can be called', () => {
  const auto = { name: 'auto', kind: 'auto', modelIds: [] } as const;
  expect(choiceOfName(auto, byId)).toMatchObject({ displayName: 'Auto', isAvailable: true, price: null });
  expect(choiceOfName(auto, new Map([model('x/a', false)]))?.isAvailable).toBe(false);
  expect(choiceOfName(auto, new Map())).toBeUndefined();
});

it('lists auto first, then chains, then aliases', () => {
  const answer = {
    modelAliases: [{ name: 'fast', target: 'x/b', resolvesTo: ['x/b'] }],
    failoverChains: [{ name: 'resilient', models: [{ modelId: 'x/a', isAvailable: false }] }],
  };
  expect(modelNamesOf(answer as never).map(({ name }) => name)).toEqual(['auto', 'resilient', 'fast']);
});
