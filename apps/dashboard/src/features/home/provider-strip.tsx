'use client';

import { Skeleton } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { overallVerdict, splitByUse, statusWords } from '../health/health-words.ts';
import { OpenIncidents } from '../health/open-incidents.tsx';
import { StatusSign } from '../health/status-badge.tsx';
import { useHealth } from '../health/use-health.ts';
import { useOpenIncidents } from '../health/use-open-incidents.ts';
import classes from './provider-strip.module.css';

const origins = ['LIVE', 'SIMULATED'] as const;

/** How every provider is, live, and the incidents that go on. */
export function ProviderStrip() {
  const { providers, error, reload } = useHealth();
  const { incidents } = useOpenIncidents();
  if (error && !providers) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  if (!providers) return <Skeleton h={92} radius={12} aria-busy="true" />;
  const { used } = splitByUse(providers);
  return (
    <section className={classes.strip} aria-labelledby="provider-strip">
      <div className={classes.head}>
        <h2 id="provider-strip">Providers</h2>
        <AppLink href={used.length === 0 ? '/providers?new=1' : '/health'}>
          {used.length === 0 ? 'Add one with its key' : 'Health'}
        </AppLink>
      </div>
      {used.length === 0 ? <p className={classes.quiet}>None can be called yet.</p> : null}
      {origins.map((origin) => {
        const own = used.filter(({ provider }) => provider.origin === origin);
        if (own.length === 0) return null;
        const verdict = overallVerdict(own, origin);
        return (
          <div key={origin} className={classes.group}>
            <p className={classes.verdict} role="status">
              <StatusSign tone={verdict.tone} /> {verdict.text} <OriginBadge origin={origin} isCompact />
            </p>
            <ul className={classes.chips} aria-label={origin === 'LIVE' ? 'Live providers' : 'Simulated providers'}>
              {own.map(({ provider, status, score, maintenance }) => {
                const { word, tone } = statusWords[status];
                return (
                  <li key={provider.id}>
                    <AppLink href={`/health?provider=${encodeURIComponent(provider.id)}`} data-tone={tone}>
                      <StatusSign tone={tone} size={14} /> {provider.displayName}
                      <span>{status === 'DEGRADED' && score !== null ? `${word}, ${score}` : word}</span>
                      {maintenance ? <IconTool size={13} role="img" aria-label="in maintenance" /> : null}
                    </AppLink>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
      {incidents.length > 0 ? (
        <div className={classes.incidents}>
          <OpenIncidents incidents={incidents} />
        </div>
      ) : null}
    </section>
  );
}
