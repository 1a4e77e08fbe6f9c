'use client';

import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from 'urql';
import { DatasetNamesDocument } from '../../gql/datasets.ts';
import classes from './datasets.module.css';

/** Where a version goes. */
export interface Target {
  readonly isNew: boolean;
  readonly name: string;
  readonly description: string;
  readonly datasetId: string | null;
  readonly note: string;
}

export const emptyTarget = (into: string | null): Target => ({
  ...{ isNew: into === null, name: '', description: '', datasetId: into, note: '' },
});

/** As the API takes it. */
export function targetInput({ isNew, name, description, datasetId, note }: Target) {
  return {
    ...(isNew
      ? { name: name.trim(), ...(description.trim() ? { description: description.trim() } : {}) }
      : { datasetId }),
    ...(note.trim() ? { note: note.trim() } : {}),
  };
}

export const isComplete = ({ isNew, name, datasetId }: Target): boolean =>
  isNew ? name.trim() !== '' : datasetId !== null;

interface Props {
  target: Target;
  onChange(target: Target): void;
  nameProblem?: string | undefined;
}

/** A new dataset, or another version of one. */
export function TargetFields({ target, onChange, nameProblem }: Props) {
  const [{ data }] = useQuery({ query: DatasetNamesDocument, requestPolicy: 'cache-and-network' });
  const known = data?.datasets.edges.map(({ node }) => ({ value: node.id, label: node.name })) ?? [];
  return (
    <>
      <SegmentedControl
        mb="md"
        aria-label="Where it goes"
        data={[
          { value: 'new', label: 'New dataset' },
          { value: 'version', label: 'New version of one', disabled: known.length === 0 && target.isNew },
        ]}
        value={target.isNew ? 'new' : 'version'}
        onChange={(value) => onChange({ ...target, isNew: value === 'new' })}
      />
      <div className={classes.fields}>
        {target.isNew ? (
          <>
            <TextInput
              label="Name"
              description="Unique in your team."
              maxLength={200}
              required
              value={target.name}
              error={nameProblem}
              onChange={(event) => onChange({ ...target, name: event.currentTarget.value })}
            />
            <Textarea
              label="Description"
              description="What it is for."
              maxLength={5000}
              autosize
              minRows={1}
              maxRows={4}
              value={target.description}
              onChange={(event) => onChange({ ...target, description: event.currentTarget.value })}
            />
          </>
        ) : (
          <Select
            label="Dataset"
            description="It gets another version; those that are there stay."
            searchable
            required
            data={known}
            value={target.datasetId}
            onChange={(datasetId) => onChange({ ...target, datasetId })}
          />
        )}
        <TextInput
          label="Note"
          description="What to remember of this version."
          maxLength={1000}
          value={target.note}
          onChange={(event) => onChange({ ...target, note: event.currentTarget.value })}
        />
      </div>
    </>
  );
}
