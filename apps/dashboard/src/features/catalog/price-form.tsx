'use client';

import { Alert, Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { type PriceFieldsFragment, SetPriceOverrideDocument } from '../../gql/catalog.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { formatPriceDay, todayUtc } from './price-day.ts';
import classes from './price-drawer.module.css';
import { PriceFields, usualCost } from './price-fields.tsx';
import {
  type PriceFormValues,
  priceFormOf,
  priceInputOf,
  priceIssuesByField,
  validatePrice,
} from './price-form-values.ts';

interface Props {
  /** `provider/model`. */
  model: string;
  current: PriceFieldsFragment | undefined;
  history: ReactNode;
  onClose(): void;
  onSaved(): void;
}

/** Sets a price of the team. It begins with the price of now; what was typed is checked as one goes. */
export function PriceForm({ model, current, history, onClose, onSaved }: Props) {
  const initialValues = priceFormOf(current, todayUtc(Date.now()));
  const form = useForm<PriceFormValues>({ initialValues, validate: validatePrice, validateInputOnBlur: true });
  const [{ fetching }, set] = useMutation(SetPriceOverrideDocument);
  const [problem, setProblem] = useState<string>();
  // One key for one form: a second press, or a try after a lost answer, sets the same price once.
  const idempotencyKey = useRef(crypto.randomUUID());

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    if (form.validate().hasErrors) return;
    const values = form.getValues();
    const { data, error } = await set({ input: priceInputOf(model, values, idempotencyKey.current) });
    const result = data?.setPriceOverride;
    if (result?.__typename === 'SetPriceOverrideSuccess') {
      idempotencyKey.current = crypto.randomUUID();
      const isLater = values.effectiveFrom > todayUtc(Date.now());
      const since = isLater ? `from ${formatPriceDay(values.effectiveFrom)} on` : 'for calls that start from now on';
      notifications.show({ message: `The price of ${model} is set ${since}.` });
      form.resetDirty();
      onSaved();
      onClose();
      return;
    }
    if (result?.__typename === 'ValidationError') {
      const { fields, rest } = priceIssuesByField(result.issues);
      form.setErrors(fields);
      if (rest.length > 0) setProblem(rest.join(' '));
      idempotencyKey.current = crypto.randomUUID();
      return;
    }
    if (result) idempotencyKey.current = crypto.randomUUID();
    setProblem(error ? describeFailure(error).message : (result?.message ?? 'Nothing was saved. Try again.'));
  };

  return (
    <form onSubmit={submit} noValidate className={classes.content}>
      <Stack gap="md" className={classes.fields}>
        <p className={classes.model}>{model}</p>
        <PriceFields form={form} currentCost={current && usualCost(priceFormOf(current, ''))} />
        {history}
      </Stack>
      <footer className={classes.footer}>
        {problem ? <Alert color="red">{problem}</Alert> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={fetching}>
            Set price
          </Button>
        </Group>
      </footer>
    </form>
  );
}
