'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ModelChoicesDocument, type ModelChoicesQuery } from '../../gql/catalog.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';

export type ModelChoice = ModelChoicesQuery['models']['edges'][number]['node'];

export interface ModelChoices {
  models: ModelChoice[];
  byId: ReadonlyMap<string, ModelChoice>;
  isLoading: boolean;
  failure: Failure | undefined;
  reload(): void;
}

/** Every model of the installation, for pickers; from the cache after the first page that needs it. */
export function useModelChoices(): ModelChoices {
  const [{ data, error, fetching }, refetch] = useQuery({ query: ModelChoicesDocument });
  return useMemo(() => {
    const models = data?.models.edges.map(({ node }) => node) ?? [];
    return {
      models,
      byId: new Map(models.map((model) => [model.modelId, model])),
      isLoading: fetching && !data,
      failure: error && !data ? describeFailure(error) : undefined,
      reload: () => refetch({ requestPolicy: 'network-only' }),
    };
  }, [data, error, fetching, refetch]);
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
