'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import {
  HealthDocument,
  HealthEventsDocument,
  type HealthEventsSubscription,
  HealthHistoriesDocument,
  type HealthHistoryFragment,
} from '../../gql/health.ts';
import { followSubscription } from '../../graphql/follow-subscription.ts';
import { tellHealthChanged } from './health-signal.ts';
import { mergeConditions, type ProviderCondition } from './merge-conditions.ts';

export interface Health {
  /** Undefined until they are known. */
  readonly providers: readonly ProviderCondition[] | undefined;
  /** By the id of the provider; empty until it is known, and for who does not ask for it. */
  readonly histories: ReadonlyMap<string, HealthHistoryFragment>;
  readonly error: CombinedError | undefined;
  /** False while the connection is lost. */
  readonly isLive: boolean;
  reload(): void;
}

type Known = Omit<Health, 'reload'>;
/** Scores move without an event. */
const refreshMs = 10_000;
const historyMs = 120_000;
/** After an event the days are added up anew; many events of a moment once. */
const gatherMs = 2_500;
/** What happened between the first answer and the beginning of the subscription is asked for once more. */
const settleMs = 2_000;

/** The health of every provider: a snapshot first, then each change as it is told, and a look again now and then. */
export function useHealth({ isWithHistory = false } = {}): Health {
  const client = useClient();
  const [state, setState] = useState<Known>({
    providers: undefined,
    histories: new Map(),
    error: undefined,
    isLive: true,
  });
  /** Told while an answer was on its way: newer than the answer. */
  const told = useRef(new Map<string, ProviderCondition>());
  const listed = useRef<ReadonlySet<string>>(undefined);
  const round = useRef(0);
  const isConnected = useRef(true);
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);

  const load = useCallback(async () => {
    const own = ++round.current;
    told.current = new Map();
    const { data, error } = await client.query(HealthDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (own !== round.current) return;
    if (data) listed.current = new Set(data.health.map(({ provider }) => provider.id));
    setState((known) =>
      data
        ? {
            ...known,
            providers: mergeConditions(data.health, told.current),
            error: undefined,
            isLive: isConnected.current,
          }
        : { ...known, error, isLive: false },
    );
  }, [client]);

  const loadHistory = useCallback(async () => {
    if (!isWithHistory) return;
    const { data } = await client.query(HealthHistoriesDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (!data) return;
    const histories = new Map(data.health.map((each) => [each.provider.id, each]));
    setState((known) => ({ ...known, histories }));
  }, [client, isWithHistory]);

  useEffect(() => {
    const reloadAll = () => {
      void load();
      void loadHistory();
    };
    reloadAll();
    const onEvent = ({ healthEvents: event }: HealthEventsSubscription) => {
      const { health } = event;
      if (health) {
        told.current.set(event.providerId, health);
        if (listed.current && !listed.current.has(event.providerId)) void load();
        setState((known) => {
          if (!known.providers) return known;
          return { ...known, providers: mergeConditions(known.providers, new Map([[event.providerId, health]])) };
        });
      } else void load();
      // A check alone spends no time in another status.
      if (event.__typename !== 'ProviderChecked')
        gathering.current ??= setTimeout(() => {
          gathering.current = undefined;
          void loadHistory();
        }, gatherMs);
      tellHealthChanged({ what: 'provider', providerId: event.providerId });
      if (event.__typename === 'IncidentChanged')
        tellHealthChanged({ what: 'incident', incidentId: event.incident?.id });
      if (event.__typename === 'RehearsalProgressed') tellHealthChanged({ what: 'rehearsal' });
      if (event.__typename === 'MaintenanceChanged') tellHealthChanged({ what: 'maintenance' });
    };
    const stop = followSubscription({
      document: HealthEventsDocument,
      operationName: 'HealthEvents',
      onData: onEvent,
      onLost() {
        isConnected.current = false;
        setState((known) => ({ ...known, isLive: false }));
      },
      onResumed() {
        isConnected.current = true;
        reloadAll();
        tellHealthChanged({ what: 'resumed' });
      },
    });
    const settled = setTimeout(() => void load(), settleMs);
    const looking = setInterval(() => !document.hidden && void load(), refreshMs);
    const remembering = setInterval(() => !document.hidden && void loadHistory(), historyMs);
    const onVisible = () => !document.hidden && reloadAll();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      round.current += 1;
      stop();
      clearTimeout(settled);
      clearTimeout(gathering.current);
      gathering.current = undefined;
      clearInterval(looking);
      clearInterval(remembering);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [load, loadHistory]);

  const reload = useCallback(() => {
    void load();
    void loadHistory();
  }, [load, loadHistory]);
  return { ...state, reload };
}
