'use client';

import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { EmptyState } from '../../shell/empty-state.tsx';
import { useEditorParts } from './editor-context.ts';
import { EmptyWorkflowsPicture } from './empty-workflows-picture.tsx';

/** A workflow without steps: what one is, and the first one. */
export function EmptyCanvas() {
  const { actions, editor } = useEditorParts();
  return (
    <EmptyState
      title="No steps yet"
      picture={<EmptyWorkflowsPicture />}
      action={
        editor.isReadOnly ? undefined : (
          <Button leftSection={<IconPlus size={16} />} onClick={() => actions.askToAdd({})}>
            Add the first step
          </Button>
        )
      }
    >
      Most workflows begin with a prompt: it asks a role, such as coder, for an answer that later steps work with.
    </EmptyState>
  );
}
