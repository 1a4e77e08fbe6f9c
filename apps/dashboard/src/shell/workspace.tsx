'use client';

import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { type ReactNode, Suspense, useEffect } from 'react';
import { FailureNotice } from './failure-notice.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { SidebarContent } from './sidebar-content.tsx';
import { SimulatedBanner } from './simulated-banner.tsx';
import { onTeamChangedElsewhere } from './team-signal.ts';
import { TopBar } from './top-bar.tsx';
import { useDisplayCurrency } from './use-display-currency.ts';
import classes from './workspace.module.css';
import { useWorkspaceQuery, WorkspaceContext } from './workspace-context.tsx';

const RestrictionNotice = dynamic(() => import('./restriction-notice.tsx').then((module) => module.RestrictionNotice), {
  ssr: false,
});

interface WorkspaceProps {
  children: ReactNode;
  notices?: ReactNode;
  tools?: ReactNode;
}

/** Frame of every signed-in page; `notices` stand above each of them, `tools` in the top bar. The frame is drawn at once; the page waits until it is known who is looking. */
export function Workspace({ children, notices, tools }: WorkspaceProps) {
  const { workspace, failure, retry } = useWorkspaceQuery();
  const currency = useDisplayCurrency(workspace);
  const [isMenuOpen, menu] = useDisclosure(false);
  const pathname = usePathname();
  useEffect(menu.close, [pathname]);
  // Another tab of this session looks at another team now: what stands here belongs to the former one.
  useEffect(() => onTeamChangedElsewhere(() => location.assign('/home')), []);
  const restriction = pathname === '/account' ? null : workspace?.viewer.restriction;

  return (
    <WorkspaceContext value={workspace}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <div className={classes.frame}>
        <nav className={classes.sidebar} aria-label="Main">
          <SidebarContent currencyNote={currency.note} />
        </nav>
        <Drawer
          opened={isMenuOpen}
          onClose={menu.close}
          size={272}
          padding={0}
          title="Menu"
          closeButtonProps={{ 'aria-label': 'Close menu' }}
          classNames={{ header: classes.drawerHeader }}
        >
          <nav aria-label="Main">
            <SidebarContent currencyNote={currency.note} />
          </nav>
        </Drawer>
        <div className={classes.column}>
          <TopBar tools={tools} onOpenMenu={menu.open} />
          <SimulatedBanner />
          {restriction ? null : notices}
          <main id="content" className={classes.content} tabIndex={-1}>
            {failure ? (
              <FailureNotice failure={failure} onRetry={retry} />
            ) : restriction ? (
              <RestrictionNotice text={restriction} />
            ) : (
              <Suspense key={currency.key} fallback={null}>
                {children}
              </Suspense>
            )}
          </main>
        </div>
      </div>
      <Shortcuts />
    </WorkspaceContext>
  );
}
