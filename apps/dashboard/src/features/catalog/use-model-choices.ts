'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ModelChoicesDocument, type ModelChoicesQuery, ModelNamesDocument } from '../../gql/catalog.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { choiceOfName, type ModelName, modelNamesOf } from './model-names.ts';
import { useAllModels } from './use-all-models.ts';

export type ModelChoice = ModelChoicesQuery['models']['edges'][number]['node'];

export interface ModelChoices {
  models: ModelChoice[];
  /** Aliases and chains that lead to a known model. */
  names: ModelName[];
  /** Models by id, and aliases and chains by name. */
  byId: ReadonlyMap<string, ModelChoice>;
  isLoading: boolean;
  failure: Failure | undefined;
  reload(): void;
}

const pageSize = 50;

/** Every model of the installation, for pickers; from the cache after the first page that needs it. */
export function useModelChoices(): ModelChoices {
  const { models: known, error, reload } = useAllModels<ModelChoice>(ModelChoicesDocument, pageSize);
  const [{ data }] = useQuery({ query: ModelNamesDocument });
  return useMemo(() => {
    const models = known ?? [];
    const byId = new Map(models.map((model) => [model.modelId, model]));
    const names = data ? modelNamesOf(data).filter((name) => choiceOfName(name, byId)) : [];
    const named = names.flatMap((name) => choiceOfName(name, byId) ?? []);
    return {
      models,
      names,
      byId: new Map([...byId, ...named.map((choice) => [choice.modelId, choice] as const)]),
      isLoading: known === undefined && !error,
      failure: error && !known ? describeFailure(error) : undefined,
      reload,
    };
  }, [known, data, error, reload]);
}

/** The first selection: one available model of each of three vendors. */
export function startingModels(models: readonly ModelChoice[]): string[] {
  const chosen = new Map<string, string>();
  for (const model of models) {
    if (model.isAvailable && !chosen.has(model.provider.slug) && chosen.size < 3)
      chosen.set(model.provider.slug, model.modelId);
  }
  const second = models.find((model) => model.isAvailable && ![...chosen.values()].includes(model.modelId));
  return chosen.size === 1 && second ? [...chosen.values(), second.modelId] : [...chosen.values()];
}
