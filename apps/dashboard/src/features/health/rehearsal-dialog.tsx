'use client';

import {
  Alert,
  Autocomplete,
  Button,
  Group,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { StartFailureRehearsalDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { splitByUse } from './health-words.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import { emptyRehearsalForm, type RehearsalForm, rehearsalInput, rehearsalProblems } from './rehearsal-words.ts';

interface Props {
  providers: readonly ProviderCondition[];
  onClose(): void;
  onStarted(): void;
}

const statuses = ['401', '429', '500', '502', '503', '504', '529'];

/** Chooses what to break, how, and what the test calls ask for. */
export function RehearsalDialog({ providers, onClose, onStarted }: Props) {
  const [{ fetching }, start] = useMutation(StartFailureRehearsalDocument);
  const { models, names } = useModelChoices();
  const mayManage = useMayManage();
  const [form, setForm] = useState<RehearsalForm>(emptyRehearsalForm);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const idempotencyKey = useRef(crypto.randomUUID());
  const set = (values: Partial<RehearsalForm>) => setForm((known) => ({ ...known, ...values }));
  const { used } = splitByUse(providers);
  const chosen = used.find(({ provider }) => provider.id === form.providerId)?.provider;
  const isSimulated = chosen?.origin === 'SIMULATED';
  const ofProvider = models.filter(({ provider }) => provider.slug === chosen?.slug).map(({ modelId }) => modelId);
  const others = models.filter(({ provider }) => provider.slug !== chosen?.slug).map(({ modelId }) => modelId);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = rehearsalProblems(form);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const { data, error } = await start({
      input: { ...rehearsalInput(form), idempotencyKey: idempotencyKey.current },
    });
    const result = data?.startFailureRehearsal;
    if (result?.__typename === 'StartFailureRehearsalSuccess') {
      onStarted();
      return onClose();
    }
    if (!error) idempotencyKey.current = crypto.randomUUID();
    if (!result) return setProblems({ form: error ? describeFailure(error).message : 'No answer came. Try again.' });
    const issues = 'issues' in result ? result.issues : [{ path: result.path ?? [], message: result.message }];
    const known = ['providerId', 'model', 'fallbacks', 'calls', 'maxCostUsd'];
    setProblems(
      Object.fromEntries(
        issues.map(({ path, message }) => [known.includes(path[1] ?? '') ? (path[1] as string) : 'form', message]),
      ),
    );
  };

  return (
    <Modal opened onClose={onClose} title="Rehearse a failure" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Select
            label="Provider to break"
            placeholder="Choose one"
            data={used.map(({ provider }) => ({
              value: provider.id,
              label: `${provider.displayName}${provider.origin === 'SIMULATED' ? ' (simulated)' : ''}`,
              disabled: provider.origin === 'SIMULATED' && !mayManage,
            }))}
            value={form.providerId || null}
            error={problems.providerId}
            onChange={(value) => {
              const isLive = used.some(({ provider }) => provider.id === value && provider.origin === 'LIVE');
              // Answers of a real provider are neither held up nor cut.
              const isPossible = !isLive || form.fault === 'OUTAGE' || form.fault === 'ERROR';
              set({
                ...{ providerId: value ?? '', model: '' },
                ...(isLive && { percent: '100' }),
                ...(!isPossible && { fault: 'OUTAGE' as const }),
              });
            }}
          />
          <Autocomplete
            label="The calls ask for"
            description="A model of it, or an alias, chain or role that begins with one"
            limit={40}
            data={[...ofProvider, ...names.map(({ name }) => name)]}
            value={form.model}
            error={problems.model}
            onChange={(model) => set({ model })}
          />
          <TagsInput
            label="These stand in"
            description="Beside what plans and chains say; may stay empty"
            limit={40}
            maxTags={16}
            data={others}
            value={[...form.fallbacks]}
            error={problems.fallbacks}
            onChange={(fallbacks) => set({ fallbacks })}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Select
              label="How it fails"
              allowDeselect={false}
              data={[
                { value: 'OUTAGE', label: 'No answer at all' },
                { value: 'ERROR', label: 'An error status' },
                { value: 'LATENCY', label: 'Late answers', disabled: chosen !== undefined && !isSimulated },
                { value: 'CUT', label: 'Answers break off', disabled: chosen !== undefined && !isSimulated },
              ]}
              value={form.fault}
              onChange={(value) => set({ fault: (value ?? 'OUTAGE') as RehearsalForm['fault'] })}
            />
            {form.fault === 'ERROR' ? (
              <>
                <Select
                  label="Status"
                  allowDeselect={false}
                  data={statuses}
                  value={form.status}
                  onChange={(value) => set({ status: value ?? '503' })}
                />
                {chosen?.origin === 'LIVE' ? null : (
                  <TextInput
                    label="Percent of calls"
                    inputMode="decimal"
                    value={form.percent}
                    error={problems.percent}
                    onChange={(event) => set({ percent: event.currentTarget.value })}
                  />
                )}
              </>
            ) : null}
            {form.fault === 'LATENCY' ? (
              <TextInput
                label="Seconds late"
                inputMode="decimal"
                value={form.delaySeconds}
                error={problems.delaySeconds}
                onChange={(event) => set({ delaySeconds: event.currentTarget.value })}
              />
            ) : null}
            <TextInput
              label="Calls while it is broken"
              inputMode="numeric"
              value={form.calls}
              error={problems.calls}
              onChange={(event) => set({ calls: event.currentTarget.value })}
            />
            <TextInput
              label="May cost, in US dollars"
              inputMode="decimal"
              value={form.maxCostUsd}
              error={problems.maxCostUsd}
              onChange={(event) => set({ maxCostUsd: event.currentTarget.value })}
            />
          </SimpleGrid>
          {chosen ? (
            <Text size="sm" c="dimmed">
              {isSimulated
                ? `${chosen.displayName} is broken for everybody who calls it, for two minutes at most, then restored.`
                : `Only the calls of the rehearsal fail; others call ${chosen.displayName} as ever. They cost real money.`}
            </Text>
          ) : null}
          {problems.form ? (
            <Alert color="red" role="alert">
              {problems.form}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Begin
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
