'use client';

import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { formatDayAndClock } from '../../format/date-format.ts';
import { CreateMaintenanceWindowDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { tellHealthChanged } from './health-signal.ts';
import { lengthChoices, type MaintenanceForm, spanOf } from './maintenance-span.ts';
import type { ProviderCondition } from './merge-conditions.ts';

interface Props {
  providers: readonly ProviderCondition[];
  /** Chosen already; an empty text: none is. */
  providerId: string;
  onClose(): void;
}

/** Announces that a provider will be away: now or later, for how long, and why. */
export function MaintenanceDialog({ providers, providerId, onClose }: Props) {
  const [{ fetching }, create] = useMutation(CreateMaintenanceWindowDocument);
  const [form, setForm] = useState<MaintenanceForm>({
    providerId,
    begins: 'now',
    beginsAt: '',
    length: '1',
    endsAt: '',
    note: '',
  });
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const set = (values: Partial<MaintenanceForm>) => setForm((known) => ({ ...known, ...values }));
  const span = spanOf(form, Date.now());

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { startsAt, endsAt, problems: found } = spanOf(form, Date.now());
    const all = { ...found, ...(form.providerId ? {} : { providerId: 'Choose a provider.' }) };
    setProblems(all);
    if (Object.keys(all).length > 0 || !endsAt) return;
    const { data, error } = await create({
      input: { providerId: form.providerId, endsAt, note: form.note.trim(), ...(startsAt ? { startsAt } : {}) },
    });
    const result = data?.createMaintenanceWindow;
    if (result?.__typename !== 'CreateMaintenanceWindowSuccess')
      return setProblems({
        form: error ? describeFailure(error).message : (result?.message ?? 'It was not announced. Try again.'),
      });
    notifications.show({ message: `Maintenance until ${formatDayAndClock(endsAt)} is announced.` });
    tellHealthChanged({ what: 'maintenance' });
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title="Announce maintenance" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Select
            label="Provider"
            placeholder="Choose one"
            searchable
            data={providers.map(({ provider }) => ({
              value: provider.id,
              label: `${provider.displayName}${provider.origin === 'SIMULATED' ? ' (simulated)' : ''}`,
            }))}
            value={form.providerId || null}
            error={problems.providerId}
            onChange={(value) => set({ providerId: value ?? '' })}
          />
          <Select
            label="It begins"
            allowDeselect={false}
            data={[
              { value: 'now', label: 'Now' },
              { value: 'later', label: 'At a date and time' },
            ]}
            value={form.begins}
            onChange={(value) => set({ begins: value === 'later' ? 'later' : 'now' })}
          />
          {form.begins === 'later' ? (
            <TextInput
              type="datetime-local"
              label="Begins at"
              description="In the time of this browser"
              value={form.beginsAt}
              error={problems.beginsAt}
              onChange={(event) => set({ beginsAt: event.currentTarget.value })}
            />
          ) : null}
          <Select
            label="It lasts"
            allowDeselect={false}
            data={lengthChoices}
            value={form.length}
            onChange={(value) => set({ length: value ?? '1' })}
          />
          {form.length === 'until' ? (
            <TextInput
              type="datetime-local"
              label="Ends at"
              description="In the time of this browser; at most 30 days after it begins"
              value={form.endsAt}
              error={problems.endsAt}
              onChange={(event) => set({ endsAt: event.currentTarget.value })}
            />
          ) : null}
          <Textarea
            label="Note"
            placeholder="Moves to another region"
            maxLength={1000}
            autosize
            minRows={2}
            value={form.note}
            onChange={(event) => set({ note: event.currentTarget.value })}
          />
          <Text size="sm" c="dimmed">
            {span.endsAt
              ? `Until ${formatDayAndClock(span.endsAt)} your team hears no alerts of it and loses no uptime. Calls are made as ever.`
              : 'Your team hears no alerts of it and loses no uptime meanwhile. Calls are made as ever.'}
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
              Announce
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
