'use client';

import { Skeleton } from '@mantine/core';
import { IconColumns3, IconTimeline } from '@tabler/icons-react';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from './outage-bill.module.css';
import { type IncidentReach, useIncidentEffects } from './use-incident-effects.ts';

const count = (number: number, one: string, many: string) => `${formatCount(number)} ${number === 1 ? one : many}`;
const shownAffected = 10;

/** What an incident did to the team: what it reached, who answered instead, and the bill with its parts. */
export function OutageBill({ id, closedAt }: { id: string; closedAt: string | null }) {
  const { reach, failure, retry } = useIncidentEffects(id, closedAt);
  if (failure && !reach) return <FailureNotice failure={failure} onRetry={retry} />;
  if (!reach) return <Skeleton h={260} radius={12} aria-busy="true" />;
  return <Reach reach={reach} />;
}

function Reach({ reach: { effects, affected, origin } }: { reach: IncidentReach }) {
  const { failedCalls, requests, lanes, runs, fallbacks, fallbackCalls, unknownCostCalls, isPartial } = effects;
  const isQuiet = failedCalls === 0 && fallbackCalls === 0;
  return (
    <>
      <section className={classes.card} aria-labelledby="outage-bill">
        <h2 id="outage-bill">What it cost your team</h2>
        <p className={classes.sum}>
          <strong>{formatUsd(effects.billUsd)}</strong>
          {origin === 'SIMULATED' ? <span>at list prices, simulated</span> : null}
        </p>
        <dl className={classes.bill}>
          <div>
            <dt>Paid attempts without a whole answer</dt>
            <dd>{formatUsd(effects.failedAttemptsUsd)}</dd>
          </div>
          <div>
            <dt>What fallbacks cost above the price of what was asked for</dt>
            <dd>{formatUsd(effects.fallbackExtraUsd)}</dd>
          </div>
          <div data-total="">
            <dt>Together</dt>
            <dd>{formatUsd(effects.billUsd)}</dd>
          </div>
        </dl>
        {unknownCostCalls > 0 ? (
          <p className={classes.note}>
            {count(unknownCostCalls, 'call is', 'calls are')} not in it, because a price or a count of tokens is not
            known.
          </p>
        ) : null}
        {isPartial ? (
          <p className={classes.note}>
            Only its first three days, or the first 5,000 answers of fallbacks, are added up.
          </p>
        ) : null}
      </section>
      <section className={classes.card} aria-labelledby="outage-reach">
        <h2 id="outage-reach">What it reached</h2>
        {isQuiet ? (
          <p className={classes.note}>No call of your team failed by it.</p>
        ) : (
          <p className={classes.words}>
            {count(failedCalls, 'call', 'calls')} failed, in {count(requests, 'request', 'requests')}
            {lanes > 0 ? `, ${count(lanes, 'lane', 'lanes')} of comparisons` : ''}
            {runs > 0 ? `, ${count(runs, 'run', 'runs')} of workflows` : ''}.
          </p>
        )}
        {affected.length > 0 ? <Affected affected={affected} /> : null}
        <h3>Who answered instead</h3>
        {fallbacks.length === 0 ? (
          <p className={classes.note}>Nobody: no request had a fallback that answered.</p>
        ) : (
          <ul className={classes.fallbacks}>
            {fallbacks.map(({ modelId, calls, costUsd, extraUsd }) => (
              <li key={modelId}>
                <span className={classes.model}>{modelId}</span>
                <span>{count(calls, 'answer', 'answers')}</span>
                <span>
                  {formatUsd(costUsd)}
                  {Number(extraUsd) > 0 ? `, ${formatUsd(extraUsd)} more` : ', no more'}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Affected({ affected }: { affected: IncidentReach['affected'] }) {
  const more = affected.length - shownAffected;
  return (
    <>
      <ul className={classes.affected} aria-label="Affected comparisons and runs">
        {affected.slice(0, shownAffected).map(({ kind, targetId, title, failedCalls }) => {
          const Icon = kind === 'RUN' ? IconTimeline : IconColumns3;
          const page = kind === 'RUN' ? '/runs' : '/compare';
          return (
            <li key={targetId}>
              <Icon size={15} aria-hidden="true" />
              <AppLink href={`${page}?id=${encodeURIComponent(targetId)}`}>
                <span className="visually-hidden">{kind === 'RUN' ? 'Run: ' : 'Comparison: '}</span>
                {title}
              </AppLink>
              <span>{formatCount(failedCalls)} failed</span>
            </li>
          );
        })}
      </ul>
      {more > 0 ? <p className={classes.note}>and {more} more.</p> : null}
    </>
  );
}
