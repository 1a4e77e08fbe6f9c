'use client';

import { Button, Menu, Select, Skeleton, TextInput } from '@mantine/core';
import { IconDownload, IconHistoryToggle } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { AuditActorsDocument, AuditLogDocument } from '../../gql/audit.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AddressPages } from '../../shell/address-pages.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayDo } from '../../shell/use-may-do.ts';
import classes from './audit.module.css';
import { auditVariables, exportAddress, filterNames } from './audit-filters.ts';
import { AuditGroup } from './audit-group.tsx';
import { groupByRequest, objectTypes, wordsOf } from './audit-words.ts';
import { ChainState } from './chain-state.tsx';

const EntryDrawer = dynamic(() => import('./entry-drawer.tsx').then((module) => module.EntryDrawer), { ssr: false });

const everyFilter = Object.fromEntries(filterNames.map((name) => [name, null]));

/** Who changed what, newest first: found by person, kind, day and text, with the state of the hash chain. */
export function AuditTab() {
  const [address, change] = useAddressState();
  const exporting = useMayDo('MANAGE', 'TEAM');
  const key = address.toString();
  const variables = useMemo(() => auditVariables(new URLSearchParams(key)), [key]);
  const [{ data, error, stale }, refetch] = useQuery({
    query: AuditLogDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  const [{ data: known }] = useQuery({ query: AuditActorsDocument });
  const actors = useMemo(
    () => [
      {
        group: 'People',
        items: (known?.viewer.team.members ?? []).map(({ user }) => ({ value: user.id, label: user.name })),
      },
      {
        group: 'API keys',
        items: (known?.viewer.team.apiKeys ?? []).map(({ id, name }) => ({ value: id, label: `${name} (key)` })),
      },
      {
        group: 'Any of a kind',
        items: [
          { value: 'PERSON', label: 'All people' },
          { value: 'KEY', label: 'All API keys' },
          { value: 'FILE', label: 'The configuration file' },
          { value: 'SYSTEM', label: 'Switchyard itself' },
        ],
      },
    ],
    [known],
  );
  const filter = (values: Record<string, string | null>) => change({ ...values, before: null, after: null });
  const isFiltered = filterNames.some((name) => address.get(name));
  const list = data?.auditLog;
  const groups = groupByRequest(list?.edges.map(({ node }) => node) ?? []);
  const openId = address.get('entry');
  return (
    <>
      <ChainState />
      <div className={tableClasses.filters}>
        <SearchField
          label="Search what, who and values"
          value={address.get('search') ?? ''}
          onSearch={(search) => filter({ search: search || null })}
        />
        <Select
          aria-label="Who"
          placeholder="Anybody"
          w={190}
          clearable
          searchable
          nothingFoundMessage="Nobody of this name"
          data={actors.filter(({ items }) => items.length > 0)}
          value={address.get('actor')}
          onChange={(actor) => filter({ actor })}
        />
        <Select
          aria-label="Kind of thing"
          placeholder="Any kind of thing"
          w={190}
          clearable
          searchable
          data={objectTypes.map((value) => ({ value, label: wordsOf(value) }))}
          value={address.get('type')}
          onChange={(type) => filter({ type })}
        />
        <TextInput
          type="date"
          aria-label="From day"
          w={150}
          value={address.get('from') ?? ''}
          onChange={(event) => filter({ from: event.currentTarget.value || null })}
        />
        <TextInput
          type="date"
          aria-label="To day"
          w={150}
          value={address.get('to') ?? ''}
          onChange={(event) => filter({ to: event.currentTarget.value || null })}
        />
        {isFiltered ? (
          <Button variant="subtle" size="xs" onClick={() => filter(everyFilter)}>
            Clear
          </Button>
        ) : null}
        <Menu position="bottom-end" width={260}>
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={16} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {exporting.isAllowed ? null : <Menu.Label>{exporting.reason}</Menu.Label>}
            {(['csv', 'jsonl'] as const).map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={exporting.isAllowed ? exportAddress(format, variables) : undefined}
                download
                disabled={!exporting.isAllowed}
              >
                {format === 'csv' ? 'CSV, for a spreadsheet' : 'JSON lines, with the hash chain'}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {error && !list ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!list && !error ? <Skeleton h={320} radius={12} aria-busy="true" /> : null}
      {list && groups.length === 0 ? (
        <EmptyState
          picture={<IconHistoryToggle size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title={isFiltered ? 'Nothing fits these filters' : 'Nothing was changed yet'}
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => filter(everyFilter)}>
                Clear the filters
              </Button>
            ) : undefined
          }
        >
          Every change of settings, keys, members and rules is written here in the same moment as the change itself.
        </EmptyState>
      ) : null}
      {list && groups.length > 0 ? (
        <>
          <ol className={classes.list} aria-label="Audit log" aria-busy={stale || undefined}>
            {groups.map((group) => (
              <AuditGroup key={group.key} rows={group.rows} onOpen={(entry) => change({ entry })} />
            ))}
          </ol>
          <AddressPages list={list} nouns={['entry', 'entries']} onChange={change} />
        </>
      ) : null}
      {openId ? (
        <EntryDrawer
          id={openId}
          onOpen={(entry) => change({ entry })}
          onObject={(object) => filter({ ...everyFilter, object, entry: null })}
          onReverted={() => refetch({ requestPolicy: 'network-only' })}
          onClose={() => change({ entry: null })}
        />
      ) : null}
    </>
  );
}
