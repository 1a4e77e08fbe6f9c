'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { ProvidersDocument } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { ProviderCard } from './provider-card.tsx';
import classes from './providers-page.module.css';

/** State of each provider, and the one thing to do to make it ready. */
export function ProvidersPage() {
  const [{ data, error }, refetch] = useQuery({ query: ProvidersDocument, requestPolicy: 'cache-and-network' });
  const providers = data?.providers;
  return (
    <>
      <PageHeader
        title="Providers"
        description="Where prompts go. A provider is live as soon as its key is set and Switchyard is started again; keys are never shown."
      />
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      <div className={classes.grid} aria-busy={providers ? undefined : true}>
        {providers?.map((provider) => (
          <ProviderCard key={provider.id} provider={provider} />
        ))}
        {!providers && !error ? ['a', 'b', 'c', 'd'].map((key) => <Skeleton key={key} h={228} radius={12} />) : null}
      </div>
    </>
  );
}
