'use client';

import { Button, SegmentedControl, Select, Skeleton } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useQuery } from 'urql';
import { IncidentsDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AddressPages } from '../../shell/address-pages.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { onHealthChanged } from './health-signal.ts';
import classes from './incident-row.module.css';
import { IncidentRow } from './incident-row.tsx';
import type { ProviderCondition } from './merge-conditions.ts';
import type { ListedIncident } from './use-open-incidents.ts';

const pageSize = 20;

interface Props {
  address: URLSearchParams;
  providers: readonly ProviderCondition[] | undefined;
  /** All that go on. */
  open: readonly ListedIncident[];
  onChange(values: Record<string, string | null>): void;
}

/** Every incident of a year, those that go on first. Filters and page are in the address. */
export function IncidentsTab({ address, providers, open, onChange }: Props) {
  const [state, providerId, after, before] = ['state', 'of', 'after', 'before'].map((name) => address.get(name));
  const variables = useMemo(
    () => ({
      ...(before ? { last: pageSize, before } : { first: pageSize, ...(after ? { after } : {}) }),
      filter: {
        // What goes on stands above the list by itself.
        isOpen: state === 'open',
        ...(providerId ? { providerId } : {}),
      },
    }),
    [state, providerId, after, before],
  );
  const [{ data, error }, refetch] = useQuery({
    query: IncidentsDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  useEffect(
    () => onHealthChanged(({ what }) => what !== 'provider' && refetch({ requestPolicy: 'network-only' })),
    [refetch],
  );
  const list = data?.incidents;
  const above =
    state === 'open' || state === 'over' || after || before
      ? []
      : open.filter((incident) => !providerId || incident.providerId === providerId);
  const incidents = [...above, ...(list?.edges.map(({ node }) => node) ?? [])];
  const now = useNow(
    incidents.some(({ isOpen }) => isOpen),
    1000,
  );
  const set = (values: Record<string, string | null>) => onChange({ ...values, after: null, before: null });
  const isFiltered = Boolean(state || providerId);
  const retry = () => {
    // A page that is gone is left for the first one.
    if (after || before) set({});
    refetch({ requestPolicy: 'network-only' });
  };
  if (error && !data) return <FailureNotice failure={describeFailure(error)} onRetry={retry} />;
  return (
    <>
      <div className={tableClasses.filters}>
        <SegmentedControl
          aria-label="Which incidents"
          value={state === 'open' || state === 'over' ? state : 'all'}
          onChange={(value) => set({ state: value === 'all' ? null : value })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'open', label: 'Going on' },
            { value: 'over', label: 'Over' },
          ]}
        />
        <Select
          aria-label="Provider"
          placeholder="Any provider"
          clearable
          searchable
          w={220}
          data={(providers ?? []).map(({ provider }) => ({ value: provider.id, label: provider.displayName }))}
          value={providerId ?? null}
          onChange={(value) => set({ of: value })}
        />
      </div>
      {!data ? <Skeleton h={260} radius={12} aria-busy="true" /> : null}
      {list && incidents.length === 0 ? (
        <EmptyState
          picture={<IconShieldCheck size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title={isFiltered ? 'Nothing matches' : 'No incident so far'}
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => set({ state: null, of: null })}>
                Clear the filter
              </Button>
            ) : undefined
          }
        >
          Trouble of a provider opens an incident by itself and closes it when the provider is well: with its steps, the
          models that failed, who answered instead, and what it cost.
        </EmptyState>
      ) : null}
      {incidents.length > 0 ? (
        <ul className={classes.rows} aria-label="Incidents">
          {incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} now={now} />
          ))}
        </ul>
      ) : null}
      {list && list.edges.length > 0 ? (
        <AddressPages
          list={list}
          nouns={state === 'open' ? ['goes on', 'go on'] : ['is over', 'are over']}
          onChange={onChange}
        />
      ) : null}
    </>
  );
}
