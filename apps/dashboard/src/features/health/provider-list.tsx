'use client';

import { IconFlask, IconPlugConnected } from '@tabler/icons-react';
import type { HealthHistoryFragment } from '../../gql/health.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { overallVerdict } from './health-words.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import { OpenIncidents } from './open-incidents.tsx';
import classes from './provider-list.module.css';
import { ProviderRow } from './provider-row.tsx';
import { StatusSign } from './status-badge.tsx';
import { UptimeLegend } from './uptime-legend.tsx';
import type { ListedIncident } from './use-open-incidents.ts';

interface Props {
  origin: 'LIVE' | 'SIMULATED';
  providers: readonly ProviderCondition[];
  histories: ReadonlyMap<string, HealthHistoryFragment>;
  incidents: readonly ListedIncident[];
  openId: string | null;
  onOpen(id: string | null): void;
  onMaintain(id: string): void;
}

const words = {
  LIVE: { title: 'Live providers', hint: 'By your real calls, and by checks that cost nothing.' },
  SIMULATED: {
    title: 'Simulated providers',
    hint: 'On this machine. They count apart and never mix with live figures.',
  },
} as const;

/** The providers of one origin: how all of them are in a sentence, what goes on, then each with its last 90 days. */
export function ProviderList({ origin, providers, histories, incidents, openId, onOpen, onMaintain }: Props) {
  const verdict = overallVerdict(providers, origin);
  const Icon = origin === 'LIVE' ? IconPlugConnected : IconFlask;
  const id = `health-${origin.toLowerCase()}`;
  return (
    <section className={classes.section} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id}>
          <Icon size={17} stroke={1.7} aria-hidden="true" /> {words[origin].title}
        </h2>
        <p>{words[origin].hint}</p>
      </header>
      <div className={classes.state} data-tone={verdict.tone}>
        <p className={classes.verdict} role="status">
          <StatusSign tone={verdict.tone} size={20} /> {verdict.text}
        </p>
        <OpenIncidents incidents={incidents} />
      </div>
      <ul className={classes.rows}>
        {providers.map((each) => (
          <li key={each.provider.id}>
            <ProviderRow
              condition={each}
              history={histories.get(each.provider.id)}
              isOpen={openId === each.provider.id}
              onToggle={() => onOpen(openId === each.provider.id ? null : each.provider.id)}
              onMaintain={() => onMaintain(each.provider.id)}
            />
          </li>
        ))}
      </ul>
      <UptimeLegend />
    </section>
  );
}

/** Providers that cannot be called, each with what is missing. */
export function UnusedProviders({ providers }: { providers: readonly ProviderCondition[] }) {
  if (providers.length === 0) return null;
  return (
    <details className={classes.unused}>
      <summary>
        {providers.length} {providers.length === 1 ? 'provider is' : 'providers are'} not in use, so nothing is known of{' '}
        {providers.length === 1 ? 'it' : 'them'}
      </summary>
      <ul>
        {providers.map(({ provider, statusReason }) => (
          <li key={provider.id}>
            <strong>{provider.displayName}</strong> {statusReason ?? 'It is switched off.'}
          </li>
        ))}
      </ul>
      <AppLink href="/providers">Set them up</AppLink>
    </details>
  );
}
