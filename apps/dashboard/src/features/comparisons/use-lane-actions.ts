'use client';

import { notifications } from '@mantine/notifications';
import { useMemo, useRef } from 'react';
import { useClient } from 'urql';
import {
  MarkBestLaneDocument,
  RateOutputDocument,
  RetryLaneDocument,
  StopComparisonDocument,
  StopLaneDocument,
} from '../../gql/comparisons.ts';
import { describeFailure } from '../../graphql/failure.ts';
import type { ComparisonStore } from './comparison-store.ts';
import type { LaneActions } from './lane.tsx';
import { randomKey } from './random-key.ts';

interface Outcome {
  data?: Record<string, { __typename: string; message?: string }> | undefined;
  error?: Parameters<typeof describeFailure>[0] | undefined;
}

/** True when the mutation did what was asked; says otherwise why not. */
function succeeded(result: unknown): boolean {
  const { data, error } = result as Outcome;
  const payload = data ? Object.values(data).find((value) => typeof value === 'object') : undefined;
  if (payload?.__typename.endsWith('Success')) return true;
  const message = error ? describeFailure(error).message : payload?.message;
  notifications.show({ color: 'red', title: 'That did not work', message: message ?? 'The server gave no reason.' });
  return false;
}

/** What the buttons of the lanes do. The object stays the same, so lanes are not drawn again for it. */
export function useLaneActions(
  comparisonId: string,
  store: ComparisonStore,
  focus: (laneId: string | null) => void,
): LaneActions & { stopAll(): void } {
  const client = useClient();
  const latest = useRef(focus);
  latest.current = focus;
  return useMemo(
    () => ({
      focus: (laneId) => latest.current(laneId),
      async stop(laneId) {
        succeeded(await client.mutation(StopLaneDocument, { input: { laneId } }));
      },
      async stopAll() {
        succeeded(await client.mutation(StopComparisonDocument, { input: { comparisonId } }));
      },
      async retry(laneId) {
        if (succeeded(await client.mutation(RetryLaneDocument, { input: { laneId, idempotencyKey: randomKey() } })))
          store.expectRetry(laneId);
      },
      async rate(laneId, rating) {
        succeeded(await client.mutation(RateOutputDocument, { input: { laneId, rating } }));
      },
      async markBest(laneId) {
        succeeded(await client.mutation(MarkBestLaneDocument, { input: { comparisonId, laneId } }));
      },
    }),
    [client, comparisonId, store],
  );
}
