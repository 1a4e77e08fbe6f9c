'use client';

import { Button, Group, List, Modal, Skeleton, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { DatasetUsesDocument, DeleteDatasetDocument } from '../../gql/datasets.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { countWords } from './dataset-words.ts';

interface Props {
  dataset: { id: string; name: string; versions: readonly unknown[] };
  onClose(): void;
  onDeleted(): void;
}

/** The question before a dataset goes, with what would break. */
export function DeleteDialog({ dataset, onClose, onDeleted }: Props) {
  const [{ data, error: usesError }] = useQuery({
    query: DatasetUsesDocument,
    variables: { id: dataset.id },
    requestPolicy: 'network-only',
  });
  const [{ fetching }, remove] = useMutation(DeleteDatasetDocument);
  const [problem, setProblem] = useState<string>();
  const uses = data?.dataset?.usedBy;
  const drafts = uses?.filter(({ state }) => state === 'draft') ?? [];
  const started = (uses?.length ?? 0) - drafts.length;
  const confirm = async () => {
    const { data: answer, error } = await remove({ input: { datasetId: dataset.id } });
    const result = answer?.deleteDataset;
    if (result?.__typename !== 'DeleteDatasetSuccess') return setProblem(refusalText(result, error));
    notifications.show({ message: `${dataset.name} is deleted.` });
    onDeleted();
  };
  return (
    <Modal opened onClose={onClose} title={`Delete ${dataset.name}?`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Text size="md" lh={1.55}>
        {countWords(dataset.versions.length, 'version')} with all items go for good. Download them first if you may need
        them.
      </Text>
      {uses === undefined && !usesError ? <Skeleton h={48} radius={8} mt="sm" /> : null}
      {drafts.length > 0 ? (
        <>
          <Text size="md" mt="sm">
            {drafts.length === 1 ? 'This draft cannot be started' : 'These drafts cannot be started'} any more until you
            choose another dataset:
          </Text>
          <List size="md" mt={4}>
            {drafts.map(({ id, name }) => (
              <List.Item key={id}>{name}</List.Item>
            ))}
          </List>
        </>
      ) : null}
      {started > 0 ? (
        <Text size="md" mt="sm">
          {countWords(started, 'test')} that {started === 1 ? 'was' : 'were'} started keep their own copies of the
          items.
        </Text>
      ) : null}
      {uses && uses.length === 0 ? (
        <Text size="md" mt="sm">
          No test names it.
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
        <Button color="red.8" loading={fetching} disabled={!uses && !usesError} onClick={confirm}>
          Delete dataset
        </Button>
      </Group>
    </Modal>
  );
}
