'use client';

import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from '../../shell/logo.tsx';
import classes from './entrance-card.module.css';

/** Frame of the pages before sign-in. */
export function EntranceCard({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Logo size={40} />
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        <p className={classes.text}>{text}</p>
        {children}
      </div>
      <Tracks />
    </main>
  );
}

/** The switchyard in the background: tracks that divide. */
function Tracks() {
  return (
    <svg
      className={classes.tracks}
      viewBox="0 0 1440 320"
      preserveAspectRatio="xMidYMax slice"
      fill="none"
      aria-hidden="true"
    >
      {[0, 1, 2, 3, 4].map((lane) => (
        <path
          key={lane}
          d={`M-20 300H${260 + lane * 60}C${460 + lane * 60} 300 ${480 + lane * 70} ${240 - lane * 48} ${720 + lane * 50} ${240 - lane * 48}H1460`}
          stroke={`var(--sy-id-${[0, 2, 3, 1, 5][lane]})`}
          strokeWidth="2"
        />
      ))}
      <path d="M-20 300H1460" stroke="var(--sy-border-strong)" strokeWidth="2" />
    </svg>
  );
}
