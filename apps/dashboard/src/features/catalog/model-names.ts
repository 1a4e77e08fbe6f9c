import type { ModelNamesQuery } from '../../gql/catalog.ts';
import type { ModelChoice } from './use-model-choices.ts';

/** The name that lets the router choose. */
export const automaticName = 'auto';

/** A name that leads to models: an alias, a chain that asks them in order, or `auto`, for which the router chooses one each time. */
export interface ModelName {
  name: string;
  kind: 'alias' | 'chain' | 'auto';
  /** `provider/model`, in the order in which they are asked. */
  modelIds: readonly string[];
}

export function modelNamesOf({ failoverChains, modelAliases }: ModelNamesQuery): ModelName[] {
  return [
    { name: automaticName, kind: 'auto', modelIds: [] },
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
  if (kind === 'auto') return automaticChoice(byId);
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

/** `auto` as something that can be chosen: it can what one of the models can; nothing else is known before the router has chosen. */
function automaticChoice(byId: ReadonlyMap<string, ModelChoice>): ModelChoice | undefined {
  const models = [...byId.values()];
  const first = models.find(({ isAvailable }) => isAvailable) ?? models[0];
  if (!first) return undefined;
  const can = (ability: 'vision' | 'tools' | 'json' | 'reasoning') =>
    models.some(({ isAvailable, capabilities }) => isAvailable && capabilities?.[ability]);
  return {
    ...first,
    id: automaticName,
    modelId: automaticName,
    displayName: 'Auto',
    contextWindowTokens: null,
    maxOutputTokens: null,
    price: null,
    measured: null,
    capabilities: {
      ...first.capabilities,
      vision: can('vision'),
      tools: can('tools'),
      json: can('json'),
      reasoning: can('reasoning'),
    },
    provider: { ...first.provider, displayName: 'Router' },
  };
}

/** Who is asked for a name, in words. */
export function askedWords({ kind, modelIds }: ModelName): string {
  return kind === 'auto' ? 'whichever fits best, and says why' : modelIds.join(' → ');
}
