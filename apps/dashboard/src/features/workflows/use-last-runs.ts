'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { WorkflowLastRunsDocument, type WorkflowLastRunsQuery } from '../../gql/workflows.ts';

export type LastRun = WorkflowLastRunsQuery['runs']['edges'][number]['node'];

const recentRuns = 100;

/** The latest run of each workflow by its name, among the team's hundred latest. */
export function useLastRuns(): ReadonlyMap<string, LastRun> {
  const [{ data }] = useQuery({
    query: WorkflowLastRunsDocument,
    variables: { first: recentRuns },
    requestPolicy: 'cache-and-network',
  });
  return useMemo(() => {
    const last = new Map<string, LastRun>();
    for (const { node } of data?.runs.edges ?? []) if (!last.has(node.workflowName)) last.set(node.workflowName, node);
    return last;
  }, [data]);
}
