'use client';

import { Alert, Button, Collapse, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import {
  type ApiKeyFieldsFragment,
  type ApiKeyScope,
  CreateApiKeyDocument,
  UpdateApiKeyDocument,
} from '../../gql/teams.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { refusalOf } from '../guardrails/refusal-of.ts';
import { KeyLimitFields } from './key-limit-fields.tsx';
import { countLimits, limitInput, limitsOf, noLimits } from './key-limit-values.ts';
import { ScopePicker } from './scope-picker.tsx';
import { mineOf, scopePresets } from './scope-words.ts';

const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: 'never', label: 'No end' },
];

interface Props {
  /** The key to change; without it a new one is made. */
  readonly apiKey?: ApiKeyFieldsFragment | undefined;
  onMade?(secret: string, apiKey: ApiKeyFieldsFragment): void;
  onSaved?(): void;
  onCancel(): void;
}

/** What a key is for, may do and may use, and how long it lives. */
export function KeyForm({ apiKey, onMade, onSaved, onCancel }: Props) {
  const own = useWorkspace()?.viewer.scopes ?? [];
  const [{ fetching: isCreating }, create] = useMutation(CreateApiKeyDocument);
  const [{ fetching: isUpdating }, update] = useMutation(UpdateApiKeyDocument);
  const [name, setName] = useState(apiKey?.name ?? '');
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(
    () => apiKey?.scopes ?? mineOf(scopePresets[0]?.scopes ?? [], own),
  );
  const [limits, setLimits] = useState(() => (apiKey ? limitsOf(apiKey) : noLimits));
  const [isOpen, setOpen] = useState(() => apiKey !== undefined);
  const [lifetime, setLifetime] = useState<string>('90');
  const [problems, setProblems] = useState<Record<string, string>>({});

  const refuse = (result: object | null | undefined, error: Parameters<typeof refusalOf>[1]) => {
    const { issues, message } = refusalOf(result, error);
    // Paths begin with `input`; what belongs to a list is told at the list.
    const found = Object.fromEntries(issues.map(({ path, message: text }) => [path[1] ?? path[0] ?? 'form', text]));
    setProblems(issues.length > 0 ? found : { form: message });
    if (Object.keys(found).some((field) => field !== 'name' && field !== 'scopes')) setOpen(true);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblems({ name: 'Give the key a name, for example the app that uses it.' });
    if (scopes.length === 0) return setProblems({ scopes: 'Choose at least one.' });
    setProblems({});
    const input = { name: name.trim(), scopes: [...scopes], ...limitInput(limits) };
    if (apiKey) {
      const { data, error } = await update({ input: { apiKeyId: apiKey.id, ...input } });
      if (data?.updateApiKey.__typename === 'UpdateApiKeySuccess') onSaved?.();
      else refuse(data?.updateApiKey, error);
      return;
    }
    const expiresAt = lifetime === 'never' ? null : new Date(Date.now() + Number(lifetime) * 86_400_000).toISOString();
    const { data, error } = await create({ input: { ...input, expiresAt } });
    const result = data?.createApiKey;
    if (result?.__typename === 'CreateApiKeySuccess') onMade?.(result.secret, result.apiKey);
    else refuse(result, error);
  };
  const limitCount = countLimits(limits);

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label="Name"
          placeholder="support-bot"
          data-autofocus
          maxLength={80}
          value={name}
          error={problems.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ScopePicker value={scopes} error={problems.scopes} onChange={setScopes} />
        {apiKey ? null : (
          <Select
            label="Ends after"
            data={lifetimes}
            value={lifetime}
            allowDeselect={false}
            w={200}
            error={problems.expiresAt}
            onChange={(value) => setLifetime(value ?? '90')}
          />
        )}
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={isOpen ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
            aria-expanded={isOpen}
            onClick={() => setOpen((known) => !known)}
          >
            Limits: models, rate, budget{!isOpen && limitCount > 0 ? ` (${limitCount} set)` : ''}
          </Button>
          <Collapse expanded={isOpen} mt="sm">
            <KeyLimitFields values={limits} problems={problems} onChange={setLimits} />
          </Collapse>
        </div>
        {problems.form ? (
          <Alert color="red" role="alert">
            {problems.form}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isCreating || isUpdating}>
            {apiKey ? 'Save' : 'Create key'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
