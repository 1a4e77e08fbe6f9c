'use client';

import { createContext, use, useMemo } from 'react';
import { useQuery } from 'urql';
import { ShellDocument, type ShellQuery } from '../gql/shell.ts';
import { describeFailure, type Failure, isUnauthenticated } from '../graphql/failure.ts';

export type WorkspaceData = ShellQuery;

/** Who is looking, for which team, and what the installation offers. Undefined until known. */
export const WorkspaceContext = createContext<WorkspaceData | undefined>(undefined);

export function useWorkspace(): WorkspaceData | undefined {
  return use(WorkspaceContext);
}

export function useWorkspaceQuery(): {
  workspace: WorkspaceData | undefined;
  failure: Failure | undefined;
  retry(): void;
} {
  const [{ data, error }, refetch] = useQuery({ query: ShellDocument });
  const failure = useMemo(
    () => (error && !data && !isUnauthenticated(error) ? describeFailure(error) : undefined),
    [error, data],
  );
  return { workspace: data, failure, retry: () => refetch({ requestPolicy: 'network-only' }) };
}
