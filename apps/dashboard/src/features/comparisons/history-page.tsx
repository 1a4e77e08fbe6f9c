'use client';

import { Button, Select } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ComparisonListDocument, type ComparisonListQuery, type ComparisonState } from '../../gql/comparisons.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AddressPages } from '../../shell/address-pages.tsx';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { DeleteComparisonDialog } from './delete-comparison-dialog.tsx';
import { HistoryPicture } from './history-picture.tsx';
import { HistoryTable, HistoryTableSkeleton } from './history-table.tsx';

export type HistoryRow = ComparisonListQuery['comparisons']['edges'][number]['node'];

const pageSize = 25;
const states = [
  { value: 'RUNNING', label: 'Running' },
  { value: 'FINISHED', label: 'Finished' },
];

/** Every comparison of the team. Filters and the page are in the address. */
export function HistoryPage() {
  const [address, change] = useAddressState();
  const choices = useModelChoices();
  const [doomed, setDoomed] = useState<HistoryRow>();
  const search = address.get('search') ?? '';
  const model = address.get('model');
  const state = address.get('state') as ComparisonState | null;
  const after = address.get('after');
  const before = address.get('before');
  const filter = {
    ...(search ? { search } : {}),
    ...(model ? { modelIds: [model] } : {}),
    ...(state ? { state } : {}),
  };
  const page = before ? { last: pageSize, before } : { first: pageSize, ...(after ? { after } : {}) };
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ComparisonListDocument,
    variables: { ...page, filter },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.comparisons;
  const isFiltered = search !== '' || model !== null || state !== null;
  const setFilter = (values: Record<string, string | null>) => change({ ...values, after: null, before: null });
  const isEmpty = list?.edges.length === 0 && !fetching;

  return (
    <>
      <PageHeader
        title="History"
        description="Every comparison of the team, with what it cost and which answer was best."
        actions={
          <Button component={AppLink} href="/compare" leftSection={<IconColumns3 size={16} />}>
            New comparison
          </Button>
        }
      />
      {isEmpty && !isFiltered ? null : (
        <div className={tableClasses.filters}>
          <SearchField
            value={search}
            onSearch={(value) => setFilter({ search: value })}
            label="Search prompts and notes"
          />
          <Select
            aria-label="Model"
            placeholder="Any model"
            searchable
            clearable
            w={220}
            data={choices.models.map(({ modelId, displayName }) => ({ value: modelId, label: displayName }))}
            value={model}
            onChange={(value) => setFilter({ model: value })}
          />
          <Select
            aria-label="State"
            placeholder="Any state"
            clearable
            w={150}
            data={states}
            value={state}
            onChange={(value) => setFilter({ state: value })}
          />
        </div>
      )}
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!list && !error ? <HistoryTableSkeleton /> : null}
      {list && list.edges.length > 0 ? (
        <HistoryTable rows={list.edges.map(({ node }) => node)} choices={choices} onDelete={setDoomed} />
      ) : null}
      {isEmpty && isFiltered ? (
        <EmptyState
          title="Nothing matches"
          action={
            <Button variant="default" onClick={() => setFilter({ search: null, model: null, state: null })}>
              Clear the filters
            </Button>
          }
        >
          No comparison has these words, this model and this state.
        </EmptyState>
      ) : null}
      {isEmpty && !isFiltered ? (
        <EmptyState
          picture={<HistoryPicture />}
          title="Your comparisons will be kept here"
          action={
            <Button component={AppLink} href="/compare">
              Run the first comparison
            </Button>
          }
        >
          Each with every answer, its tokens, cost and latency, your rating and the winner; searchable, and one link
          away for your team.
        </EmptyState>
      ) : null}
      {list && list.edges.length > 0 ? (
        <AddressPages list={list} nouns={['comparison', 'comparisons']} onChange={change} />
      ) : null}
      {doomed ? <DeleteComparisonDialog comparison={doomed} onClose={() => setDoomed(undefined)} /> : null}
    </>
  );
}
