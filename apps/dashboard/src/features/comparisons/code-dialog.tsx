'use client';

import { Button, Modal, SegmentedControl } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import type { StartComparisonInput } from '../../gql/comparisons.ts';
import { AppLink } from '../../shell/app-link.tsx';
import classes from './code-dialog.module.css';
import { type SnippetLanguage, snippetOf } from './code-snippets.ts';

const languages = [
  { value: 'graphql', label: 'GraphQL' },
  { value: 'curl', label: 'curl' },
  { value: 'typescript', label: 'TypeScript' },
];

/** The request of this page as code that an app can run with a key of its own. */
export function CodeDialog({
  input,
  isOpen,
  onClose,
}: {
  input: StartComparisonInput;
  isOpen: boolean;
  onClose: () => void;
}) {
  const [language, setLanguage] = useState<SnippetLanguage>('graphql');
  const clipboard = useClipboard({ timeout: 1500 });
  const code = isOpen ? snippetOf(language, input, location.origin) : '';
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="This request as code"
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.bar}>
        <SegmentedControl
          data={languages}
          value={language}
          onChange={(value) => setLanguage(value as SnippetLanguage)}
          aria-label="Language"
        />
        <Button
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => clipboard.copy(code)}
        >
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <pre className={classes.code} tabIndex={0}>
        {code}
      </pre>
      <p className={classes.note}>
        Put an API key with the scope “run” in place of the placeholder.{' '}
        <AppLink href="/team?tab=keys&new=1">Create a key</AppLink>
      </p>
    </Modal>
  );
}
