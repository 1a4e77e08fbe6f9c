'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { type ExperimentFieldsFragment, ExperimentHeadDocument } from '../../gql/experiments.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';

export interface OpenExperiment {
  experiment: ExperimentFieldsFragment | undefined;
  isMissing: boolean;
  failure: Failure | undefined;
  reload(): void;
}

/** One test by its id. An id that is none is missing like one of another team. */
export function useExperiment(id: string): OpenExperiment {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ExperimentHeadDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  return useMemo(() => {
    const failure = error && !data ? describeFailure(error) : undefined;
    const isRefused = failure?.code === 'BAD_USER_INPUT';
    return {
      experiment: data?.experiment ?? undefined,
      isMissing: isRefused || (data !== undefined && !data.experiment && !fetching),
      failure: isRefused ? undefined : failure,
      reload: () => refetch({ requestPolicy: 'network-only' }),
    };
  }, [data, error, fetching, refetch]);
}
