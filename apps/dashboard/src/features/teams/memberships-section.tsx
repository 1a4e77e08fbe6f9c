'use client';

import { Button, Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import cardClasses from '../../shell/card.module.css';
import { useTeamSwitch } from '../../shell/use-team-switch.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { roleLabel } from './access-roles.ts';
import classes from './account.module.css';

const LeaveTeamDialog = dynamic(() => import('./leave-team-dialog.tsx').then((module) => module.LeaveTeamDialog), {
  ssr: false,
});

/** The teams of the person: switch to one, or leave the one that is looked at. */
export function MembershipsSection() {
  const teams = useWorkspace()?.viewer.teams;
  const { switchTo, isSwitching } = useTeamSwitch();
  const [isLeaving, setLeaving] = useState(false);
  const current = teams?.find(({ isCurrent }) => isCurrent)?.team;
  return (
    <section className={cardClasses.card} aria-labelledby="teams-title" id="teams">
      <h2 id="teams-title">Teams</h2>
      {teams ? null : <Skeleton h={48} radius={8} aria-busy="true" />}
      <ul className={classes.list}>
        {(teams ?? []).map(({ team, accessRole, isCurrent }) => (
          <li key={team.id} className={classes.item}>
            <span className={classes.words}>
              <strong>
                {team.name}{' '}
                {isCurrent ? (
                  <span className={classes.badge} data-tone="accent">
                    shown now
                  </span>
                ) : null}
              </strong>
              <span className={classes.muted}>You are {roleLabel(accessRole).toLowerCase()}.</span>
            </span>
            {isCurrent ? (
              <Button variant="default" size="compact-xs" mih={26} onClick={() => setLeaving(true)}>
                Leave
              </Button>
            ) : (
              <Button
                variant="default"
                size="compact-xs"
                mih={26}
                disabled={isSwitching}
                aria-label={`Switch to ${team.name}`}
                onClick={() => switchTo(team.id)}
              >
                Switch
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isLeaving && current ? <LeaveTeamDialog teamName={current.name} onClose={() => setLeaving(false)} /> : null}
    </section>
  );
}
