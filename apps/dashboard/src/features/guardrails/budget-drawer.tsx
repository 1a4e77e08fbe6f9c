'use client';

import { Alert, Button, Drawer, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconEye } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { type BudgetFieldsFragment, CreateBudgetDocument, UpdateBudgetDocument } from '../../gql/guardrails.ts';
import drawerClasses from '../providers/provider-drawer.module.css';
import classes from './budget-drawer.module.css';
import { BehaviourFields, LimitFields } from './budget-fields.tsx';
import {
  type BudgetFormValues,
  budgetFormOf,
  budgetIssues,
  budgetProblems,
  changeableInput,
  emptyBudgetForm,
  scopeInput,
} from './budget-form-values.ts';
import { tellBudgetsChanged } from './budget-signal.ts';
import { budgetSentence } from './budget-words.ts';
import { refusalOf } from './refusal-of.ts';
import { ScopeBuilder } from './scope-builder.tsx';
import { useScopeChoices } from './use-scope-choices.ts';

interface Props {
  /** The budget to change; without it a new one is made. */
  budget?: BudgetFieldsFragment | undefined;
  /** The budget that a new one starts from. */
  like?: BudgetFieldsFragment | undefined;
  onClose(): void;
}

/** Makes or changes a budget, and says in a sentence what it will do. */
export function BudgetDrawer({ budget, like, onClose }: Props) {
  const form = useForm<BudgetFormValues>({
    initialValues: budget
      ? budgetFormOf(budget)
      : like
        ? { ...budgetFormOf(like), name: `${like.name} (copy)` }
        : emptyBudgetForm(),
  });
  const choices = useScopeChoices();
  const [{ fetching: isCreating }, create] = useMutation(CreateBudgetDocument);
  const [{ fetching: isUpdating }, update] = useMutation(UpdateBudgetDocument);
  const [problem, setProblem] = useState<string>();
  // One key for one form: a second press, or a try after a lost answer, makes no second budget.
  const idempotencyKey = useRef(crypto.randomUUID());
  const { values } = form;

  const refuse = (result: object | null | undefined, error: CombinedError | undefined) => {
    const { issues, message } = refusalOf(result, error);
    const { fields, rest } = budgetIssues(issues);
    form.setErrors(fields);
    if (rest.length > 0) setProblem(rest.join(' '));
    else if (Object.keys(fields).length === 0) setProblem(message);
    if (!error) idempotencyKey.current = crypto.randomUUID();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    const problems = budgetProblems(values);
    form.setErrors(problems);
    if (Object.keys(problems).length > 0) return setProblem('Something above needs a look before this can be saved.');
    if (budget) {
      const { data, error } = await update({
        input: { budgetId: budget.id, version: budget.version, ...changeableInput(values) },
      });
      if (data?.updateBudget.__typename !== 'UpdateBudgetSuccess') return refuse(data?.updateBudget, error);
      notifications.show({ message: `${values.name.trim()} is saved. It holds for calls from now on.` });
    } else {
      const { data, error } = await create({
        input: {
          ...changeableInput(values),
          scope: scopeInput(values.scope),
          unit: values.unit,
          window: values.window,
          timeZone: values.timeZone,
          idempotencyKey: idempotencyKey.current,
        },
      });
      if (data?.createBudget.__typename !== 'CreateBudgetSuccess') return refuse(data?.createBudget, error);
      notifications.show({ message: `${values.name.trim()} is made. It holds for calls from now on.` });
    }
    tellBudgetsChanged();
    onClose();
  };

  const sentence = budgetSentence({
    ...values,
    scope: values.scope.map(({ kind, isEach, value }) => ({ kind, value: isEach ? null : value })),
    nameOf: ({ kind, value }) =>
      (kind === 'MODEL' ? value : choices[kind]?.find((choice) => choice.value === value)?.label) || value || '…',
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={600}
      title={budget ? `Edit ${budget.name}` : 'Make a budget'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: drawerClasses.body }}
    >
      <form onSubmit={submit} noValidate className={drawerClasses.form}>
        <Stack gap="lg" className={drawerClasses.fields}>
          <TextInput
            label="Name"
            placeholder="Research per day"
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <LimitFields form={form} isFixed={budget !== undefined} />
          <ScopeBuilder form={form} choices={choices} isFixed={budget !== undefined} />
          <BehaviourFields form={form} />
        </Stack>
        <footer className={drawerClasses.footer}>
          <p className={classes.preview} aria-live="polite" data-testid="budget-preview">
            <IconEye size={16} aria-hidden="true" />
            {sentence}
          </p>
          {problem ? (
            <Alert color="red" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isCreating || isUpdating}>
              {budget ? 'Save' : 'Make budget'}
            </Button>
          </Group>
        </footer>
      </form>
    </Drawer>
  );
}
