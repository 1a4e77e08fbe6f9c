'use client';

import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { IncidentEffectsDocument, type IncidentEffectsQuery } from '../../gql/health.ts';
import { describeFailure, type Failure } from '../../graphql/failure.ts';

export type IncidentReach = NonNullable<IncidentEffectsQuery['incident']>;

const soonestMs = 4_000;
/** It is added up from the records of all calls of the time: a team with many is asked less often. */
const restForWork = 20;
/** Records of the last calls are written a moment after an incident is over. */
const settleMs = 60_000;

/** What an incident did and cost, looked at again for as long as that may change. `id` is global. */
export function useIncidentEffects(id: string, closedAt: string | null) {
  const client = useClient();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ reach: IncidentReach | undefined; failure: Failure | undefined }>({
    reach: undefined,
    failure: undefined,
  });
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const beganMs = performance.now();
      if (!document.hidden) {
        const { data, error } = await client
          .query(IncidentEffectsDocument, { id }, { requestPolicy: 'network-only' })
          .toPromise();
        if (isGone) return;
        setState((known) => ({
          reach: data?.incident ?? known.reach,
          failure: error ? describeFailure(error) : undefined,
        }));
      }
      if (closedAt !== null && Date.now() - Date.parse(closedAt) > settleMs) return;
      timer = setTimeout(look, Math.max(soonestMs, restForWork * (performance.now() - beganMs)));
    };
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [client, id, closedAt, round]);
  return { ...state, retry: () => setRound((known) => known + 1) };
}
