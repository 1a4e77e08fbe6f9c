import type { ModelNamesQuery } from '../../gql/catalog.ts';
import type { ModelChoice } from './use-model-choices.ts';

/** A name that leads to models: an alias, or a chain that asks them in order. */
export interface ModelName {
  name: string;
  kind: 'alias' | 'chain';
  /** `provider/model`, in the order in which they are asked. */
  modelIds: readonly string[];
}

export function modelNamesOf({ failoverChains, modelAliases }: ModelNamesQuery): ModelName[] {
  return [
    ...failoverChains.map(({ name, models }) => ({
      name,
      kind: 'chain' as const,
      modelIds: models.map(({ modelId }) => modelId),
    })),
    ...modelAliases.map(({ name, resolvesTo }) => ({ name, kind: 'alias' as const, modelIds: resolvesTo })),
  ];
}

/**
 * A name as something that can be chosen: facts and price of the first model that can be called, because it is the one that answers when all
 * is well. Undefined when it leads to no known model.
 */
export function choiceOfName(
  { name, kind, modelIds }: ModelName,
  byId: ReadonlyMap<string, ModelChoice>,
): ModelChoice | undefined {
  const known = modelIds.flatMap((modelId) => byId.get(modelId) ?? []);
  const first = known.find(({ isAvailable }) => isAvailable) ?? known[0];
  if (!first) return undefined;
  return {
    ...first,
    modelId: name,
    displayName: name,
    provider: { ...first.provider, displayName: kind === 'chain' ? 'Failover chain' : 'Alias' },
  };
}
