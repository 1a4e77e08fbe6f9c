'use client';

import { Button, Skeleton } from '@mantine/core';
import { formatMoment } from '../../format/date-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { BackLink } from '../../shell/back-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useNow } from '../../shell/use-now.ts';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { formatLeft } from '../guardrails/budget-words.ts';
import { causeWords, causeWordsPast, incidentTitle, statusWords } from './health-words.ts';
import classes from './incident-page.module.css';
import { IncidentTimeline } from './incident-timeline.tsx';
import { NoteForm } from './note-form.tsx';
import { OutageBill } from './outage-bill.tsx';
import { StatusSign } from './status-badge.tsx';
import { useIncident } from './use-incident.ts';

/** One incident: what happened step by step, what it reached, who answered instead, what it cost. */
export function IncidentPage({ id }: { id: string }) {
  const { incident, isMissing, failure, reload } = useIncident(id);
  const now = useNow(incident?.isOpen === true, 1000);
  usePageTitle(incident ? incidentTitle(incident) : 'Incident');
  const back = <BackLink href="/health?tab=incidents">Incidents</BackLink>;
  if (isMissing)
    return (
      <>
        {back}
        <EmptyState
          title="There is no such incident"
          action={
            <Button component={AppLink} href="/health?tab=incidents" variant="default">
              All incidents
            </Button>
          }
        >
          Incidents are kept for a year. This one is gone, or it belongs to another team.
        </EmptyState>
      </>
    );
  if (failure && !incident)
    return (
      <>
        {back}
        <FailureNotice failure={failure} onRetry={reload} />
      </>
    );
  if (!incident)
    return (
      <>
        {back}
        <div className={classes.grid} aria-busy="true">
          <Skeleton h={320} radius={12} />
          <Skeleton h={320} radius={12} />
        </div>
      </>
    );
  const { isOpen, severity, cause, origin, startedAt, detectedAt, closedAt, reopened, models, providerId } = incident;
  const tone = isOpen ? (severity === 'DOWN' ? 'bad' : 'warn') : 'good';
  const lastedMs = (closedAt ? Date.parse(closedAt) : now) - Date.parse(startedAt);
  const noticedMs = Math.max(0, Date.parse(detectedAt) - Date.parse(startedAt));
  return (
    <>
      {back}
      <header className={classes.head}>
        <h1>
          {incidentTitle(incident)} <OriginBadge origin={origin} />
        </h1>
        <p className={classes.state} data-tone={tone}>
          <StatusSign tone={tone} />
          {isOpen ? `Goes on, for ${formatLeft(lastedMs)}` : `Over; it lasted ${formatLeft(lastedMs)}`}
        </p>
        <p className="visually-hidden" role="status">
          {isOpen ? 'The incident goes on.' : 'The incident is over.'}
        </p>
        <p className={classes.cause}>
          {incident.isRehearsal ? 'A rehearsal brought it about; it counts in no uptime. ' : ''}
          {(isOpen ? causeWords : causeWordsPast)[cause]}
        </p>
      </header>
      <dl className={classes.facts}>
        <Fact term="First fault">{formatMoment(startedAt)}</Fact>
        <Fact term="Noticed">{noticedMs < 1000 ? 'at once' : `${formatLeft(noticedMs)} later`}</Fact>
        <Fact term="Over">{closedAt ? formatMoment(closedAt) : 'not yet'}</Fact>
        <Fact term="Worst status">{statusWords[severity].word}</Fact>
        <Fact term="Came back">{reopened === 0 ? 'no' : reopened === 1 ? 'once' : `${reopened} times`}</Fact>
        <div>
          <dt>Provider</dt>
          <dd>
            <AppLink href={`/health?provider=${encodeURIComponent(providerId)}`}>How it is now</AppLink>
          </dd>
        </div>
      </dl>
      <div className={classes.grid}>
        <section className={classes.card} aria-labelledby="incident-timeline">
          <h2 id="incident-timeline">What happened</h2>
          <IncidentTimeline entries={incident.timeline} startedAt={startedAt} />
          <NoteForm incidentId={incident.id} onWritten={reload} />
        </section>
        <div className={classes.side}>
          <OutageBill id={incident.id} closedAt={closedAt} />
          <section className={classes.card} aria-labelledby="incident-models">
            <h2 id="incident-models">Models that failed</h2>
            {models.length === 0 ? (
              <p className={classes.quiet}>None was called: the trouble was found by checks.</p>
            ) : (
              <ul className={classes.models}>
                {models.map((model) => (
                  <li key={model}>
                    <AppLink href={`/models?search=${encodeURIComponent(model)}`}>{model}</AppLink>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      </div>
    </>
  );
}

function Fact({ term, children }: { term: string; children: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
