'use client';

import { ActionIcon, Kbd, Skeleton, UnstyledButton } from '@mantine/core';
import { IconKeyboard, IconMenu2, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AccountMenu } from './account-menu.tsx';
import { shellActions } from './shell-actions.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import classes from './top-bar.module.css';
import { useWorkspace } from './workspace-context.tsx';

/** `tools` stand before the account. */
export function TopBar({ tools, onOpenMenu }: { tools?: ReactNode; onOpenMenu: () => void }) {
  const workspace = useWorkspace();
  return (
    <header className={classes.bar}>
      <ActionIcon className={classes.menu} size={36} onClick={onOpenMenu} aria-label="Open menu">
        <IconMenu2 size={20} />
      </ActionIcon>
      <div className={classes.team}>{workspace ? workspace.viewer.team.name : <Skeleton h={14} w={120} />}</div>
      <UnstyledButton className={classes.search} onClick={shellActions.openPalette}>
        <IconSearch size={15} aria-hidden="true" />
        <span className={classes.searchText}>Search or jump to…</span>
        <Kbd size="xs" className={classes.searchText}>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <ActionIcon
        className={classes.wide}
        size={32}
        aria-label="Keyboard shortcuts"
        onClick={shellActions.openShortcuts}
      >
        <IconKeyboard size={18} />
      </ActionIcon>
      <ThemeSwitch />
      {tools}
      <AccountMenu />
    </header>
  );
}
