'use client';

import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { type RoleFigureFieldsFragment, RolesDocument, RoleTrafficDocument } from '../../gql/roles.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import type { RoleView } from './role-view.ts';

const dayMs = 86_400_000;
export type Origin = 'LIVE' | 'SIMULATED';

export interface Traffic {
  /** Calls of real providers, or of simulated ones while there are no others. */
  readonly origin: Origin;
  readonly byRole: ReadonlyMap<string, RoleFigureFieldsFragment>;
}

/** A range that ends now; it moves only when `days` changes, so that queries are not asked anew at each drawing. */
export function useRange(days: number): { readonly from: string; readonly to: string } {
  const [now] = useState(() => Date.now());
  return useMemo(
    () => ({ from: new Date(now - days * dayMs).toISOString(), to: new Date(now).toISOString() }),
    [now, days],
  );
}

/** All roles of the team and what their calls came to over the last days. */
export function useRoles(days: number): {
  readonly roles: readonly RoleView[] | undefined;
  readonly traffic: Traffic | undefined;
  readonly failure: Failure | undefined;
  reload(): void;
} {
  const range = useRange(days);
  const [{ data, error }, refetch] = useQuery({ query: RolesDocument, requestPolicy: 'cache-and-network' });
  const [{ data: figures }] = useQuery({ query: RoleTrafficDocument, variables: range });
  const traffic = useMemo((): Traffic | undefined => {
    if (!figures) return undefined;
    const origin: Origin = figures.live.total.calls > 0 ? 'LIVE' : 'SIMULATED';
    const { groups } = origin === 'LIVE' ? figures.live : figures.simulated;
    return { origin, byRole: new Map(groups.map((group) => [group.values[0]?.value ?? '', group.figures])) };
  }, [figures]);
  return {
    roles: data?.roles,
    traffic,
    failure: error && !data ? describeFailure(error) : undefined,
    reload: () => refetch({ requestPolicy: 'network-only' }),
  };
}

/** Whose calls are looked at: those of real providers, or of simulated ones while there are no others. */
export function useOriginOfCalls(): Origin | undefined {
  const range = useRange(30);
  const [{ data }] = useQuery({ query: RoleTrafficDocument, variables: range });
  if (!data) return undefined;
  return data.live.total.calls > 0 ? 'LIVE' : 'SIMULATED';
}
