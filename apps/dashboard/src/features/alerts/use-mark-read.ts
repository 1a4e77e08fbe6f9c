'use client';

import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useMutation } from 'urql';
import { MarkNotificationsReadDocument, type MarkNotificationsReadInput } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';

/** Marks notifications as read, for the person who looks alone; says so when that failed. */
export function useMarkRead(): { isBusy: boolean; markRead(input: MarkNotificationsReadInput): Promise<void> } {
  const [{ fetching }, mark] = useMutation(MarkNotificationsReadDocument);
  const markRead = useCallback(
    async (input: MarkNotificationsReadInput) => {
      const { data, error } = await mark({ input });
      const result = data?.markNotificationsRead;
      if (result?.__typename !== 'MarkNotificationsReadSuccess')
        notifications.show({
          color: 'red',
          message: error ? describeFailure(error).message : (result?.message ?? 'They were not marked. Try again.'),
        });
    },
    [mark],
  );
  return { isBusy: fetching, markRead };
}
