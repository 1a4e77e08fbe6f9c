'use client';

import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { DeleteTeamDocument } from '../../gql/settings.ts';
import cardClasses from '../../shell/card.module.css';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import { tellTeamChanged } from '../../shell/team-signal.ts';
import { useIsOwner } from '../../shell/use-may-do.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './settings.module.css';

/** Deletes the team, after its name was typed. */
export function DeleteSection() {
  const owning = useIsOwner();
  const team = useWorkspace()?.viewer.team;
  const [isAsking, setAsking] = useState(false);
  return (
    <section className={`${cardClasses.card} ${classes.danger}`} aria-labelledby="delete-title">
      <h2 id="delete-title">Delete the team</h2>
      <div className={classes.row}>
        <p className={classes.words} style={{ margin: 0 }}>
          <span>
            Runs, keys, budgets, datasets, everything goes for good. The audit log stays with the installation. Export
            first what you need.
          </span>
        </p>
        <GuardedButton reason={owning.reason} color="red.8" onClick={() => setAsking(true)}>
          Delete the team
        </GuardedButton>
      </div>
      {isAsking && team ? <DeleteDialog name={team.name} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function DeleteDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [{ fetching }, remove] = useMutation(DeleteTeamDocument);
  const [typed, setTyped] = useState('');
  const [stopsRuns, setStopsRuns] = useState(false);
  const [problem, setProblem] = useState<string>();
  const confirm = async () => {
    const { data, error } = await remove({ input: { confirmName: typed, stopsRuns } });
    const result = data?.deleteTeam;
    if (result?.__typename !== 'DeleteTeamSuccess') return setProblem(refusalText(result, error));
    tellTeamChanged();
    location.assign('/home');
  };
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <Text size="md" lh={1.55}>
          All members lose the team at once, its keys are refused, and nothing can be brought back.
        </Text>
        <TextInput
          label={`Type ${name} to confirm`}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Checkbox
          label="Stop what is running now"
          checked={stopsRuns}
          onChange={(event) => setStopsRuns(event.currentTarget.checked)}
        />
        {problem ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red.8" loading={fetching} disabled={typed.trim() !== name.trim()} onClick={confirm}>
            Delete for good
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
