'use client';

import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import {
  HealthEventsDocument,
  type HealthEventsSubscription,
  IncidentDocument,
  type IncidentQuery,
} from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { followSubscription } from '../../graphql/follow-subscription.ts';
import { incidentIdOf } from './health-words.ts';

export type IncidentDetails = NonNullable<IncidentQuery['incident']>;

const openMs = 10_000;
const closedMs = 60_000;
const gatherMs = 300;

/** One incident, followed: each of its steps is shown as it is told. `id` is global, or raw as alerts carry it. */
export function useIncident(id: string) {
  const globalId = incidentIdOf(id);
  const [{ data, error, fetching }, refetch] = useQuery({
    query: IncidentDocument,
    variables: { id: globalId },
    requestPolicy: 'cache-and-network',
  });
  const incident = data?.incident ?? undefined;
  const isOpen = incident?.isOpen === true;
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const look = () => {
      gathering.current = undefined;
      refetch({ requestPolicy: 'network-only' });
    };
    const stop = followSubscription<HealthEventsSubscription>({
      document: HealthEventsDocument,
      operationName: 'HealthEvents',
      onData({ healthEvents: event }) {
        if (event.__typename !== 'IncidentChanged' || event.incident?.id !== globalId) return;
        gathering.current ??= setTimeout(look, gatherMs);
      },
      onResumed: look,
    });
    return () => {
      stop();
      clearTimeout(gathering.current);
      gathering.current = undefined;
    };
  }, [globalId, refetch]);
  useEffect(() => {
    const timer = setInterval(
      () => !document.hidden && refetch({ requestPolicy: 'network-only' }),
      isOpen ? openMs : closedMs,
    );
    return () => clearInterval(timer);
  }, [isOpen, refetch]);
  return {
    incident,
    isMissing: data?.incident === null && !fetching,
    failure: error ? describeFailure(error) : undefined,
    reload: () => refetch({ requestPolicy: 'network-only' }),
  };
}
