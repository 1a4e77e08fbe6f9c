'use client';

import dynamic from 'next/dynamic';
import { useAddressState } from '../../shell/use-address-state.ts';
import { HealthOverview } from './health-overview.tsx';

const IncidentPage = dynamic(() => import('./incident-page.tsx').then((module) => module.IncidentPage), { ssr: false });

/** How every provider is; or one incident, whose id stands in the address. */
export function HealthPage() {
  const [address, change] = useAddressState();
  const incident = address.get('incident');
  return incident === null ? (
    <HealthOverview address={address} onChange={change} />
  ) : (
    <IncidentPage key={incident} id={incident} />
  );
}
