'use client';

import { Button, Drawer, Group, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconHistory, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { RestoreWorkflowVersionDocument, WorkflowVersionsDocument } from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from '../routing/rules-tab.module.css';
import { ChangeList } from './change-list.tsx';
import { readDraft } from './definition.ts';
import { useEditorParts } from './editor-context.ts';

const shownVersions = 50;

/** Every published version: who, when, why, what changed with it, and the ways back. */
export function VersionsDrawer({ mayManage, onClose }: { mayManage: boolean; onClose: () => void }) {
  const { editor } = useEditorParts();
  const { workflow, isReadOnly, isChanged } = editor;
  const [{ data, error }, reload] = useQuery({
    query: WorkflowVersionsDocument,
    variables: { id: workflow.id, first: shownVersions },
    requestPolicy: 'network-only',
  });
  const [{ fetching }, restore] = useMutation(RestoreWorkflowVersionDocument);
  const [open, setOpen] = useState<{ version: number; what: 'changes' | 'back' }>();
  const [problem, setProblem] = useState<string>();
  const current = workflow.publishedVersion ?? 0;
  const versions = data?.node?.__typename === 'Workflow' ? data.node.versions : undefined;
  const toggle = (version: number, what: 'changes' | 'back') =>
    setOpen(open?.version === version && open.what === what ? undefined : { version, what });

  const putBack = async (version: number) => {
    setProblem(undefined);
    const answer = await restore({ input: { workflowId: workflow.id, version } });
    const result = answer.data?.restoreWorkflowVersion;
    if (result?.__typename !== 'WorkflowPublishedSuccess') return setProblem(refusalText(result, answer.error));
    if (result.workflow) editor.adopt(result.workflow, isChanged);
    notifications.show({ message: `Version ${version} is back in force, as version ${current + 1}.` });
    onClose();
  };

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title="Versions"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {versions || error ? null : <Skeleton h={200} radius={8} />}
      {isChanged && current > 0 ? (
        <section aria-label="Draft" className={classes.version}>
          <p className={classes.versionHead}>
            <strong>Draft</strong>
            <span className={classes.muted}>against version {current}</span>
          </p>
          {editor.saveState === 'saved' ? (
            <ChangeList workflowId={workflow.id} from={current} to={0} />
          ) : (
            <p className={classes.note}>It is being saved.</p>
          )}
        </section>
      ) : null}
      <ol className={classes.versions}>
        {versions?.map(({ id, version, note, restoredFrom, publishedAt, publishedByName, definition }) => (
          <li key={id} className={classes.version}>
            <p className={classes.versionHead}>
              <strong>Version {version}</strong>
              {version === current ? <span className={classes.inForce}>in force</span> : null}
              <span className={classes.muted}>
                {formatMoment(publishedAt)}
                {publishedByName ? `, ${publishedByName}` : ''}
              </span>
            </p>
            {restoredFrom === null ? null : <p className={classes.note}>Put version {restoredFrom} back into force.</p>}
            {note ? <p className={classes.quote}>“{note}”</p> : null}
            <Group gap="xs">
              {version > 1 ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-expanded={open?.version === version && open.what === 'changes'}
                  aria-label={`What changed with version ${version}`}
                  onClick={() => toggle(version, 'changes')}
                >
                  What changed
                </Button>
              ) : null}
              {isReadOnly ? null : (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconPencil size={14} />}
                  aria-label={`Edit version ${version} as the draft`}
                  onClick={() => {
                    editor.edit(() => readDraft(definition, workflow.name).definition);
                    notifications.show({ message: `The draft is what version ${version} was. Undo takes that back.` });
                    onClose();
                  }}
                >
                  Edit as draft
                </Button>
              )}
              {version !== current && mayManage && workflow.sourceDetail === null ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconHistory size={14} />}
                  aria-label={`Restore version ${version}`}
                  onClick={() => toggle(version, 'back')}
                >
                  Restore
                </Button>
              ) : null}
            </Group>
            {open?.version === version && open.what === 'changes' ? (
              <ChangeList workflowId={workflow.id} from={version - 1} to={version} />
            ) : null}
            {open?.version === version && open.what === 'back' ? (
              <section className={classes.confirm} aria-label={`Restore version ${version}`}>
                <p className={classes.note}>
                  Version {version} comes back into force for every run that starts from then on, as version{' '}
                  {current + 1}. Compared with what is in force now:
                </p>
                <ChangeList workflowId={workflow.id} from={current} to={version} />
                {problem ? (
                  <p className={classes.problem} role="alert">
                    {problem}
                  </p>
                ) : null}
                <Group justify="flex-end" gap="xs">
                  <Button variant="default" size="xs" onClick={() => setOpen(undefined)}>
                    Cancel
                  </Button>
                  <Button size="xs" loading={fetching} onClick={() => putBack(version)}>
                    Put version {version} back
                  </Button>
                </Group>
              </section>
            ) : null}
          </li>
        ))}
      </ol>
    </Drawer>
  );
}
