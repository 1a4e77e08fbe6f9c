'use client';

import { Button, SegmentedControl } from '@mantine/core';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { WorkflowListDocument } from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { SearchField } from '../../shell/search-field.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { CredentialsBanner } from './credentials-banner.tsx';
import { EmptyWorkflowsPicture } from './empty-workflows-picture.tsx';
import { GalleryStrip } from './gallery-strip.tsx';
import type { ListedWorkflow } from './listed-workflow.ts';
import { useLastRuns } from './use-last-runs.ts';
import { useMayEdit } from './use-may-edit.ts';
import { WorkflowCards, WorkflowCardsSkeleton } from './workflow-cards.tsx';
import { WorkflowTable } from './workflow-table.tsx';

const NewWorkflowDialog = dynamic(
  () => import('./new-workflow-dialog.tsx').then((module) => module.NewWorkflowDialog),
  {
    ssr: false,
  },
);
const ImportDialog = dynamic(() => import('./import-dialog.tsx').then((module) => module.ImportDialog), { ssr: false });
const DuplicateDialog = dynamic(() => import('./duplicate-dialog.tsx').then((module) => module.DuplicateDialog), {
  ssr: false,
});
const DeleteWorkflowDialog = dynamic(
  () => import('./delete-workflow-dialog.tsx').then((module) => module.DeleteWorkflowDialog),
  { ssr: false },
);

const pageSize = 24;

export interface WorkflowActions {
  mayEdit: boolean;
  mayManage: boolean;
  onDuplicate(workflow: ListedWorkflow): void;
  onDelete(workflow: ListedWorkflow): void;
}

/** Every workflow of the team, what it looks like, and how one begins. */
export function WorkflowsPage() {
  const [address, change] = useAddressState();
  const mayEdit = useMayEdit();
  const mayManage = useMayManage();
  const search = address.get('search') ?? '';
  const after = address.get('after');
  const isTable = address.get('view') === 'table';
  const [{ data, error }, reload] = useQuery({
    query: WorkflowListDocument,
    variables: { first: pageSize, ...(after ? { after } : {}), ...(search ? { search } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const [asked, setAsked] = useState<{ what: 'duplicate' | 'delete'; workflow: ListedWorkflow }>();
  const lastRuns = useLastRuns();
  const list = data?.workflows;
  const workflows = list?.edges.map(({ node }) => node);
  const opened = address.get('new');
  const actions: WorkflowActions = {
    mayEdit,
    mayManage,
    onDuplicate: (workflow) => setAsked({ what: 'duplicate', workflow }),
    onDelete: (workflow) => setAsked({ what: 'delete', workflow }),
  };
  const isEmpty = workflows?.length === 0 && search === '' && after === null;

  return (
    <>
      <PageHeader
        title="Workflows"
        description="Steps that ask models one after the other, side by side, or where a condition leads."
        actions={
          mayEdit ? (
            <>
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} />}
                onClick={() => change({ new: 'import' })}
              >
                Import
              </Button>
              <Button leftSection={<IconPlus size={16} />} onClick={() => change({ new: 'workflow' })}>
                New workflow
              </Button>
            </>
          ) : null
        }
      />
      <CredentialsBanner />
      {isEmpty ? null : (
        <div className={tableClasses.filters}>
          <SearchField
            label="Search workflows"
            value={search}
            onSearch={(value) => change({ search: value || null, after: null })}
          />
          <SegmentedControl
            aria-label="View"
            data={[
              { value: 'cards', label: 'Cards' },
              { value: 'table', label: 'Table' },
            ]}
            value={isTable ? 'table' : 'cards'}
            onChange={(value) => change({ view: value === 'table' ? 'table' : null })}
          />
        </div>
      )}
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {workflows === undefined && !error ? <WorkflowCardsSkeleton /> : null}
      {isEmpty ? (
        <>
          <EmptyState
            title="No workflows yet"
            picture={<EmptyWorkflowsPicture />}
            action={
              mayEdit ? <Button onClick={() => change({ new: 'workflow' })}>Make the first workflow</Button> : undefined
            }
          >
            A workflow asks models step by step: clarify, plan, write, review. Each step survives failures of its
            models, and the whole is one name that your apps can ask for.
          </EmptyState>
          {mayEdit ? <GalleryStrip onChoose={(name) => change({ new: `gallery:${name}` })} /> : null}
        </>
      ) : null}
      {workflows?.length === 0 && !isEmpty ? (
        <EmptyState title="No workflow matches">No workflow has “{search}” in its name.</EmptyState>
      ) : null}
      {workflows && workflows.length > 0 ? (
        isTable ? (
          <WorkflowTable workflows={workflows} lastRuns={lastRuns} actions={actions} />
        ) : (
          <WorkflowCards workflows={workflows} lastRuns={lastRuns} actions={actions} />
        )
      ) : null}
      <ListPages list={list} after={after} onChange={(value) => change({ after: value })} />
      {opened === 'import' ? <ImportDialog onClose={() => change({ new: null })} /> : null}
      {opened === 'workflow' || opened?.startsWith('gallery:') ? (
        <NewWorkflowDialog
          initial={opened.startsWith('gallery:') ? opened.slice(8) : undefined}
          onClose={() => change({ new: null })}
        />
      ) : null}
      {asked?.what === 'duplicate' ? (
        <DuplicateDialog workflow={asked.workflow} onClose={() => setAsked(undefined)} />
      ) : null}
      {asked?.what === 'delete' ? (
        <DeleteWorkflowDialog workflow={asked.workflow} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  );
}
