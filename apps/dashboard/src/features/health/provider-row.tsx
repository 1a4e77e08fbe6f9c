'use client';

import { Skeleton, Tooltip } from '@mantine/core';
import { IconChevronDown, IconTool } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useRef } from 'react';
import { formatMoment } from '../../format/date-format.ts';
import type { HealthHistoryFragment } from '../../gql/health.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { useNow } from '../../shell/use-now.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { causeWords, formatUptime, lastedFrom } from './health-words.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import classes from './provider-row.module.css';
import { StatusBadge } from './status-badge.tsx';
import { UptimeBars } from './uptime-bars.tsx';

const ProviderDetails = dynamic(() => import('./provider-details.tsx').then((module) => module.ProviderDetails), {
  ssr: false,
  loading: () => <Skeleton h={360} radius={8} />,
});

interface Props {
  condition: ProviderCondition;
  history: HealthHistoryFragment | undefined;
  isOpen: boolean;
  onToggle(): void;
  onMaintain(): void;
}

/** One provider at a look: how it is, its score, its last 90 days; the rest on opening. */
export function ProviderRow({ condition, history, isOpen, onToggle, onMaintain }: Props) {
  const { provider, status, cause, score, since, incident, maintenance } = condition;
  const isTroubled = status === 'DOWN' || status === 'DEGRADED';
  const now = useNow(isTroubled, 1000);
  const name = provider.displayName;
  const panelId = `health-of-${provider.slug}-${provider.origin}`;
  const longest = history?.uptimes.at(-1);
  const place = useRef<HTMLElement>(null);
  const isOpenAtFirst = useRef(isOpen);
  // Who came by the address of a provider sees it.
  useEffect(() => {
    if (isOpenAtFirst.current) place.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <article ref={place} className={classes.row} aria-labelledby={`${panelId}-name`}>
      <div className={classes.line}>
        <h3 id={`${panelId}-name`} className={classes.name}>
          <button type="button" aria-expanded={isOpen} aria-controls={isOpen ? panelId : undefined} onClick={onToggle}>
            <IconChevronDown size={16} aria-hidden="true" data-open={isOpen || undefined} />
            {name}
          </button>
          <OriginBadge origin={provider.origin} isCompact />
        </h3>
        <span className={classes.figures}>
          {longest?.uptime != null ? (
            <Tooltip label={`Of the time in the last 90 days of which something is known (${shareText(longest)})`}>
              <span className={classes.uptime}>{formatUptime(longest.uptime)} up</span>
            </Tooltip>
          ) : null}
          <span className={classes.score}>
            {score === null ? '' : 'Score '}
            <strong>{score ?? ''}</strong>
          </span>
          <StatusBadge status={status} />
        </span>
      </div>
      {isTroubled && cause ? (
        <p className={classes.trouble} data-tone={status === 'DOWN' ? 'bad' : 'warn'}>
          {causeWords[cause]} {since ? `For ${lastedFrom(since, now)}.` : ''}{' '}
          {incident ? (
            <AppLink href={`/health?incident=${encodeURIComponent(incident.id)}`}>
              Look at the incident<span className="visually-hidden"> of {name}</span>
            </AppLink>
          ) : null}
        </p>
      ) : null}
      {maintenance ? (
        <p className={classes.maintenance}>
          <IconTool size={14} aria-hidden="true" /> In maintenance until {formatMoment(maintenance.endsAt)}
          {maintenance.note ? `: ${maintenance.note}` : '.'}
        </p>
      ) : null}
      {history ? (
        <UptimeBars name={name} days={history.days} />
      ) : (
        <Skeleton h={32} mb={22} radius={3} aria-busy="true" />
      )}
      {isOpen ? (
        <div id={panelId} className={classes.panel}>
          <ProviderDetails condition={condition} history={history} onMaintain={onMaintain} />
        </div>
      ) : null}
    </article>
  );
}

function shareText({ knownShare }: { knownShare: number }): string {
  const percent = knownShare * 100;
  return percent > 0 && percent < 0.1 ? 'less than 0.1 % of it' : `${percent.toFixed(1)} % of it`;
}
