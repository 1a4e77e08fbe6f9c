'use client';

import { Button, Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { EditedWorkflowDocument } from '../../gql/workflows.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { EmptyWorkflowsPicture } from './empty-workflows-picture.tsx';
import type { EditedWorkflow } from './use-workflow-editor.ts';

const EditorView = dynamic(() => import('./editor-view.tsx').then((module) => module.EditorView), {
  ssr: false,
  loading: () => <EditorSkeleton />,
});

type Loaded = { workflow: EditedWorkflow | undefined } | { failure: Failure };

/** Loads the workflow that the address names, and the editor for it. */
export function EditorPage() {
  const client = useClient();
  const parameters = useSearchParams();
  const id = parameters.get('id') ?? '';
  const workspace = useWorkspace();
  const [loaded, setLoaded] = useState<Loaded>();
  const load = useCallback(async () => {
    setLoaded(undefined);
    const { data, error } = await client.query(EditedWorkflowDocument, { id }, { requestPolicy: 'network-only' });
    if (error && !data) return setLoaded({ failure: describeFailure(error) });
    setLoaded({ workflow: data?.node?.__typename === 'Workflow' ? data.node : undefined });
  }, [client, id]);
  useEffect(() => void load(), [load]);

  if (!loaded || !workspace) return <EditorSkeleton />;
  if ('failure' in loaded) return <FailureNotice failure={loaded.failure} onRetry={load} />;
  if (!loaded.workflow) {
    return (
      <EmptyState
        title="There is no such workflow"
        picture={<EmptyWorkflowsPicture />}
        action={
          <Button component={AppLink} href="/workflows">
            All workflows
          </Button>
        }
      >
        It was deleted, or it belongs to another team.
      </EmptyState>
    );
  }
  return <EditorView key={loaded.workflow.id} workflow={loaded.workflow} step={parameters.get('step') ?? undefined} />;
}

function EditorSkeleton() {
  return (
    <div aria-hidden="true">
      <Skeleton h={36} w={320} radius={8} mb={14} />
      <Skeleton h={560} radius={12} />
    </div>
  );
}
