'use client';

import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AppLink } from './app-link.tsx';
import classes from './back-link.module.css';

type Props = { readonly children: ReactNode } & ({ readonly href: string } | { readonly onClick: () => void });

/** Leads from one thing to the list that it stands in: a page, or what the page does in place of one. */
export function BackLink({ children, ...rest }: Props) {
  const words = (
    <>
      <IconArrowLeft size={15} aria-hidden="true" /> {children}
    </>
  );
  if ('href' in rest)
    return (
      <AppLink href={rest.href} className={classes.back}>
        {words}
      </AppLink>
    );
  return (
    <button type="button" className={classes.back} onClick={rest.onClick}>
      {words}
    </button>
  );
}
