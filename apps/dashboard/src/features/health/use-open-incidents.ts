'use client';

import { useEffect } from 'react';
import { useQuery } from 'urql';
import { type IncidentSummaryFragment, OpenIncidentsDocument } from '../../gql/health.ts';
import { onHealthChanged } from './health-signal.ts';

export type ListedIncident = IncidentSummaryFragment;

const refreshMs = 15_000;

/** The incidents that go on, the newest first; live where the health of providers is followed. */
export function useOpenIncidents(): {
  /** Undefined until they are known. */
  readonly totalCount: number | undefined;
  readonly incidents: readonly ListedIncident[];
} {
  const [{ data }, refetch] = useQuery({ query: OpenIncidentsDocument, requestPolicy: 'cache-and-network' });
  useEffect(() => {
    const look = () => refetch({ requestPolicy: 'network-only' });
    const stop = onHealthChanged(({ what }) => (what === 'incident' || what === 'resumed') && look());
    const timer = setInterval(() => !document.hidden && look(), refreshMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [refetch]);
  return {
    totalCount: data?.incidents.totalCount,
    incidents: data?.incidents.edges.map(({ node }) => node) ?? [],
  };
}
