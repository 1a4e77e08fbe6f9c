'use client';

import { Button, Group, List, Modal, Skeleton, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { DeleteWorkflowDocument, WorkflowUsesDocument } from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { refusalText } from '../guardrails/refusal-of.ts';

interface Props {
  workflow: { id: string; name: string };
  onClose(): void;
  onDeleted?(): void;
}

/** The question before a workflow goes; what names it keeps it, and is listed. */
export function DeleteWorkflowDialog({ workflow, onClose, onDeleted }: Props) {
  const [{ data, error }] = useQuery({
    query: WorkflowUsesDocument,
    variables: { id: workflow.id },
    requestPolicy: 'network-only',
  });
  const [{ fetching }, remove] = useMutation(DeleteWorkflowDocument);
  const [problem, setProblem] = useState<string>();
  const uses = data?.node?.__typename === 'Workflow' ? data.node.usedBy : undefined;
  const confirm = async () => {
    const answer = await remove({ input: { workflowId: workflow.id } });
    const result = answer.data?.deleteWorkflow;
    if (result?.__typename !== 'DeleteWorkflowSuccess') return setProblem(refusalText(result, answer.error));
    notifications.show({ message: `${workflow.name} is deleted.` });
    onClose();
    onDeleted?.();
  };
  return (
    <Modal opened onClose={onClose} title={`Delete ${workflow.name}?`} closeButtonProps={{ 'aria-label': 'Close' }}>
      {uses === undefined && !error ? <Skeleton h={48} radius={8} /> : null}
      {error ? <Text size="md">{describeFailure(error).message}</Text> : null}
      {uses && uses.length > 0 ? (
        <>
          <Text size="md">It cannot be deleted while something names it:</Text>
          <List size="md" mt="xs">
            {uses.map((use) => (
              <List.Item key={use}>{use}</List.Item>
            ))}
          </List>
        </>
      ) : uses ? (
        <Text size="md" lh={1.55}>
          Draft and versions go for good. Records of its runs and their costs stay.
        </Text>
      ) : null}
      {problem ? (
        <Text size="md" c="var(--sy-bad)" mt="xs" role="alert">
          {problem}
        </Text>
      ) : null}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red.8" loading={fetching} disabled={!uses || uses.length > 0} onClick={confirm}>
          Delete workflow
        </Button>
      </Group>
    </Modal>
  );
}
