'use client';

import { Alert, Button, Drawer, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconPlugConnected } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import {
  CreateProviderDocument,
  type ProviderFieldsFragment,
  TestProviderConnectionDocument,
  UpdateProviderDocument,
} from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ProviderAdvancedFields } from './provider-advanced-fields.tsx';
import classes from './provider-drawer.module.css';
import { ProviderFields } from './provider-fields.tsx';
import {
  connectionInputOf,
  createInputOf,
  emptyProviderForm,
  issuesByField,
  type ProviderFormValues,
  providerFormOf,
  updateInputOf,
} from './provider-form-values.ts';
import { outcomeOf, type TestOutcome } from './use-connection-test.ts';

interface Props {
  /** The provider to change; without it a new one is made. */
  provider?: ProviderFieldsFragment | undefined;
  takenSlugs: ReadonlySet<string>;
  onClose(): void;
}

type Refusal = { __typename: string; message?: string; path?: readonly string[] | null; issues?: Issue[] };
type Issue = { path: string[]; message: string };

/** Makes or changes a provider of the team. A key goes in and never comes out. */
export function ProviderDrawer({ provider, takenSlugs, onClose }: Props) {
  const form = useForm<ProviderFormValues>({
    initialValues: provider ? providerFormOf(provider) : emptyProviderForm('OPENAI', takenSlugs),
  });
  const [{ fetching: isCreating }, create] = useMutation(CreateProviderDocument);
  const [{ fetching: isUpdating }, update] = useMutation(UpdateProviderDocument);
  const [{ fetching: isTesting }, test] = useMutation(TestProviderConnectionDocument);
  const [problem, setProblem] = useState<string>();
  const [outcome, setOutcome] = useState<TestOutcome>();
  const [listedModels, setListedModels] = useState<readonly string[]>([]);
  // One key for one form: a second press, or a try after a lost answer, makes no second provider.
  const idempotencyKey = useRef(crypto.randomUUID());

  const refuse = (refusal: Refusal | undefined, fallback: string) => {
    const issues =
      refusal?.issues ?? (refusal?.path?.length ? [{ path: [...refusal.path], message: refusal.message ?? '' }] : []);
    const { fields, rest } = issuesByField(issues);
    form.setErrors(fields);
    const hasFields = Object.keys(fields).length > 0;
    if (rest.length > 0) setProblem(rest.join(' '));
    else if (!hasFields) setProblem(refusal?.message ?? fallback);
    if (refusal?.__typename === 'ValidationError' || refusal?.__typename === 'ConflictError')
      idempotencyKey.current = crypto.randomUUID();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    form.clearErrors();
    const values = form.getValues();
    if (provider) {
      const { data, error } = await update({ input: updateInputOf(values, provider) });
      const result = data?.updateProvider;
      if (result?.__typename !== 'UpdateProviderSuccess')
        return refuse(result as Refusal, error ? describeFailure(error).message : 'Nothing was saved. Try again.');
      const dropped = [result.isKeyDropped && 'key', result.areHeadersDropped && 'headers'].filter(Boolean);
      notifications.show({
        message: `${values.displayName || values.slug} is saved.${dropped.length > 0 ? ` Its ${dropped.join(' and ')} belonged to the old endpoint and were dropped.` : ''}`,
      });
    } else {
      const { data, error } = await create({ input: createInputOf(values, idempotencyKey.current) });
      const result = data?.createProvider;
      if (result?.__typename !== 'CreateProviderSuccess')
        return refuse(result as Refusal, error ? describeFailure(error).message : 'It was not made. Try again.');
      notifications.show({ message: `${result.provider?.displayName ?? values.slug} is added.` });
    }
    onClose();
  };

  const testNow = async () => {
    setOutcome(undefined);
    setProblem(undefined);
    form.clearErrors();
    const { data, error } = await test({ input: connectionInputOf(form.getValues(), provider) });
    const result = data?.testProviderConnection;
    if (result?.__typename === 'TestProviderConnectionSuccess') {
      setOutcome(outcomeOf(result));
      setListedModels(result.listedModels);
    } else refuse(result as Refusal, error ? describeFailure(error).message : 'The test was not made. Try again.');
  };

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title={provider ? `Edit ${provider.displayName}` : 'Add a provider'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body }}
    >
      <form onSubmit={submit} noValidate className={classes.form}>
        <Stack gap="md" className={classes.fields}>
          <ProviderFields form={form} provider={provider} takenSlugs={takenSlugs} listedModels={listedModels} />
          <ProviderAdvancedFields form={form} provider={provider} />
        </Stack>
        <footer className={classes.footer}>
          <div role="status">
            {outcome ? (
              <p className={classes.result} data-ok={outcome.isOk}>
                {outcome.text}
              </p>
            ) : null}
          </div>
          {problem ? <Alert color="red">{problem}</Alert> : null}
          <Group justify="space-between" gap="xs">
            <Button
              variant="default"
              loading={isTesting}
              leftSection={<IconPlugConnected size={16} />}
              onClick={testNow}
            >
              Test connection
            </Button>
            <Group gap="xs">
              <Button variant="subtle" color="gray" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={isCreating || isUpdating}>
                {provider ? 'Save' : 'Add provider'}
              </Button>
            </Group>
          </Group>
        </footer>
      </form>
    </Drawer>
  );
}
