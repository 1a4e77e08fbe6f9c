'use client';

import { Alert, Button, Drawer, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { type AlertRuleKind, CreateAlertRuleDocument, UpdateAlertRuleDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import {
  emptyRuleForm,
  fieldsOf,
  formOfRule,
  inputOfForm,
  problemsOf,
  type RuleField,
  type RuleForm,
  serverProblems,
} from './rule-form.ts';
import { kindWords, type Rule } from './rule-words.ts';

interface Props {
  /** Absent: a new one is added. */
  rule?: Rule | undefined;
  providers: readonly ProviderCondition[];
  onClose(): void;
  onSaved(): void;
}

type Words = readonly [label: string, placeholder: string, description?: string];

const thresholds: Readonly<Partial<Record<AlertRuleKind, Words>>> = {
  LATENCY: ['First token (p95) above, in milliseconds', 'Its own usual speed', 'Empty: when it is slower than usual'],
  ERROR_RATE: ['More than so many percent of calls fail', 'As health sees it', 'Empty: when health says so'],
  BURN_RATE: ['Failures are used up so many times too fast', '2', '1 uses up exactly what the objective allows'],
  LATENCY_TARGET: ['Missed more often than this in a row', '3'],
};

/** Changes a rule or adds one; only the fields that mean something for its kind. The server's problems stand at their fields. */
export function RuleDrawer({ rule, providers, onClose, onSaved }: Props) {
  const [{ fetching: isMaking }, create] = useMutation(CreateAlertRuleDocument);
  const [{ fetching: isChanging }, update] = useMutation(UpdateAlertRuleDocument);
  const [form, setForm] = useState<RuleForm>(() => (rule ? formOfRule(rule) : emptyRuleForm));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const idempotencyKey = useRef(crypto.randomUUID());
  const set = (values: Partial<RuleForm>) => setForm((known) => ({ ...known, ...values }));
  const shown = fieldsOf(form);
  const isLasting = form.kind === 'DOWN' || form.kind === 'DEGRADED';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = problemsOf(form, rule === undefined);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const input = inputOfForm(form, rule);
    const answer = rule
      ? await update({ input: { ruleId: rule.id, version: rule.version, ...input } })
      : await create({
          input: {
            ...input,
            kind: form.kind,
            providerId: form.providerId || null,
            idempotencyKey: idempotencyKey.current,
          },
        });
    const data = answer.data;
    const result = data && ('createAlertRule' in data ? data.createAlertRule : data.updateAlertRule);
    if (!result) return setProblems({ form: answer.error ? describeFailure(answer.error).message : 'No answer came.' });
    if (!('rule' in result)) {
      // Another key: the same one would be answered with the same refusal.
      idempotencyKey.current = crypto.randomUUID();
      return setProblems(serverProblems(result, new Set([...shown, 'name', ...(rule ? [] : ['providerId'])])));
    }
    notifications.show({ message: `${form.name.trim()} holds from now on.` });
    onSaved();
    onClose();
  };

  const field = (name: RuleField, [label, placeholder, description]: Words) =>
    shown.has(name) ? (
      <TextInput
        label={label}
        placeholder={placeholder}
        description={description}
        inputMode="decimal"
        autoComplete="off"
        value={form[name]}
        error={problems[name]}
        onChange={(event) => set({ [name]: event.currentTarget.value })}
      />
    ) : null;
  const kinds = (Object.keys(kindWords) as AlertRuleKind[]).filter((kind) => kind !== 'LATENCY_TARGET');

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={rule ? `Change ${rule.name}` : 'Add an alert rule'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {rule ? (
            <Text size="sm" c="dimmed">
              {rule.summary}
            </Text>
          ) : (
            <Select
              label="It tells of"
              allowDeselect={false}
              data={kinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
              value={form.kind}
              onChange={(kind) => {
                setProblems({});
                // What was typed for one kind means something else for another.
                setForm(({ name, providerId }) => ({
                  ...emptyRuleForm,
                  ...{ name, providerId, kind: (kind ?? 'LATENCY') as AlertRuleKind },
                }));
              }}
            />
          )}
          <TextInput
            label="Name"
            placeholder="Answers slowly for our users"
            data-autofocus
            maxLength={100}
            value={form.name}
            error={problems.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {rule ? null : (
            <Select
              label="Provider"
              description="A rule for one provider goes before those for all"
              placeholder="Every provider"
              searchable
              clearable
              clearButtonProps={{ 'aria-label': 'Every provider' }}
              data={providers.map(({ provider }) => ({
                value: provider.id,
                label: `${provider.displayName}${provider.origin === 'SIMULATED' ? ' (simulated)' : ''}`,
              }))}
              value={form.providerId || null}
              error={problems.providerId}
              onChange={(value) => set({ providerId: value ?? '' })}
            />
          )}
          {field('threshold', thresholds[form.kind] ?? ['', ''])}
          {field('objectivePercent', [
            'Objective: percent of calls that should succeed',
            '99',
            'Empty: that of the configuration file, or 99',
          ])}
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            {field('windowMinutes', [
              isLasting
                ? 'When it lasts so many minutes'
                : form.kind === 'BURN_RATE'
                  ? 'Long window, in minutes'
                  : 'Looking back, in minutes',
              isLasting ? 'At once' : form.kind === 'BURN_RATE' ? '60' : '5',
            ])}
            {field('shortWindowMinutes', ['Short window, in minutes', '5'])}
            {field('minCalls', ['From so many calls on', '10'])}
            {field('renotifyHours', ['Tell again after, in hours', '24'])}
          </SimpleGrid>
          <Text size="sm" c="dimmed">
            An empty field is as the standard rule has it.
          </Text>
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
              {rule ? 'Save' : 'Add the rule'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
