'use client';

import { usePathname } from 'next/navigation';
import { AppLink } from './app-link.tsx';
import { Logo } from './logo.tsx';
import { pages } from './navigation.ts';
import classes from './sidebar.module.css';
import { TeamSwitcher } from './team-switcher.tsx';
import { useWorkspace } from './workspace-context.tsx';

export function SidebarContent({ currencyNote }: { readonly currencyNote: string | undefined }) {
  const pathname = usePathname();
  const workspace = useWorkspace();
  return (
    <div className={classes.inner}>
      <AppLink href="/compare" className={classes.brand}>
        <Logo />
        <span>Switchyard</span>
      </AppLink>
      <TeamSwitcher />
      <ul className={classes.list}>
        {pages.map(({ path, label, icon: Icon }) => {
          const isCurrent = pathname === path || pathname.startsWith(`${path}/`);
          return (
            <li key={path}>
              <AppLink
                href={path}
                className={classes.link}
                data-current={isCurrent || undefined}
                aria-current={isCurrent ? 'page' : undefined}
              >
                <Icon size={18} stroke={1.7} aria-hidden="true" />
                {label}
              </AppLink>
            </li>
          );
        })}
      </ul>
      <div className={classes.foot}>
        {currencyNote ? <p>{currencyNote}</p> : null}
        <p>{workspace ? `Version ${workspace.installation.version}` : '\u00a0'}</p>
      </div>
    </div>
  );
}
