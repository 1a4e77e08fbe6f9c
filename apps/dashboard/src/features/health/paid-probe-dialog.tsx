'use client';

import { Alert, Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import {
  type ModelFilter,
  type PaidProbeFieldsFragment,
  ProbeModelsDocument,
  SetPaidProbeDocument,
} from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { useAllModels } from '../catalog/use-all-models.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import { byProbeCost, callsPerDay, mostUsdPerCall, type ProbeModel } from './probe-cost.ts';

interface Props {
  provider: ProviderCondition['provider'];
  probe: PaidProbeFieldsFragment | null;
  onClose(): void;
  onSaved(): void;
}

const pageSize = 50;
const fieldOfPath: Readonly<Record<string, string>> = { everyMs: 'everyMinutes' };

/** Which model is asked, how often, and what that may cost in a day; says the cost before it is switched on. */
export function PaidProbeDialog({ provider, probe, onClose, onSaved }: Props) {
  const { models: known, error: loadError } = useAllModels<ProbeModel, ModelFilter>(ProbeModelsDocument, pageSize, {
    providerSlugs: [provider.slug],
  });
  const [{ fetching }, save] = useMutation(SetPaidProbeDocument);
  const [form, setForm] = useState({
    modelId: probe?.modelId ?? '',
    everyMinutes: String((probe?.everyMs ?? 900_000) / 60_000),
    maxPerDay: String(probe?.maxPerDay ?? 100),
    maxUsdPerDay: String(probe?.maxUsdPerDay ?? '0.05'),
  });
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const set = (values: Partial<typeof form>) => setForm((known) => ({ ...known, ...values }));
  const models = byProbeCost(known ?? []);
  const modelId = form.modelId || models[0]?.modelId || '';
  const model = models.find((each) => each.modelId === modelId);
  const everyMs = Math.round(Number(form.everyMinutes) * 60_000);
  const maxPerDay = Number(form.maxPerDay);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    if (!modelId) found.modelId = 'Choose a model.';
    if (!(everyMs >= 60_000 && everyMs <= 86_400_000)) found.everyMinutes = 'A number from 1 to 1,440.';
    if (!(Number.isInteger(maxPerDay) && maxPerDay >= 1 && maxPerDay <= 10_000))
      found.maxPerDay = 'A whole number from 1 to 10,000.';
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const maxUsdPerDay = form.maxUsdPerDay.trim();
    const answer = await save({
      input: { providerId: provider.id, isEnabled: true, modelId, everyMs, maxPerDay, maxUsdPerDay },
    });
    const result = answer.data?.setPaidProbe;
    if (!result) return setProblems({ form: answer.error ? describeFailure(answer.error).message : 'No answer came.' });
    if (result.__typename !== 'SetPaidProbeSuccess') {
      const issues = 'issues' in result ? result.issues : [{ path: result.path ?? [], message: result.message }];
      return setProblems(
        Object.fromEntries(
          issues.map(({ path, message }) => {
            const key = path[1] ?? '';
            const field = fieldOfPath[key] ?? key;
            return [field in form ? field : 'form', message.replace(`${key}: `, '')];
          }),
        ),
      );
    }
    notifications.show({ message: `The paid probe of ${provider.displayName} is on.` });
    onSaved();
    onClose();
  };

  const perCall = model && mostUsdPerCall(model);
  const calls = everyMs >= 60_000 && maxPerDay >= 1 ? callsPerDay(everyMs, maxPerDay) : undefined;
  const field = (name: 'everyMinutes' | 'maxPerDay' | 'maxUsdPerDay', label: string) => (
    <TextInput
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={form[name]}
      error={problems[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Paid probe of ${provider.displayName}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Select
            label="Model"
            description="The cheapest comes first. Models without a known price cannot be capped."
            placeholder={known ? 'No model with a known price' : 'Looking for models'}
            searchable
            allowDeselect={false}
            data={models.map((each) => ({ value: each.modelId, label: each.modelId }))}
            value={modelId || null}
            error={problems.modelId ?? (loadError && !known ? describeFailure(loadError).message : undefined)}
            onChange={(value) => set({ modelId: value ?? '' })}
          />
          <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
            {field('everyMinutes', 'Every, in minutes')}
            {field('maxPerDay', 'Calls a day at most')}
            {field('maxUsdPerDay', 'USD a day at most')}
          </SimpleGrid>
          <Text size="sm" role="status">
            It costs money, and your team pays.{' '}
            {perCall !== undefined && calls !== undefined
              ? `A call costs at most about ${formatUsd(perCall)}: with ${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'} a day about ${formatUsd(perCall * calls)}. `
              : ''}
            It stops for the day (UTC) at the limit of calls or of money, and is under your budgets.
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
            <Button type="submit" loading={fetching}>
              {probe?.isEnabled ? 'Save' : 'Switch it on'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
