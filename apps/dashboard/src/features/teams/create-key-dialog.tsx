'use client';

import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { type ApiKeyScope, CreateApiKeyDocument } from '../../gql/teams.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { CopyButton } from '../../shell/copy-button.tsx';
import { startingModels, useModelChoices } from '../catalog/use-model-choices.ts';
import classes from './api-keys-page.module.css';
import { curlOfKey } from './curl-of-key.ts';

const scopes: { value: ApiKeyScope; label: string; description: string }[] = [
  { value: 'READ', label: 'Read', description: 'See models, providers and comparisons' },
  { value: 'RUN', label: 'Run', description: 'Run prompts; this spends money' },
  { value: 'MANAGE', label: 'Manage', description: 'Change settings and make keys' },
];
const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: 'never', label: 'No end' },
];

/** Makes a key, then shows its secret once with a request that works. */
export function CreateKeyDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setSecret(undefined);
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      size="lg"
      title={secret ? 'Copy the secret now' : 'Create an API key'}
      closeOnClickOutside={!secret}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {secret ? <SecretView secret={secret} onDone={close} /> : <KeyForm onMade={setSecret} onCancel={close} />}
    </Modal>
  );
}

function KeyForm({ onMade, onCancel }: { onMade: (secret: string) => void; onCancel: () => void }) {
  const [{ fetching }, create] = useMutation(CreateApiKeyDocument);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>(['READ', 'RUN']);
  const [lifetime, setLifetime] = useState<string>('90');
  const [problems, setProblems] = useState<Record<string, string>>({});

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblems({ name: 'Give the key a name, for example the app that uses it.' });
    if (chosen.length === 0) return setProblems({ scopes: 'Choose at least one.' });
    const expiresAt = lifetime === 'never' ? null : new Date(Date.now() + Number(lifetime) * 86_400_000).toISOString();
    const { data, error } = await create({
      input: { name: name.trim(), scopes: chosen as ApiKeyScope[], ...(expiresAt ? { expiresAt } : {}) },
    });
    const result = data?.createApiKey;
    if (result?.__typename === 'CreateApiKeySuccess') onMade(result.secret);
    else if (result?.__typename === 'ValidationError')
      setProblems(Object.fromEntries(result.issues.map(({ path, message }) => [path.at(-1) ?? 'form', message])));
    else setProblems({ form: error ? describeFailure(error).message : (result?.message ?? 'The key was not made.') });
  };

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
        <Checkbox.Group label="May" value={chosen} onChange={setChosen} error={problems.scopes}>
          <Stack gap={8} mt={6}>
            {scopes.map((scope) => (
              <Checkbox key={scope.value} value={scope.value} label={scope.label} description={scope.description} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select
          label="Ends after"
          data={lifetimes}
          value={lifetime}
          allowDeselect={false}
          w={200}
          error={problems.expiresAt}
          onChange={(value) => setLifetime(value ?? '90')}
        />
        {problems.form ? <Alert color="red">{problems.form}</Alert> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={fetching}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function SecretView({ secret, onDone }: { secret: string; onDone: () => void }) {
  const choices = useModelChoices();
  const curl = curlOfKey(secret, location.origin, startingModels(choices.models)[0]);
  return (
    <Stack gap="md">
      <Text size="md" c="dimmed">
        <IconShieldLock size={16} style={{ verticalAlign: -3 }} aria-hidden="true" /> This is the only time it is shown.
        If it is lost, make a new key and revoke this one.
      </Text>
      <div className={classes.secret}>
        <code>{secret}</code>
        <CopyButton value={secret} label="Copy the secret" size={30} />
      </div>
      <div>
        <div className={classes.curlHead}>
          A first request
          <CopyButton value={curl} label="Copy the request" size={28} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
        <pre className={classes.curl} tabIndex={0}>
          {curl}
        </pre>
      </div>
      <Group justify="flex-end">
        <Button onClick={onDone}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
