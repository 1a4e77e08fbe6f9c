'use client';

import { IconFlask } from '@tabler/icons-react';
import { AppLink } from './app-link.tsx';
import classes from './simulated-banner.module.css';
import { useWorkspace } from './workspace-context.tsx';

/** Says for as long as simulated providers run that answers are not real. */
export function SimulatedBanner() {
  const workspace = useWorkspace();
  if (!workspace?.installation.isSimulatorRunning) return null;
  return (
    <aside className={classes.banner} aria-label="Simulated providers">
      <IconFlask size={16} stroke={1.8} aria-hidden="true" />
      <p className={classes.text}>
        <strong>Simulated providers.</strong> Answers are synthetic, nothing leaves this machine, prices are list
        prices.
      </p>
      <AppLink href="/providers?new=1" className={classes.link}>
        Add a key
      </AppLink>
    </aside>
  );
}
