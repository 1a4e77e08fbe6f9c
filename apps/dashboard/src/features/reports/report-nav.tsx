'use client';

import { usePathname } from 'next/navigation';
import { AppLink } from '../../shell/app-link.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import classes from './reports.module.css';

const views = [
  { path: '/reports', label: 'Explore' },
  { path: '/reports/compare', label: 'Compare' },
  { path: '/reports/weekly', label: 'Weekly' },
];

/** The three views of the reports; live or simulated stays chosen. */
export function ReportNav() {
  const pathname = usePathname().replace(/\/$/, '');
  const [address] = useAddressState();
  const data = address.get('data');
  return (
    <nav className={classes.views} aria-label="Reports">
      {views.map(({ path, label }) => (
        <AppLink
          key={path}
          href={data ? `${path}?data=${data}` : path}
          aria-current={pathname === path ? 'page' : undefined}
        >
          {label}
        </AppLink>
      ))}
    </nav>
  );
}
