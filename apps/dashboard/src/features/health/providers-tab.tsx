'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconHeartbeat } from '@tabler/icons-react';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from './health-overview.module.css';
import { splitByUse } from './health-words.ts';
import { ProviderList, UnusedProviders } from './provider-list.tsx';
import type { Health } from './use-health.ts';
import type { ListedIncident } from './use-open-incidents.ts';

interface Props {
  health: Health;
  incidents: readonly ListedIncident[];
  openId: string | null;
  onOpen(id: string | null): void;
  onMaintain(id: string): void;
}

const origins = ['LIVE', 'SIMULATED'] as const;

/** Live and simulated providers apart, each with what goes on first; then those that are not in use. */
export function ProvidersTab({ health: { providers, histories, error, reload }, incidents, ...rest }: Props) {
  if (error && !providers) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  if (!providers)
    return (
      <div className={classes.list} aria-busy="true">
        <Skeleton h={48} radius={10} />
        <Skeleton h={420} radius={12} />
      </div>
    );
  const { used, unused } = splitByUse(providers);
  return (
    <div className={classes.list}>
      {used.length === 0 ? (
        <EmptyState
          picture={<IconHeartbeat size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title="No provider can be called yet"
          action={
            <Button component={AppLink} href="/providers?new=1">
              Add a provider
            </Button>
          }
        >
          As soon as one has its key, its status, its last 90 days, its speed and its errors stand here.
        </EmptyState>
      ) : null}
      {origins.map((origin) => {
        const own = used.filter(({ provider }) => provider.origin === origin);
        return own.length > 0 ? (
          <ProviderList
            key={origin}
            origin={origin}
            providers={own}
            histories={histories}
            incidents={incidents.filter((incident) => incident.origin === origin)}
            {...rest}
          />
        ) : null;
      })}
      <UnusedProviders providers={unused} />
    </div>
  );
}
