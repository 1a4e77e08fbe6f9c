'use client';

import { SegmentedControl } from '@mantine/core';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';

/** Live and simulated calls are never added up; without a simulator there is nothing to choose. */
export function OriginSwitch({ origin }: { origin: 'LIVE' | 'SIMULATED' }) {
  const [, change] = useAddressState();
  const isSimulatorRunning = useWorkspace()?.installation.isSimulatorRunning === true;
  if (!isSimulatorRunning && origin === 'LIVE') return null;
  return (
    <SegmentedControl
      size="xs"
      aria-label="Calls"
      data={[
        { value: 'LIVE', label: 'Live' },
        { value: 'SIMULATED', label: 'Simulated' },
      ]}
      value={origin}
      onChange={(value) => change({ data: value === 'LIVE' ? 'live' : 'simulated', week: null })}
    />
  );
}
