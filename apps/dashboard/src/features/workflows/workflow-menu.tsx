'use client';

import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconFileTypeXml, IconJson, IconTrash } from '@tabler/icons-react';
import { useExport } from './use-export.ts';

interface Props {
  workflow: { id: string; name: string; sourceDetail: string | null };
  mayEdit: boolean;
  mayManage: boolean;
  onDuplicate(): void;
  onDelete(): void;
}

/** What can be done with a workflow besides opening it. */
export function WorkflowMenu({ workflow, mayEdit, mayManage, onDuplicate, onDelete }: Props) {
  const save = useExport();
  return (
    <Menu position="bottom-end" width={210} withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={`More about ${workflow.name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayEdit ? (
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={onDuplicate}>
            Duplicate
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconFileTypeXml size={16} />} onClick={() => save(workflow.id, 'YAML')}>
          Export as YAML
        </Menu.Item>
        <Menu.Item leftSection={<IconJson size={16} />} onClick={() => save(workflow.id, 'JSON')}>
          Export as JSON
        </Menu.Item>
        {mayManage && workflow.sourceDetail === null ? (
          <>
            <Menu.Divider />
            <Menu.Item color="var(--sy-bad)" leftSection={<IconTrash size={16} />} onClick={onDelete}>
              Delete
            </Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
