'use client';

import { useNow } from '../../shell/use-now.ts';
import classes from './incident-row.module.css';
import { IncidentRow } from './incident-row.tsx';
import type { ListedIncident } from './use-open-incidents.ts';

/** The incidents that go on. Draws nothing when none does. */
export function OpenIncidents({ incidents }: { incidents: readonly ListedIncident[] }) {
  const now = useNow(incidents.length > 0, 1000);
  if (incidents.length === 0) return null;
  return (
    <ul className={classes.going} aria-label="Incidents that go on">
      {incidents.map((incident) => (
        <IncidentRow key={incident.id} incident={incident} now={now} />
      ))}
    </ul>
  );
}
