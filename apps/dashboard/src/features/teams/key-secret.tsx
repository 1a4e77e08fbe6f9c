'use client';

import { Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from '../../shell/copy-button.tsx';
import { startingModels, useModelChoices } from '../catalog/use-model-choices.ts';
import classes from './api-keys-page.module.css';
import { keySnippets } from './key-snippets.ts';

interface Props {
  readonly secret: string;
  /** The models that the key may call; null for all. */
  readonly allowedModels?: readonly string[] | null | undefined;
  readonly note: string;
  onDone(): void;
}

/** A secret, shown this once, with requests that work as they stand. */
export function KeySecret({ secret, allowedModels, note, onDone }: Props) {
  const choices = useModelChoices();
  const [language, setLanguage] = useState('curl');
  const model = allowedModels?.find((name) => !name.includes('*')) ?? startingModels(choices.models)[0];
  const snippets = keySnippets(secret, location.origin, model);
  const shown = snippets.find(({ value }) => value === language);
  return (
    <Stack gap="md">
      <Text size="md" c="dimmed">
        <IconShieldLock size={16} style={{ verticalAlign: -3 }} aria-hidden="true" /> {note}
      </Text>
      <div className={classes.secret}>
        <code data-testid="key-secret">{secret}</code>
        <CopyButton value={secret} label="Copy the secret" size={30} />
      </div>
      <Tabs value={language} onChange={(value) => setLanguage(value ?? 'curl')} variant="pills" radius="sm">
        <div className={classes.curlHead}>
          <Tabs.List aria-label="A first request" className={classes.languages}>
            {snippets.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value} className={classes.language}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <CopyButton value={() => shown?.text ?? ''} label="Copy the request" size={28} />
        </div>
        {snippets.map(({ value, text }) => (
          <Tabs.Panel key={value} value={value}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
            <pre className={classes.curl} tabIndex={0}>
              {text}
            </pre>
          </Tabs.Panel>
        ))}
      </Tabs>
      <Group justify="flex-end">
        <Button onClick={onDone}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
