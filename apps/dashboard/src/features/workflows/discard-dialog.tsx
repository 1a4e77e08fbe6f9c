'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { DiscardWorkflowDraftDocument } from '../../gql/workflows.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import { useEditorParts } from './editor-context.ts';

/** The question before a draft goes; what is in force stays. */
export function DiscardDialog({ onClose }: { onClose: () => void }) {
  const { editor } = useEditorParts();
  const { workflow } = editor;
  const [{ fetching }, discard] = useMutation(DiscardWorkflowDraftDocument);
  const confirm = async () => {
    const { data, error } = await discard({ input: { workflowId: workflow.id } });
    const result = data?.discardWorkflowDraft;
    if (result?.__typename === 'WorkflowSuccess' && result.workflow) editor.adopt(result.workflow, false);
    else notifications.show({ color: 'red', message: refusalText(result, error) });
    onClose();
  };
  return (
    <ConfirmDialog
      title="Discard the draft?"
      confirmLabel="Discard draft"
      isBusy={fetching}
      onClose={onClose}
      onConfirm={confirm}
    >
      What was changed since version {workflow.publishedVersion} goes; that version stays in force. Undo brings the
      changes back until you leave this page.
    </ConfirmDialog>
  );
}
