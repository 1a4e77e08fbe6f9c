'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { DatasetUsesDocument } from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import tableClasses from '../../shell/table.module.css';
import listClasses from './datasets.module.css';

/** The tests that name the dataset. */
export function UsesTab({ datasetId }: { datasetId: string }) {
  const [{ data, error }, reload] = useQuery({
    query: DatasetUsesDocument,
    variables: { id: datasetId },
    requestPolicy: 'cache-and-network',
  });
  const uses = data?.dataset?.usedBy;
  if (error && !uses)
    return <FailureNotice failure={describeFailure(error)} onRetry={() => reload({ requestPolicy: 'network-only' })} />;
  if (!uses) return <Skeleton h={160} radius={12} />;
  if (uses.length === 0)
    return (
      <EmptyState
        title="No test uses it"
        action={
          <AppLink href="/experiments" className={listClasses.link}>
            Go to tests
          </AppLink>
        }
      >
        A test copies its items when it starts, so it outlives its dataset.
      </EmptyState>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section className={tableClasses.frame} aria-label="Tests" tabIndex={0}>
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Test</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {uses.map(({ id, name, state }) => (
            <tr key={id}>
              <td>
                <AppLink href={`/experiments?id=${encodeURIComponent(id)}`} className={listClasses.link}>
                  {name}
                </AppLink>
              </td>
              <td className={tableClasses.muted}>
                {state === 'draft' ? 'draft: it would lose its items' : `${state}: it has its own copy`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
