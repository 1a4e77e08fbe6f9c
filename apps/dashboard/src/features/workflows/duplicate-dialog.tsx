'use client';

import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { DuplicateWorkflowDocument } from '../../gql/workflows.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { editorHref } from './listed-workflow.ts';

interface Props {
  workflow: { id: string; name: string };
  onClose(): void;
}

/** A copy under a name of its own, as a draft; opens it. */
export function DuplicateDialog({ workflow, onClose }: Props) {
  const router = useRouter();
  const [{ fetching }, duplicate] = useMutation(DuplicateWorkflowDocument);
  const [name, setName] = useState(`${workflow.name.slice(0, 59)}-copy`);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await duplicate({ input: { workflowId: workflow.id, name } });
    const result = data?.duplicateWorkflow;
    if (result?.__typename === 'WorkflowSuccess' && result.workflow) {
      onClose();
      return router.push(editorHref(result.workflow.id));
    }
    setProblem(refusalText(result, error));
  };
  return (
    <Modal opened onClose={onClose} title={`Duplicate ${workflow.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <TextInput
          label="Name of the copy"
          required
          maxLength={64}
          value={name}
          error={problem}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={fetching} disabled={name === ''}>
            Duplicate
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
