'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { formatCount } from '../../format/number-format.ts';
import { DatasetClustersDocument } from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from './clusters-tab.module.css';
import { countWords } from './dataset-words.ts';
import listClasses from './datasets.module.css';

interface Props {
  versionId: string;
  itemCount: number;
  onChange(change: Record<string, string | null>): void;
}

/** The largest clusters of a version; each leads to its items. */
export function ClustersTab({ versionId, itemCount, onChange }: Props) {
  const [{ data, error }, reload] = useQuery({ query: DatasetClustersDocument, variables: { id: versionId } });
  const node = data?.node?.__typename === 'DatasetVersion' ? data.node : undefined;
  if (error && !node)
    return <FailureNotice failure={describeFailure(error)} onRetry={() => reload({ requestPolicy: 'network-only' })} />;
  if (!node) return <Skeleton h={240} radius={12} />;
  if (node.clusterCount === 0)
    return (
      <EmptyState title="No clusters">
        Items of one document, user or source are alike and count as one observation. Map the column that tells them
        apart as Cluster when you import, and tests take care of it.
      </EmptyState>
    );
  const largest = node.clusters[0]?.itemCount ?? 1;
  return (
    <section className={listClasses.card}>
      <p className={listClasses.hint}>
        {countWords(node.clusterCount, 'cluster')} with {countWords(itemCount, 'item')}. Items of one cluster are alike:
        a test counts clusters, not items
        {node.clusterCount < 15 ? ', and fewer than 15 make its intervals wide' : ''}.
        {node.clusterCount > node.clusters.length ? ` The ${node.clusters.length} largest:` : ''}
      </p>
      <ul className={classes.list}>
        {node.clusters.map(({ name, itemCount: count }) => (
          <li key={name}>
            <button type="button" onClick={() => onChange({ tab: null, search: null, split: null, cluster: name })}>
              {name}
            </button>
            <i style={{ width: `${Math.max(1, (100 * count) / largest)}%` }} aria-hidden="true" />
            <b>{formatCount(count)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
