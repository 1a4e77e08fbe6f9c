'use client';

import { useQuery } from 'urql';
import { ReportOriginDocument } from '../../gql/reports.ts';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';

/** Whether a report is about live or simulated calls: as the address says, else live once there was a live call in 90 days. */
export function useReportOrigin(): { readonly origin: 'LIVE' | 'SIMULATED'; readonly isKnown: boolean } {
  const [address] = useAddressState();
  const chosen = address.get('data');
  const isSimulatorRunning = useWorkspace()?.installation.isSimulatorRunning === true;
  const [{ data, error }] = useQuery({ query: ReportOriginDocument, pause: chosen !== null });
  if (chosen === 'simulated') return { origin: 'SIMULATED', isKnown: true };
  if (chosen !== null) return { origin: 'LIVE', isKnown: true };
  const isUnused = isSimulatorRunning && data?.usage.total.calls === 0;
  return { origin: isUnused ? 'SIMULATED' : 'LIVE', isKnown: data !== undefined || error !== undefined };
}
