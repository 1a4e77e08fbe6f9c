'use client';

import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { ProviderHealthDetailsDocument, type ProviderHealthDetailsQuery } from '../../gql/health.ts';
import { onHealthChanged } from './health-signal.ts';

export type ProviderDetailsData = ProviderHealthDetailsQuery['health'][number];

const refreshMs = 10_000;
/** Many events of a moment are one look. */
const gatherMs = 700;

/** Figures, graphs, models and checks of one provider; asked again when something happens to it, and now and then. */
export function useProviderDetails(providerId: string, hours: number) {
  const [{ data, error }, refetch] = useQuery({
    query: ProviderHealthDetailsDocument,
    variables: { providers: [providerId], hours },
    requestPolicy: 'cache-and-network',
  });
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const look = () => {
      gathering.current = undefined;
      refetch({ requestPolicy: 'network-only' });
    };
    const stop = onHealthChanged((change) => {
      if (change.what === 'provider' && change.providerId !== providerId) return;
      gathering.current ??= setTimeout(look, gatherMs);
    });
    const timer = setInterval(() => !document.hidden && look(), refreshMs);
    return () => {
      stop();
      clearInterval(timer);
      clearTimeout(gathering.current);
      gathering.current = undefined;
    };
  }, [providerId, refetch]);
  const details = data?.health.find(({ provider }) => provider.id === providerId);
  return { details, error, retry: () => refetch({ requestPolicy: 'network-only' }) };
}
