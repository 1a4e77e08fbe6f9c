import type { ReactNode } from 'react';
import classes from './notice.module.css';

/** The empty state of a page: what it is for, a picture of it, and one action. */
export function EmptyState({
  title,
  children,
  picture,
  action,
}: {
  title: string;
  children: ReactNode;
  picture?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <section className={classes.notice}>
      {picture}
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.text}>{children}</p>
      {action}
    </section>
  );
}
