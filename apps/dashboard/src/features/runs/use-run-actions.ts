'use client';

import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import { useMutation } from 'urql';
import { CancelRunDocument, RetryRunDocument } from '../../gql/runs.ts';
import { refusalText } from '../guardrails/refusal-of.ts';

/** Stops a run, or lets it go on; what stands against it is told. */
export function useRunActions(runId: string, reload: () => void) {
  const [{ fetching: isCancelling }, cancel] = useMutation(CancelRunDocument);
  const [{ fetching: isRetrying }, retry] = useMutation(RetryRunDocument);
  // One key until an answer came: a second press, or a try after a lost answer, retries once.
  const retryKey = useRef(crypto.randomUUID());
  const tell = (message: string, isBad = false) => notifications.show({ message, ...(isBad ? { color: 'red' } : {}) });
  return {
    isBusy: isCancelling || isRetrying,
    async cancel() {
      const { data, error } = await cancel({ input: { runId } });
      const result = data?.cancelRun;
      if (result?.__typename !== 'CancelRunSuccess') tell(refusalText(result, error), true);
      reload();
    },
    async retry(fromStepId?: string) {
      const input = { runId, idempotencyKey: retryKey.current, ...(fromStepId === undefined ? {} : { fromStepId }) };
      const { data, error } = await retry({ input });
      const result = data?.retryRun;
      if (!error) retryKey.current = crypto.randomUUID();
      if (result?.__typename === 'RetryRunSuccess')
        tell(fromStepId === undefined ? 'The run goes on where it failed.' : `The run goes on from ${fromStepId}.`);
      else tell(refusalText(result, error), true);
      reload();
    },
  };
}
