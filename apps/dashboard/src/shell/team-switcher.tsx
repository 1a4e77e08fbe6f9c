'use client';

import { Menu, Skeleton, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPlus, IconSelector, IconUsers } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { AppLink } from './app-link.tsx';
import classes from './sidebar.module.css';
import { useTeamSwitch } from './use-team-switch.ts';
import { useWorkspace } from './workspace-context.tsx';

const CreateTeamDialog = dynamic(() => import('./create-team-dialog.tsx').then((module) => module.CreateTeamDialog), {
  ssr: false,
});

/** The team that is looked at, and the way to another one. */
export function TeamSwitcher() {
  const viewer = useWorkspace()?.viewer;
  const { switchTo, isSwitching } = useTeamSwitch();
  const [isMaking, setMaking] = useState(false);
  if (!viewer) return <Skeleton h={36} radius={8} mb={4} />;
  return (
    <>
      <Menu position="bottom-start" width="target" withinPortal>
        <Menu.Target>
          <UnstyledButton className={classes.team} disabled={isSwitching}>
            <span className={classes.initial} aria-hidden="true">
              {viewer.team.name.trim().charAt(0).toUpperCase() || '?'}
            </span>
            <span className={classes.teamName}>
              <span className="visually-hidden">Team: </span>
              {viewer.team.name}
            </span>
            <IconSelector size={16} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Your teams</Menu.Label>
          {viewer.teams.map(({ team, isCurrent }) => (
            <Menu.Item
              key={team.id}
              aria-current={isCurrent || undefined}
              rightSection={isCurrent ? <IconCheck size={14} aria-label="shown now" /> : null}
              onClick={() => (isCurrent ? undefined : switchTo(team.id))}
            >
              {team.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconUsers size={16} />} component={AppLink} href="/team">
            Members
          </Menu.Item>
          <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
            Make a team
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isMaking ? <CreateTeamDialog onClose={() => setMaking(false)} /> : null}
    </>
  );
}
