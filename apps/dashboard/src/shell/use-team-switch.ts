'use client';

import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation } from 'urql';
import { SwitchTeamDocument } from '../gql/shell.ts';
import { describeFailure } from '../graphql/failure.ts';
import { tellTeamChanged } from './team-signal.ts';

/**
 * Makes the session look at another team. The page is loaded anew then, here and in the other tabs: the cache and the
 * sockets of the former team must not outlive it.
 */
export function useTeamSwitch(): { switchTo(teamId: string): Promise<void>; isSwitching: boolean } {
  const [, change] = useMutation(SwitchTeamDocument);
  const [isSwitching, setSwitching] = useState(false);
  const switchTo = async (teamId: string) => {
    setSwitching(true);
    const { data, error } = await change({ input: { teamId } });
    const result = data?.switchTeam;
    if (result?.__typename === 'SwitchTeamSuccess') {
      tellTeamChanged();
      location.assign('/home');
      return;
    }
    setSwitching(false);
    notifications.show({
      color: 'red',
      title: 'Not switched',
      message: error ? describeFailure(error).message : (result?.message ?? 'Try again.'),
    });
  };
  return { switchTo, isSwitching };
}
