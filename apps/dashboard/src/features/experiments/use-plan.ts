'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ExperimentOutlookDocument, type ExperimentOutlookQuery } from '../../gql/experiments.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';

export type Plan = NonNullable<ExperimentOutlookQuery['experimentPlan']>;

/** What the person who plans knows better; null leaves it to what was measured. */
export interface PlanWishes {
  readonly power: number;
  readonly baselineDeviation: number | null;
  readonly correlation: number | null;
}

export const usualWishes: PlanWishes = { power: 0.8, baselineDeviation: null, correlation: null };

interface PlanState {
  /** The last plan that is known, also while the next one is computed. */
  readonly plan: Plan | undefined;
  readonly isFetching: boolean;
  readonly failure: Failure | undefined;
  retry(): void;
}

/** The plan of the draft as it was saved last. */
export function usePlan(id: string, revision: number, wishes: PlanWishes): PlanState {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ExperimentOutlookDocument,
    variables: {
      id,
      power: wishes.power,
      baselineDeviation: wishes.baselineDeviation,
      correlation: wishes.correlation,
    },
    // Every save makes another revision, and with it another plan.
    context: useMemo(() => ({ requestPolicy: 'network-only' as const, revision }), [revision]),
  });
  return {
    plan: data?.experimentPlan ?? undefined,
    isFetching: fetching,
    failure: error ? describeFailure(error) : undefined,
    retry: () => refetch({ requestPolicy: 'network-only' }),
  };
}
