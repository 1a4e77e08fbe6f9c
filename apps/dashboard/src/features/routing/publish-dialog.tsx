'use client';

import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { RuleChangeList } from './rule-change-list.tsx';
import classes from './rules-tab.module.css';
import type { RuleDraft } from './use-rule-draft.ts';

/** The last look before a draft comes into force: what changes for every call, and why. The draft is saved already. */
export function PublishDialog({ draft, onClose }: { draft: RuleDraft; onClose: () => void }) {
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string>();
  const known = draft.routing?.published?.version ?? 0;
  const publish = async () => {
    setProblem(undefined);
    const refused = await draft.publish(note);
    if (refused !== undefined) return setProblem(refused);
    notifications.show({ message: `Version ${known + 1} is in force for every call from now on.` });
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={620}
      title={`Publish version ${known + 1}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        <p className={classes.note}>
          These changes come into force for every call of the team at once. Any earlier version can be put back.
        </p>
        <RuleChangeList from={known} to={null} />
        <Textarea
          label="Note"
          description="Why, for those who read the history."
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
        />
        {problem ? (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={draft.isBusy} onClick={publish}>
            Publish
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
