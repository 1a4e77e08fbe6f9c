'use client';

import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { ExperimentListDocument, type ExperimentListQuery } from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AddressPages } from '../../shell/address-pages.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { useMayEdit } from '../workflows/use-may-edit.ts';
import { EmptyTestsPicture } from './empty-tests-picture.tsx';
import classes from './experiment-list.module.css';
import { ExperimentTable, ExperimentTableSkeleton } from './experiment-table.tsx';
import { useNewTest } from './use-new-test.ts';

export type ListedExperiment = ExperimentListQuery['experiments']['edges'][number]['node'];
export interface AddressProps {
  address: URLSearchParams;
  onChange(values: Record<string, string | null>): void;
}

const pageSize = 20;
const watchEveryMs = 4_000;
const states = [
  { value: '', label: 'All' },
  { value: 'draft', label: 'Drafts' },
  { value: 'running', label: 'Running' },
  { value: 'ended', label: 'Ended' },
];

/** Every test of the team. Filters and the page are in the address; tests that run are looked at again and again. */
export function ExperimentListPage({ address, onChange }: AddressProps) {
  const choices = useModelChoices();
  const mayEdit = useMayEdit();
  const { make, isBusy } = useNewTest(choices);
  const search = address.get('search') ?? '';
  const state = states.find(({ value }) => value === address.get('state'))?.value ?? '';
  const after = address.get('after');
  const before = address.get('before');
  const page = before ? { last: pageSize, before } : { first: pageSize, ...(after ? { after } : {}) };
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ExperimentListDocument,
    variables: { ...page, ...(state ? { state } : {}), ...(search ? { search } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.experiments;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const isWatched = rows.some((row) => row.state === 'running');
  useEffect(() => {
    if (!isWatched) return;
    const timer = setInterval(() => {
      if (!document.hidden) refetch({ requestPolicy: 'network-only' });
    }, watchEveryMs);
    return () => clearInterval(timer);
  }, [isWatched, refetch]);

  const set = (values: Record<string, string | null>) => onChange({ ...values, after: null, before: null });
  const isNarrow = search !== '' || state !== '';
  const isEmpty = list?.edges.length === 0 && !fetching;
  const button = mayEdit ? (
    <Button
      leftSection={<IconPlus size={16} />}
      loading={isBusy}
      disabled={choices.isLoading}
      onClick={() => void make()}
    >
      New test
    </Button>
  ) : undefined;

  return (
    <>
      <PageHeader
        title="Tests"
        description="Variants side by side on the same items: a winner with confidence, or an honest “cannot tell”."
        actions={isEmpty && !isNarrow ? undefined : button}
      />
      {isEmpty && !isNarrow ? null : (
        <div className={tableClasses.filters}>
          <SearchField value={search} onSearch={(value) => set({ search: value })} label="Search tests" />
          <SegmentedControl
            aria-label="State"
            className={classes.states}
            data={states}
            value={state}
            onChange={(value) => set({ state: value || null })}
          />
        </div>
      )}
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!list && !error ? <ExperimentTableSkeleton /> : null}
      {rows.length > 0 ? <ExperimentTable rows={rows} /> : null}
      {isEmpty && isNarrow ? (
        <EmptyState
          title="Nothing matches"
          action={
            <Button variant="default" onClick={() => set({ search: null, state: null })}>
              Clear the filters
            </Button>
          }
        >
          No test has this name and state.
        </EmptyState>
      ) : null}
      {isEmpty && !isNarrow ? (
        <EmptyState picture={<EmptyTestsPicture />} title="Find out which one is better" action={button}>
          A test sends the same items through two to eight variants: models, prompts, parameters. It says how large the
          difference is and how sure that is, and you may look at any time. It stops when a winner is clear, nothing can
          be found any more, or the money you set is used up.
        </EmptyState>
      ) : null}
      {list && rows.length > 0 && (list.pageInfo.hasNextPage || list.pageInfo.hasPreviousPage) ? (
        <AddressPages list={list} nouns={['test', 'tests']} onChange={onChange} />
      ) : null}
    </>
  );
}
