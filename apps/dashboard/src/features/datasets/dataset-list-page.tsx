'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconFileImport, IconHistory } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { formatCount } from '../../format/number-format.ts';
import { DatasetListDocument } from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { useMayRun } from '../health/use-may-run.ts';
import { datasetHref } from './dataset-links.ts';
import { sourceWords } from './dataset-words.ts';
import classes from './datasets.module.css';
import { EmptyDatasetsPicture } from './empty-datasets-picture.tsx';
import { SplitBadges } from './split-badges.tsx';

const pageSize = 24;

interface Props {
  address: URLSearchParams;
  onChange(change: Record<string, string | null>): void;
}

/** Every dataset of the team, and the two ways to make one. */
export function DatasetListPage({ address, onChange }: Props) {
  const mayMake = useMayRun();
  const now = useNow(true, 30_000);
  const search = address.get('search') ?? '';
  const after = address.get('after');
  const [{ data, error }, reload] = useQuery({
    query: DatasetListDocument,
    variables: { first: pageSize, ...(after ? { after } : {}), ...(search ? { search } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.datasets;
  const datasets = list?.edges.map(({ node }) => node);
  const isEmpty = datasets?.length === 0 && search === '' && after === null;
  return (
    <>
      <PageHeader
        title="Datasets"
        description="Items to test models with. A version never changes, so a test can always say what it was run on."
        actions={
          mayMake && !isEmpty ? (
            <>
              <Button
                component={AppLink}
                href="/datasets?new=history"
                variant="default"
                leftSection={<IconHistory size={16} />}
              >
                From history
              </Button>
              <Button component={AppLink} href="/datasets?new=import" leftSection={<IconFileImport size={16} />}>
                Import a file
              </Button>
            </>
          ) : null
        }
      />
      {isEmpty ? null : (
        <div className={tableClasses.filters}>
          <SearchField
            label="Search datasets"
            value={search}
            onSearch={(value) => onChange({ search: value || null, after: null })}
          />
        </div>
      )}
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {datasets === undefined && !error ? <Skeleton h={280} radius={12} /> : null}
      {isEmpty ? (
        <EmptyState
          title="No datasets yet"
          picture={<EmptyDatasetsPicture />}
          action={
            mayMake ? (
              <div className={classes.emptyActions}>
                <Button component={AppLink} href="/datasets?new=import" leftSection={<IconFileImport size={16} />}>
                  Import a file
                </Button>
                <AppLink href="/datasets?new=history" className={classes.link}>
                  or take what was asked before
                </AppLink>
              </div>
            ) : undefined
          }
        >
          A dataset is a list of questions, and of what would be right if you know it. Tests send every item to every
          variant, so differences come from the variants and not from the questions.
        </EmptyState>
      ) : null}
      {datasets?.length === 0 && !isEmpty ? (
        <EmptyState title="No dataset matches">No dataset has “{search}” in its name.</EmptyState>
      ) : null}
      {datasets && datasets.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
        <section className={tableClasses.frame} aria-label="Datasets" tabIndex={0}>
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" className={tableClasses.number}>
                  Items
                </th>
                <th scope="col">Splits</th>
                <th scope="col">Versions</th>
                <th scope="col">Tests</th>
                <th scope="col">Changed</th>
              </tr>
            </thead>
            <tbody>
              {datasets.map(({ id, name, description, version, usedByCount, updatedAt }) => (
                <tr key={id}>
                  <td className={classes.nameCell}>
                    <AppLink href={datasetHref(id)} className={classes.link}>
                      {name}
                    </AppLink>
                    {description ? <span className={classes.description}>{description}</span> : null}
                  </td>
                  <td className={tableClasses.number}>{formatCount(version?.itemCount ?? 0)}</td>
                  <td>
                    <SplitBadges splits={version?.splits ?? []} />
                  </td>
                  <td className={classes.noWrap}>
                    {version?.version ?? 0}{' '}
                    <span className={tableClasses.muted}>{sourceWords[version?.source ?? ''] ?? ''}</span>
                  </td>
                  <td>
                    {usedByCount === 0 ? (
                      <span className={tableClasses.muted}>none</span>
                    ) : (
                      <AppLink href={`${datasetHref(id)}&tab=tests`} className={classes.link}>
                        {usedByCount}
                      </AppLink>
                    )}
                  </td>
                  <td className={`${tableClasses.muted} ${classes.noWrap}`}>{formatAge(updatedAt, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <ListPages list={list} after={after} onChange={(value) => onChange({ after: value })} />
    </>
  );
}
