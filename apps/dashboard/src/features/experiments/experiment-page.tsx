'use client';

import { Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { EmptyTestsPicture } from './empty-tests-picture.tsx';
import type { AddressProps } from './experiment-list-page.tsx';
import { useExperiment } from './use-experiment.ts';

const EditorPage = dynamic(() => import('./editor-page.tsx').then((module) => module.EditorPage), {
  ssr: false,
  loading: () => <Loading />,
});
const ResultPage = dynamic(() => import('./result-page.tsx').then((module) => module.ResultPage), {
  ssr: false,
  loading: () => <Loading />,
});

/** One test: its editor while it is a draft, else what it has shown. */
export function ExperimentPage({ id, address, onChange }: AddressProps & { id: string }) {
  const { experiment, isMissing, failure, reload } = useExperiment(id);
  usePageTitle(experiment?.name);
  if (failure) return <FailureNotice failure={failure} onRetry={reload} />;
  if (isMissing)
    return (
      <EmptyState
        picture={<EmptyTestsPicture />}
        title="There is no such test"
        action={<AppLink href="/experiments">All tests</AppLink>}
      >
        It was deleted, or the address belongs to another team.
      </EmptyState>
    );
  if (!experiment) return <Loading />;
  return experiment.state === 'draft' ? (
    <EditorPage experiment={experiment} address={address} onChange={onChange} reload={reload} />
  ) : (
    <ResultPage experiment={experiment} address={address} onChange={onChange} reload={reload} />
  );
}

function Loading() {
  return (
    <div aria-busy="true" style={{ display: 'grid', gap: 14 }}>
      <Skeleton h={28} w={280} maw="70%" />
      <Skeleton h={110} radius={12} />
      <Skeleton h={320} radius={12} />
    </div>
  );
}
