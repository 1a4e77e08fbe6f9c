'use client';

import { ActionIcon, Avatar, Menu } from '@mantine/core';
import { IconLogout, IconUserCircle, IconUsers } from '@tabler/icons-react';
import { signOut } from '../graphql/auth.ts';
import { AppLink } from './app-link.tsx';
import { useWorkspace } from './workspace-context.tsx';

export function AccountMenu() {
  const workspace = useWorkspace();
  const user = workspace?.viewer.user;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon size={34} radius="xl">
          <span className="visually-hidden">Account of </span>
          <Avatar size={28} radius="xl" color="iris" variant="light" name={user?.name ?? ''} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span style={{ display: 'block', color: 'var(--sy-text)', fontWeight: 500 }}>{user?.name ?? '—'}</span>
          {user?.email} {workspace ? `· ${workspace.viewer.accessRole.toLowerCase()}` : ''}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={AppLink} href="/account" leftSection={<IconUserCircle size={16} />}>
          Account and security
        </Menu.Item>
        <Menu.Item component={AppLink} href="/team" leftSection={<IconUsers size={16} />}>
          Team
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={async () => {
            await signOut();
            // A full load, so that nothing of this session stays in memory.
            location.assign('/sign-in');
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
