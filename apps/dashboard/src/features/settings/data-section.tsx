'use client';

import { IconDownload } from '@tabler/icons-react';
import cardClasses from '../../shell/card.module.css';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import { useIsOwner } from '../../shell/use-may-do.ts';
import classes from './settings.module.css';

/** Takes the team's data along. */
export function DataSection() {
  const owning = useIsOwner();
  return (
    <section className={cardClasses.card} aria-labelledby="data-title">
      <h2 id="data-title">Your data</h2>
      <div className={classes.row}>
        <p className={classes.words} style={{ margin: 0 }}>
          <strong>Export everything</strong>
          <span>One file of JSON lines with all that belongs to the team; secrets are left out.</span>
        </p>
        <GuardedButton
          reason={owning.reason}
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => location.assign('/api/teams/export')}
        >
          Export the team
        </GuardedButton>
      </div>
    </section>
  );
}
