'use client';

import { useState } from 'react';
import { useQuery } from 'urql';
import { HomeSpendOriginDocument } from '../../gql/home.ts';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { dayBounds } from './day-hours.ts';

/** Whether the figures of the page are of live or of simulated providers: as the address says, else live once there was a live call today. */
export function useShownOrigin() {
  const [address, change] = useAddressState();
  const isSimulatorRunning = useWorkspace()?.installation.isSimulatorRunning === true;
  const [now] = useState(Date.now);
  const today = new Date(dayBounds(now).todayMs).toISOString();
  const [{ data: known, error }] = useQuery({ query: HomeSpendOriginDocument, variables: { today } });
  const chosen = address.get('money');
  const usual = isSimulatorRunning && known?.live.totals.calls === 0 ? 'SIMULATED' : 'LIVE';
  const origin: 'LIVE' | 'SIMULATED' = chosen === 'simulated' ? 'SIMULATED' : chosen === 'live' ? 'LIVE' : usual;
  return {
    origin,
    isKnown: known !== undefined || error !== undefined || chosen !== null,
    isSimulatorRunning,
    choose: (value: 'LIVE' | 'SIMULATED') => change({ money: value === 'LIVE' ? 'live' : 'simulated' }),
  };
}
