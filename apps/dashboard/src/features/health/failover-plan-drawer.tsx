'use client';

import {
  Alert,
  Autocomplete,
  Button,
  Drawer,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { CreateFailoverPlanDocument, UpdateFailoverPlanDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import {
  emptyPlanForm,
  formOfPlan,
  inputOfForm,
  type PlanForm,
  problemsOf,
  serverProblems,
} from './failover-plan-form.ts';
import type { Plan } from './failover-words.ts';

interface Props {
  /** Absent: a new one is made. */
  plan?: Plan | undefined;
  onClose(): void;
  onSaved(): void;
}

/** Makes a plan or changes one. What the server does not take stands beside its field. */
export function FailoverPlanDrawer({ plan, onClose, onSaved }: Props) {
  const [{ fetching: isMaking }, create] = useMutation(CreateFailoverPlanDocument);
  const [{ fetching: isChanging }, update] = useMutation(UpdateFailoverPlanDocument);
  const { models, names } = useModelChoices();
  const [form, setForm] = useState<PlanForm>(() => (plan ? formOfPlan(plan) : emptyPlanForm));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const idempotencyKey = useRef(crypto.randomUUID());
  const set = (values: Partial<PlanForm>) => setForm((known) => ({ ...known, ...values }));
  const choices = [...names.map(({ name }) => name), ...models.map(({ modelId }) => modelId)];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = problemsOf(form);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const input = inputOfForm(form, plan);
    const answer = plan
      ? await update({ input: { planId: plan.id, version: plan.version, ...input } })
      : await create({ input: { ...input, idempotencyKey: idempotencyKey.current } });
    const data = answer.data;
    const result = data && ('createFailoverPlan' in data ? data.createFailoverPlan : data.updateFailoverPlan);
    if (!result) return setProblems({ form: answer.error ? describeFailure(answer.error).message : 'No answer came.' });
    if (!('plan' in result)) {
      // Another key: the same one would be answered with the same refusal.
      idempotencyKey.current = crypto.randomUUID();
      return setProblems(serverProblems(result));
    }
    notifications.show({ message: `${form.name} holds from the next call on.` });
    onSaved();
    onClose();
  };

  const field = (name: keyof PlanForm & string, label: string, placeholder: string, description?: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      description={description}
      inputMode="decimal"
      autoComplete="off"
      value={form[name] as string}
      error={problems[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={plan ? `Change ${plan.name}` : 'Make a failover plan'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Name"
            data-autofocus
            maxLength={100}
            value={form.name}
            error={problems.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Select
              label="For"
              allowDeselect={false}
              data={[
                { value: 'team', label: 'All calls of the team' },
                { value: 'role', label: 'Calls of a role' },
                { value: 'workflow', label: 'Calls of a workflow' },
              ]}
              value={form.scopeKind}
              onChange={(value) => set({ scopeKind: (value ?? 'team') as PlanForm['scopeKind'] })}
            />
            {form.scopeKind === 'team' ? null : (
              <TextInput
                label={form.scopeKind === 'role' ? 'Role' : 'Workflow'}
                value={form.scopeName}
                error={problems.scope}
                onChange={(event) => set({ scopeName: event.currentTarget.value })}
              />
            )}
          </SimpleGrid>
          <Autocomplete
            label="When a call asks for"
            description="A model, an alias, a chain or auto. Empty: whatever it asks for."
            placeholder="Anything"
            limit={40}
            data={choices}
            value={form.primary}
            error={problems.primary}
            onChange={(primary) => set({ primary })}
          />
          <TagsInput
            label="These stand in, in order"
            description="Models, aliases or chains"
            placeholder={form.chain.length === 0 ? 'Type or choose' : ''}
            limit={40}
            maxTags={16}
            data={choices.filter((name) => name !== form.primary)}
            value={[...form.chain]}
            error={problems.chain}
            onChange={(chain) => set({ chain })}
          />
          <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
            <Text component="legend" size="sm" fw={600} mb={6}>
              Pass a model over, without asking it, when
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <Select
                label="Its provider is"
                allowDeselect={false}
                data={[
                  { value: 'none', label: 'No matter how' },
                  { value: 'DOWN', label: 'Down' },
                  { value: 'DEGRADED', label: 'Degraded or down' },
                ]}
                value={form.statusFrom || 'none'}
                onChange={(value) =>
                  set({ statusFrom: value === 'none' ? '' : ((value ?? '') as PlanForm['statusFrom']) })
                }
              />
              {field('consecutiveFailures', 'Failures in a row', 'Never')}
              {field('errorPercent', 'More than so many percent fail', 'Never')}
              {field('firstTokenSeconds', 'First token (p95) above, in seconds', 'Never')}
              {field('windowMinutes', 'Looking back, in minutes', '5')}
              {field('minCalls', 'From so many calls on', '10')}
            </SimpleGrid>
          </fieldset>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Select
              label="Ask it first again"
              allowDeselect={false}
              data={[
                { value: 'AT_ONCE', label: 'As soon as it is back' },
                { value: 'AFTER_ANSWERS', label: 'After good answers in a row' },
                { value: 'BY_HAND', label: 'When somebody says so' },
              ]}
              value={form.returnKind}
              onChange={(value) => set({ returnKind: (value ?? 'AT_ONCE') as PlanForm['returnKind'] })}
            />
            {form.returnKind === 'AFTER_ANSWERS' ? field('returnAnswers', 'How many', '3') : null}
          </SimpleGrid>
          <TextInput
            label="Only when"
            description="A condition in the language of routing rules. Empty: always."
            placeholder={'request.tags.exists(t, t == "urgent")'}
            value={form.when}
            error={problems.when}
            onChange={(event) => set({ when: event.currentTarget.value })}
          />
          <TextInput
            label="Why"
            description="For the history"
            maxLength={500}
            value={form.note}
            onChange={(event) => set({ note: event.currentTarget.value })}
          />
          <Switch
            label="It holds"
            checked={form.isEnabled}
            onChange={(event) => set({ isEnabled: event.currentTarget.checked })}
          />
          {problems.form ? (
            <Alert color="red" role="alert">
              {problems.form}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isMaking || isChanging}>
              {plan ? 'Save' : 'Make the plan'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
