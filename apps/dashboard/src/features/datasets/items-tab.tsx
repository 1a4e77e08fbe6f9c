'use client';

import { Button, CloseButton, Select, Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatCount } from '../../format/number-format.ts';
import { DatasetItemsDocument } from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import classes from './dataset-page.module.css';
import type { ShownDataset } from './dataset-page.tsx';
import { countWords } from './dataset-words.ts';
import listClasses from './datasets.module.css';

const ItemDrawer = dynamic(() => import('./item-drawer.tsx').then((module) => module.ItemDrawer), { ssr: false });

const pageSize = 25;
/** No split can have this name. */
const unsplit = '*';

interface Props {
  version: NonNullable<ShownDataset['version']>;
  address: URLSearchParams;
  onChange(change: Record<string, string | null>): void;
}

/** The items of a version, page by page, narrowed by text, split and cluster. */
export function ItemsTab({ version, address, onChange }: Props) {
  const search = address.get('search') ?? '';
  const split = address.get('split');
  const cluster = address.get('cluster');
  const filter = JSON.stringify([search, split, cluster]);
  const [paged, setPaged] = useState<{ filter: string; after: readonly string[] }>({ filter, after: [] });
  const after = paged.filter === filter ? paged.after : [];
  const [openKey, setOpenKey] = useState<string>();
  const [{ data, error, fetching }, reload] = useQuery({
    query: DatasetItemsDocument,
    variables: {
      ...{ id: version.id, first: pageSize, after: after.at(-1) ?? null, search: search || null },
      ...(split === unsplit ? { isUnsplit: true } : { split }),
      cluster,
    },
  });
  const node = data?.node?.__typename === 'DatasetVersion' ? data.node : undefined;
  const items = node?.items.edges.map((edge) => edge.node);
  const total = node?.items.totalCount ?? 0;
  const opened = items?.find(({ key }) => key === openKey);
  const isFiltered = search !== '' || split !== null || cluster !== null;
  const has = (part: 'expected' | 'cluster' | 'split') => items?.some((item) => item[part] !== null) ?? false;
  return (
    <>
      {version.skippedCount > 0 ? (
        <details className={classes.skipped}>
          <summary>{countWords(version.skippedCount, 'line')} of the file were left out</summary>
          <ul>
            {version.skipped.map(({ line, message }) => (
              <li key={line}>
                Line {line}: {message}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <div className={tableClasses.filters}>
        <SearchField
          label="Search keys, inputs and expectations"
          value={search}
          onSearch={(value) => onChange({ search: value || null })}
        />
        {version.splits.length > 0 ? (
          <Select
            aria-label="Split"
            w={180}
            allowDeselect={false}
            data={[
              { value: '', label: 'All splits' },
              ...version.splits.map(({ name }) => ({ value: name, label: name })),
              { value: unsplit, label: 'In no split' },
            ]}
            value={split ?? ''}
            onChange={(value) => onChange({ split: value || null })}
          />
        ) : null}
        {cluster === null ? null : (
          <span className={listClasses.badge}>
            Cluster <b>{cluster}</b>
            <CloseButton
              size={18}
              iconSize={12}
              display="inline-flex"
              aria-label="All clusters"
              onClick={() => onChange({ cluster: null })}
            />
          </span>
        )}
      </div>
      {error && !node ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => reload({ requestPolicy: 'network-only' })} />
      ) : null}
      {!items && !error ? <Skeleton h={360} radius={12} /> : null}
      {items?.length === 0 ? (
        <EmptyState
          title="No item matches"
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => onChange({ search: null, split: null, cluster: null })}>
                Show all items
              </Button>
            ) : undefined
          }
        >
          {search ? `No item has “${search}” in its key, input or expectation.` : 'There is none in this part.'}
        </EmptyState>
      ) : null}
      {items && items.length > 0 ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */}
          <section className={tableClasses.frame} aria-label="Items" aria-busy={fetching} tabIndex={0}>
            <table className={tableClasses.table}>
              <thead>
                <tr>
                  <th scope="col">Key</th>
                  <th scope="col">Input</th>
                  {has('expected') ? <th scope="col">Expected</th> : null}
                  {has('split') ? <th scope="col">Split</th> : null}
                  {has('cluster') ? <th scope="col">Cluster</th> : null}
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.key}>
                    <td>
                      <button type="button" className={classes.item} onClick={() => setOpenKey(item.key)}>
                        {item.key}
                      </button>
                    </td>
                    <td>
                      <span className={listClasses.clip}>{item.input.slice(0, 300)}</span>
                    </td>
                    {has('expected') ? (
                      <td>
                        <span className={listClasses.clip}>{item.expected?.slice(0, 300) ?? ''}</span>
                      </td>
                    ) : null}
                    {has('split') ? <td>{item.split}</td> : null}
                    {has('cluster') ? <td className={tableClasses.muted}>{item.cluster}</td> : null}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <nav className={tableClasses.pages} aria-label="Pages of items">
            <span>
              {formatCount(after.length * pageSize + 1)} to {formatCount(after.length * pageSize + items.length)} of{' '}
              {formatCount(total)}
            </span>
            <span>
              <Button
                size="xs"
                variant="default"
                disabled={after.length === 0}
                onClick={() => setPaged({ filter, after: after.slice(0, -1) })}
              >
                Previous
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={!node?.items.pageInfo.hasNextPage}
                onClick={() => setPaged({ filter, after: [...after, node?.items.pageInfo.endCursor ?? ''] })}
              >
                Next
              </Button>
            </span>
          </nav>
        </>
      ) : null}
      {opened ? <ItemDrawer item={opened} onClose={() => setOpenKey(undefined)} /> : null}
    </>
  );
}
