'use client';

import { ActionIcon, Button, Group, Modal, NumberInput, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconDice, IconPlus, IconX } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { PreviewDatasetSplitDocument, SplitDatasetDocument } from '../../gql/datasets.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import listClasses from './datasets.module.css';
import { SplitBar } from './split-bar.tsx';
import classes from './split-dialog.module.css';
import { findRowProblem, type SplitRow, splitsOf } from './split-rows.ts';

interface Props {
  version: { id: string; version: number };
  onClose(): void;
  onMade(): void;
}

/** Splits a version by chance into the next one; shows what would come out before. */
export function SplitDialog({ version, onClose, onMade }: Props) {
  const [{ fetching }, split] = useMutation(SplitDatasetDocument);
  const [rows, setRows] = useState<readonly SplitRow[]>([
    { id: 1, name: 'train', percent: 80 },
    { id: 2, name: 'test', percent: 20 },
  ]);
  const [seed, setSeed] = useState<number | ''>(1);
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const problem = findRowProblem(rows) ?? (seed === '' ? 'The seed is a number from 0.' : undefined);
  const asked = useMemo(
    () => ({ splits: splitsOf(rows), seed: Number(seed), isRight: !problem }),
    [rows, seed, problem],
  );
  const [settled] = useDebouncedValue(asked, 250);
  const [{ data, error }] = useQuery({
    query: PreviewDatasetSplitDocument,
    variables: { versionId: version.id, splits: settled.splits, seed: settled.seed },
    pause: !settled.isRight,
  });
  const preview = problem ? undefined : data?.previewDatasetSplit;
  const change = (id: number, next: Partial<SplitRow>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...next } : row)));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setRefusal(undefined);
    const { data: answer, error: failed } = await split({
      input: {
        ...{ versionId: version.id, splits: splitsOf(rows), seed: Number(seed) },
        ...(note.trim() ? { note: note.trim() } : {}),
      },
    });
    const result = answer?.splitDataset;
    if (result?.__typename !== 'DatasetVersionSuccess') return setRefusal(refusalText(result, failed));
    notifications.show({ message: `Version ${result.version?.version} holds the splits.` });
    onMade();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={`Split version ${version.version} by chance`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <p className={listClasses.hint}>
          Items of one cluster stay together. The same seed puts the same item into the same split in every version.
          What the shares leave over is in no split.
        </p>
        <ul className={classes.rows}>
          {rows.map((row, index) => (
            <li key={row.id}>
              <TextInput
                aria-label={`Name of split ${index + 1}`}
                maxLength={40}
                value={row.name}
                onChange={(event) => change(row.id, { name: event.currentTarget.value })}
              />
              <NumberInput
                aria-label={`Share of split ${index + 1} in percent`}
                w={110}
                min={0}
                max={100}
                suffix=" %"
                hideControls
                value={row.percent}
                onChange={(value) => change(row.id, { percent: typeof value === 'number' ? value : '' })}
              />
              <ActionIcon
                aria-label={`Remove split ${index + 1}`}
                disabled={rows.length === 1}
                onClick={() => setRows(rows.filter(({ id }) => id !== row.id))}
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={rows.length >= 10}
          onClick={() => setRows([...rows, { id: Math.max(...rows.map(({ id }) => id)) + 1, name: '', percent: '' }])}
        >
          Another split
        </Button>
        <div className={classes.preview} aria-live="polite">
          {problem ? (
            <p className={listClasses.refusal}>{problem}</p>
          ) : preview ? (
            <SplitBar splits={preview.splits} rest={preview.unsplitCount} />
          ) : error ? (
            <p className={listClasses.refusal}>The preview did not come; the split can be made without it.</p>
          ) : (
            <Skeleton h={36} radius={8} />
          )}
        </div>
        <div className={listClasses.fields}>
          <NumberInput
            label="Seed"
            min={0}
            max={4_294_967_295}
            allowDecimal={false}
            value={seed}
            onChange={(value) => setSeed(typeof value === 'number' ? value : '')}
            rightSection={
              <ActionIcon
                aria-label="Another seed"
                onClick={() => setSeed(crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000)}
              >
                <IconDice size={16} />
              </ActionIcon>
            }
          />
          <TextInput
            label="Note"
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </div>
        {refusal ? (
          <p className={listClasses.refusal} role="alert">
            {refusal}
          </p>
        ) : null}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={fetching} disabled={problem !== undefined}>
            Make a version
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
