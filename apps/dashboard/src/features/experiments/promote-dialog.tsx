'use client';

import { Button, Group, Modal, Select, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  type ExperimentFieldsFragment,
  ExperimentRolesDocument,
  PromoteExperimentVariantDocument,
} from '../../gql/experiments.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { variantsOf } from './definition.ts';
import classes from './dialogs.module.css';

interface Props {
  experiment: ExperimentFieldsFragment;
  winner: string | null;
  onClose(): void;
}

/** Puts a variant in front of a role; shows first who is asked then. */
export function PromoteDialog({ experiment, winner, onClose }: Props) {
  const [{ data }] = useQuery({ query: ExperimentRolesDocument, requestPolicy: 'cache-and-network' });
  const [, promote] = useMutation(PromoteExperimentVariantDocument);
  const variants = variantsOf(experiment.definition).filter(({ model }) => model !== undefined);
  const [variant, setVariant] = useState(variants.find(({ key }) => key === winner)?.key ?? variants[0]?.key ?? null);
  const [role, setRole] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const roles = data?.roles;
  const chosen = variants.find(({ key }) => key === variant);
  const before = roles?.find(({ name }) => name === role)?.models.map(({ model }) => model) ?? [];
  const after = chosen?.model
    ? [chosen.model, ...before.filter((model) => model !== chosen.model)].slice(0, 16)
    : before;
  const submit = async () => {
    if (variant === null || role === null) return;
    setBusy(true);
    setRefusal(undefined);
    const { data: done, error } = await promote({ input: { experimentId: experiment.id, variant, role } });
    setBusy(false);
    const result = done?.promoteExperimentVariant;
    if (result?.__typename !== 'ExperimentSuccess') return setRefusal(refusalText(result, error));
    notifications.show({ message: `${variant} answers first for the role ${role} from the next call on.` });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} size={560} title="Promote a variant" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={classes.fields}>
        {winner === null ? (
          <p className={classes.warning}>No variant is shown to be better. Promote one only for another reason.</p>
        ) : variant === winner ? null : (
          <p className={classes.warning}>This is not the variant that won; that is {winner}.</p>
        )}
        <Select
          label="Variant"
          allowDeselect={false}
          data={variants.map(({ key, model }) => ({ value: key, label: `${key} (${model ?? ''})` }))}
          value={variant}
          onChange={setVariant}
        />
        {roles === undefined ? (
          <Skeleton h={58} />
        ) : (
          <Select
            label="Role"
            description="Whoever asks for it gets the variant’s model and parameters first"
            placeholder="Choose a role"
            searchable
            data={roles.map(({ name }) => name)}
            value={role}
            onChange={setRole}
            data-autofocus
          />
        )}
        {role === null ? null : (
          <div>
            <p className={classes.text} style={{ margin: '0 0 6px' }}>
              Asked in this order from the next call on
              {before.length === 0 ? '; now the role has no models of its own' : ''}:
            </p>
            <ol className={classes.change}>
              {after.map((model, index) => (
                <li key={model} data-new={index === 0 || undefined}>
                  {model}
                  {index === 0 ? (before[0] === model ? ' (is first already)' : ' (new first)') : ''}
                </li>
              ))}
            </ol>
          </div>
        )}
        {refusal ? (
          <p className={classes.error} role="alert">
            {refusal}
          </p>
        ) : null}
      </div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isBusy} disabled={variant === null || role === null} onClick={submit}>
          Promote
        </Button>
      </Group>
    </Modal>
  );
}
