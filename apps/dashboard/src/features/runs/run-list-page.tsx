'use client';

import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSitemap } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { RunListDocument, type RunSummaryFieldsFragment, RunWorkflowNamesDocument } from '../../gql/runs.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AddressPages } from '../../shell/address-pages.tsx';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { EmptyRunsPicture } from './empty-runs-picture.tsx';
import {
  addressOf,
  dayChoices,
  filterInput,
  filterNames,
  filtersOf,
  hadChoices,
  isFiltered,
  stateChoices,
} from './run-filters.ts';
import { isEnded } from './run-record.ts';
import { RunTable, RunTableSkeleton } from './run-table.tsx';
import { sourceWords } from './run-words.ts';
import { SavedViews } from './saved-views.tsx';

export type RunRow = RunSummaryFieldsFragment;
export interface AddressProps {
  address: URLSearchParams;
  onChange(values: Record<string, string | null>): void;
}

const pageSize = 25;
const watchEveryMs = 3_000;
const sourceChoices = Object.entries(sourceWords).map(([value, label]) => ({ value, label }));

/** Every run of the team. Filters and the page are in the address; runs that are under way are looked at again and again. */
export function RunListPage({ address, onChange }: AddressProps) {
  const filters = useMemo(() => filtersOf(address), [address]);
  const [nowMs] = useState(Date.now);
  const filter = useMemo(() => filterInput(filters, nowMs), [filters, nowMs]);
  const after = address.get('after');
  const before = address.get('before');
  const page = before ? { last: pageSize, before } : { first: pageSize, ...(after ? { after } : {}) };
  const [{ data, error, fetching }, refetch] = useQuery({
    query: RunListDocument,
    variables: { ...page, filter },
    requestPolicy: 'cache-and-network',
  });
  const [{ data: named }] = useQuery({ query: RunWorkflowNamesDocument });
  const list = data?.runs;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const isWatched = rows.some(({ state }) => !isEnded(state)) || (!after && !before);
  useEffect(() => {
    if (!isWatched) return;
    const timer = setInterval(() => {
      if (!document.hidden) refetch({ requestPolicy: 'network-only' });
    }, watchEveryMs);
    return () => clearInterval(timer);
  }, [isWatched, refetch]);

  const set = (values: Record<string, string | null>) => onChange({ ...values, after: null, before: null });
  const clear = () => set(Object.fromEntries(filterNames.map((name) => [name, null])));
  const open = (view: string) => {
    const wanted = new URLSearchParams(view);
    set(Object.fromEntries(filterNames.map((name) => [name, wanted.get(name)])));
  };
  const isNarrow = isFiltered(filters);
  const isEmpty = list?.edges.length === 0 && !fetching;
  const names = (named?.workflows.edges ?? []).map(({ node }) => node.name);

  return (
    <>
      <PageHeader
        title="Runs"
        description="Every execution of a workflow, with who answered, what it cost and what went wrong on the way."
        actions={
          <Button component={AppLink} href="/workflows" leftSection={<IconSitemap size={16} />} variant="default">
            Workflows
          </Button>
        }
      />
      {isEmpty && !isNarrow ? null : (
        <>
          <SavedViews current={addressOf(filters)} onOpen={open} />
          <div className={tableClasses.filters}>
            <SearchField
              value={filters.search}
              onSearch={(value) => set({ search: value })}
              label="Search names, tags, errors"
            />
            <Select
              aria-label="State"
              placeholder="Any state"
              clearable
              w={150}
              data={stateChoices}
              value={filters.state || null}
              onChange={(value) => set({ state: value })}
            />
            <Select
              aria-label="Workflow"
              placeholder="Any workflow"
              searchable
              clearable
              w={165}
              data={names.includes(filters.workflow) || filters.workflow === '' ? names : [filters.workflow, ...names]}
              value={filters.workflow || null}
              onChange={(value) => set({ workflow: value })}
            />
            <Select
              aria-label="Came in by"
              placeholder="Any way in"
              clearable
              w={135}
              data={sourceChoices}
              value={filters.source || null}
              onChange={(value) => set({ source: value })}
            />
            <Select
              aria-label="What happened"
              placeholder="Any course"
              clearable
              w={140}
              data={hadChoices}
              value={filters.had || null}
              onChange={(value) => set({ had: value })}
            />
            <Select
              aria-label="When"
              placeholder="Any time"
              clearable
              w={140}
              data={dayChoices}
              value={filters.days || null}
              onChange={(value) => set({ days: value })}
            />
            <TagField value={filters.tag} onChange={(tag) => set({ tag })} />
          </div>
        </>
      )}
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!list && !error ? <RunTableSkeleton /> : null}
      {rows.length > 0 ? <RunTable rows={rows} address={addressOf(filters)} onTag={(tag) => set({ tag })} /> : null}
      {isEmpty && isNarrow ? (
        <EmptyState
          title="Nothing matches"
          action={
            <Button variant="default" onClick={clear}>
              Clear the filters
            </Button>
          }
        >
          No run has all of this. Tries of single steps are listed only when they are asked for.
        </EmptyState>
      ) : null}
      {isEmpty && !isNarrow ? (
        <EmptyState
          picture={<EmptyRunsPicture />}
          title="Runs will be kept here"
          action={
            <Button component={AppLink} href="/workflows">
              Open the workflows
            </Button>
          }
        >
          Each with every step, every attempt at every model, what it cost, and the way to go on where it failed.
        </EmptyState>
      ) : null}
      {list && rows.length > 0 ? <AddressPages list={list} nouns={['run', 'runs']} onChange={onChange} /> : null}
    </>
  );
}

function TagField({ value, onChange }: { value: string; onChange(tag: string | null): void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const report = useDebouncedCallback((next: string) => onChange(next.trim() || null), 350);
  return (
    <TextInput
      w={110}
      aria-label="Tag"
      placeholder="Any tag"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        report(event.currentTarget.value);
      }}
    />
  );
}
