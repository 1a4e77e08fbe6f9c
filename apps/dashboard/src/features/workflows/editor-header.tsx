'use client';

import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconCheck,
  IconCloudUpload,
  IconCopy,
  IconDots,
  IconFileTypeXml,
  IconHistory,
  IconJson,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { AppLink } from '../../shell/app-link.tsx';
import { useEditorParts } from './editor-context.ts';
import classes from './editor-header.module.css';
import type { EditorDialog } from './editor-view.tsx';
import { stateOf } from './listed-workflow.ts';
import { useExport } from './use-export.ts';
import { useMayEdit } from './use-may-edit.ts';
import type { SaveState } from './use-workflow-editor.ts';
import { WorkflowBadges } from './workflow-badges.tsx';

const saveWords: Readonly<Record<SaveState, string>> = {
  saved: 'Saved',
  unsaved: 'Not saved yet',
  saving: 'Saving…',
  failed: 'Not saved',
  conflict: 'Waits for your decision',
};

interface Props {
  name: string;
  mayManage: boolean;
  onOpen(dialog: EditorDialog): void;
}

/** What is edited, how it stands, and what can be done with the whole. */
export function EditorHeader({ name, mayManage, onOpen }: Props) {
  const { editor, problems } = useEditorParts();
  const { workflow, isChanged, isReadOnly, saveState, definition } = editor;
  const mayEdit = useMayEdit();
  const exportIt = useExport();
  const version = workflow.draft ? 0 : undefined;
  const save = async (format: 'YAML' | 'JSON') => {
    if (!isReadOnly && saveState !== 'saved') await editor.save();
    await exportIt(workflow.id, format, version);
  };
  const mayPublish = mayManage && !isReadOnly;
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <p className={classes.crumbs}>
          <AppLink href="/workflows">Workflows</AppLink>
          <span aria-hidden="true">/</span>
          <code>workflow:{workflow.name}</code>
        </p>
        <div className={classes.line}>
          <h1 className={classes.title}>{name}</h1>
          <WorkflowBadges
            state={stateOf({ ...workflow, draft: isChanged ? (workflow.draft ?? { ...noDraft, definition }) : null })}
            version={workflow.publishedVersion}
          />
          {isReadOnly ? null : (
            <span className={classes.saved} data-state={saveState} aria-live="polite">
              {saveState === 'saved' ? (
                <IconCheck size={14} aria-hidden="true" />
              ) : (
                <IconCloudUpload size={14} aria-hidden="true" />
              )}
              {saveWords[saveState]}
            </span>
          )}
        </div>
      </div>
      <div className={classes.actions}>
        {workflow.sourceDetail === null ? (
          <Button
            variant="subtle"
            leftSection={<IconHistory size={16} />}
            disabled={workflow.publishedVersion === null}
            onClick={() => onOpen('versions')}
          >
            Versions
          </Button>
        ) : null}
        <Menu position="bottom-end" width={220} withinPortal>
          <Menu.Target>
            <ActionIcon size={34} variant="default" aria-label="More about this workflow">
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconFileTypeXml size={16} />} onClick={() => save('YAML')}>
              Export as YAML
            </Menu.Item>
            <Menu.Item leftSection={<IconJson size={16} />} onClick={() => save('JSON')}>
              Export as JSON
            </Menu.Item>
            {mayEdit ? (
              <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => onOpen('duplicate')}>
                Duplicate
              </Menu.Item>
            ) : null}
            {isReadOnly ? null : (
              <>
                <Menu.Divider />
                <Menu.Item
                  disabled={!workflow.draft || workflow.publishedVersion === null}
                  leftSection={<IconHistory size={16} />}
                  onClick={() => onOpen('discard')}
                >
                  Discard the draft
                </Menu.Item>
                {mayManage ? (
                  <Menu.Item
                    color="var(--sy-bad)"
                    leftSection={<IconTrash size={16} />}
                    onClick={() => onOpen('delete')}
                  >
                    Delete
                  </Menu.Item>
                ) : null}
              </>
            )}
          </Menu.Dropdown>
        </Menu>
        {mayPublish ? (
          <Button
            leftSection={<IconUpload size={16} />}
            disabled={
              !isChanged || definition.steps.length === 0 || problems.errorCount > 0 || saveState === 'conflict'
            }
            title={problems.errorCount > 0 ? 'Mend the errors first' : undefined}
            onClick={() => onOpen('publish')}
          >
            Publish
          </Button>
        ) : null}
      </div>
    </header>
  );
}

const noDraft = { __typename: 'WorkflowDraft', revision: 0, basedOn: 0, updatedAt: '' } as const;
