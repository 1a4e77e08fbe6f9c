'use client';

import { Button, Group, Modal, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { RenameDatasetDocument } from '../../gql/datasets.ts';
import { refusalText } from '../guardrails/refusal-of.ts';

interface Props {
  dataset: { id: string; name: string; description: string | null };
  onClose(): void;
}

/** Another name and description for a dataset. */
export function RenameDialog({ dataset, onClose }: Props) {
  const [{ fetching }, rename] = useMutation(RenameDatasetDocument);
  const [name, setName] = useState(dataset.name);
  const [description, setDescription] = useState(dataset.description ?? '');
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await rename({
      input: { datasetId: dataset.id, name: name.trim(), description: description.trim() || null },
    });
    const result = data?.renameDataset;
    if (result?.__typename !== 'RenameDatasetSuccess') return setProblem(refusalText(result, error));
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Rename the dataset" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          mt="sm"
          label="Description"
          maxLength={5000}
          autosize
          minRows={2}
          maxRows={8}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {problem ? (
          <Text size="md" c="var(--sy-bad)" mt="xs" role="alert">
            {problem}
          </Text>
        ) : null}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={fetching} disabled={name.trim() === ''}>
            Rename
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
