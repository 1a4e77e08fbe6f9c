import { formatMoment } from '../../format/date-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { formatLeft } from '../guardrails/budget-words.ts';
import { causeWords, causeWordsPast, incidentTitle } from './health-words.ts';
import classes from './incident-row.module.css';
import { StatusSign } from './status-badge.tsx';
import type { ListedIncident } from './use-open-incidents.ts';

/** How long an incident lasted, or has lasted. */
export const incidentLength = ({ startedAt, closedAt }: ListedIncident, now: number): number =>
  (closedAt ? Date.parse(closedAt) : now) - Date.parse(startedAt);

/** One incident in a list: what it is, since when, how long, and the way to all of it. */
export function IncidentRow({ incident, now }: { incident: ListedIncident; now: number }) {
  const { id, severity, cause, isOpen, startedAt, models, origin, reopened } = incident;
  const tone = severity === 'DOWN' ? 'bad' : 'warn';
  return (
    <li className={classes.row}>
      <StatusSign tone={tone} size={20} isOver={!isOpen} />
      <div className={classes.words}>
        <p className={classes.title}>
          <AppLink href={`/health?incident=${encodeURIComponent(id)}`}>{incidentTitle(incident)}</AppLink>
          <OriginBadge origin={origin} isCompact />
          {incident.isRehearsal ? <span className={classes.rehearsal}>rehearsal</span> : null}
        </p>
        <p className={classes.under}>
          {(isOpen ? causeWords : causeWordsPast)[cause]}
          {models.length > 0 ? ` ${models.length === 1 ? models[0] : `${models.length} models affected`}.` : ''}
          {reopened > 0 ? ` Came back ${reopened === 1 ? 'once' : `${reopened} times`}.` : ''}
        </p>
      </div>
      <p className={classes.when}>
        <strong>
          {isOpen
            ? `for ${formatLeft(incidentLength(incident, now))}`
            : `lasted ${formatLeft(incidentLength(incident, now))}`}
        </strong>
        <time dateTime={startedAt}>{formatMoment(startedAt)}</time>
      </p>
    </li>
  );
}
