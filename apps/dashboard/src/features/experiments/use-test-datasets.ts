'use client';

import { useState } from 'react';
import { useQuery } from 'urql';
import {
  ExperimentDatasetDocument,
  type ExperimentDatasetQuery,
  ExperimentDatasetsDocument,
  type ExperimentDatasetsQuery,
} from '../../gql/experiments.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';

export type TestDataset = ExperimentDatasetsQuery['datasets']['edges'][number]['node'];
export type TestVersion = NonNullable<ExperimentDatasetQuery['dataset']>['versions'][number];

/** What can be chosen as the items of a test, and what is chosen. */
export interface DatasetChoice {
  readonly datasets: readonly TestDataset[];
  readonly isLoading: boolean;
  readonly failure: Failure | undefined;
  readonly datasetId: string | undefined;
  /** Of the chosen dataset, newest first. */
  readonly versions: readonly TestVersion[];
  readonly version: TestVersion | undefined;
  search(text: string): void;
  choose(datasetId: string): void;
}

const most = 50;

/** The team's datasets that changed last, or those that a search finds, and the versions of the chosen one. */
export function useTestDatasets(versionId: unknown, known: { readonly id: string } | null): DatasetChoice {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [{ data, error }] = useQuery({
    query: ExperimentDatasetsDocument,
    variables: { first: most, ...(search && { search }) },
    requestPolicy: 'cache-and-network',
  });
  const datasets = (data?.datasets.edges ?? []).map(({ node }) => node);
  const datasetId = chosen ?? datasets.find(({ version }) => version?.id === versionId)?.id ?? known?.id;
  const [{ data: one }] = useQuery({
    query: ExperimentDatasetDocument,
    variables: { id: datasetId ?? '' },
    pause: datasetId === undefined,
  });
  const versions = one?.dataset?.id === datasetId ? (one?.dataset?.versions ?? []) : [];
  return {
    datasets,
    isLoading: !data && !error,
    failure: error && !data ? describeFailure(error) : undefined,
    datasetId,
    versions,
    version: versions.find(({ id }) => id === versionId),
    search: setSearch,
    choose: setChosen,
  };
}
