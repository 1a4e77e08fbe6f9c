'use client';

import { useMemo } from 'react';
import { ModelChoicesDocument, type ModelChoicesQuery } from '../../gql/catalog.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { useAllModels } from './use-all-models.ts';

export type ModelChoice = ModelChoicesQuery['models']['edges'][number]['node'];

export interface ModelChoices {
  models: ModelChoice[];
  byId: ReadonlyMap<string, ModelChoice>;
  isLoading: boolean;
  failure: Failure | undefined;
  reload(): void;
}

const pageSize = 50;

/** Every model of the installation, for pickers; from the cache after the first page that needs it. */
export function useModelChoices(): ModelChoices {
  const { models: known, error, reload } = useAllModels<ModelChoice>(ModelChoicesDocument, pageSize);
  return useMemo(() => {
    const models = known ?? [];
    return {
      models,
      byId: new Map(models.map((model) => [model.modelId, model])),
      isLoading: known === undefined && !error,
      failure: error && !known ? describeFailure(error) : undefined,
      reload,
    };
  }, [known, error, reload]);
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
