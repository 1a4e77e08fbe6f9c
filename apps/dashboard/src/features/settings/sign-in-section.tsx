'use client';

import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { MembersDocument } from '../../gql/teams.ts';
import { AppLink } from '../../shell/app-link.tsx';
import cardClasses from '../../shell/card.module.css';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './settings.module.css';
import type { SectionProps } from './settings-tab.tsx';
import { useSaveSettings } from './use-save-settings.ts';

/** Whether members need a second factor, and who would be stopped by it. */
export function SignInSection({ settings, managing, onSaved }: SectionProps) {
  const { run, problems, isSaving } = useSaveSettings(onSaved);
  const viewer = useWorkspace()?.viewer;
  const [{ data }] = useQuery({ query: MembersDocument });
  const [isAsking, setAsking] = useState(false);
  const without = data?.viewer.team.members.filter(({ hasTwoFactor }) => hasTwoFactor === false).length;
  const needsOwn = viewer?.hasTwoFactor === false && viewer.hasPassword !== false;
  return (
    <section className={cardClasses.card} aria-labelledby="requires-title">
      <h2 id="requires-title">Sign-in</h2>
      <div className={classes.row}>
        <p className={classes.words} style={{ margin: 0 }}>
          <strong>Require two-factor sign-in</strong>
          <span>
            Members who sign in by password see nothing of the team before they have set it up.
            {without === undefined
              ? ''
              : ` ${without === 0 ? 'All members have it.' : `${without} of ${data?.viewer.team.members.length} have not.`}`}
            {needsOwn ? ' You are one of them: ' : ''}
          </span>
          {needsOwn ? <AppLink href="/account#two-factor">set yours up first</AppLink> : null}
        </p>
        <Switch
          label="Required"
          checked={settings.requiresTwoFactor}
          disabled={!managing.isAllowed || isSaving || (needsOwn && !settings.requiresTwoFactor)}
          onChange={(event) =>
            event.currentTarget.checked
              ? setAsking(true)
              : run({ requiresTwoFactor: false }, 'Two-factor sign-in is everybody’s own choice again.')
          }
        />
      </div>
      {problems.form ? <p className={classes.consequence}>{problems.form}</p> : null}
      {isAsking ? (
        <ConfirmDialog
          title="Require two-factor sign-in?"
          confirmLabel="Require it"
          isBusy={isSaving}
          onConfirm={async () => {
            await run({ requiresTwoFactor: true }, 'Two-factor sign-in is required from now on.');
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        >
          {without
            ? `${without} ${without === 1 ? 'member' : 'members'} without a second factor can do nothing in the team until it is set up; they are shown how.`
            : 'Every member has a second factor already, so nobody is stopped.'}{' '}
          API keys are not touched.
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
