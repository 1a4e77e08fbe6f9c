'use client';

import dynamic from 'next/dynamic';
import { useAddressState } from '../../shell/use-address-state.ts';
import { ExperimentListPage } from './experiment-list-page.tsx';

const ExperimentPage = dynamic(() => import('./experiment-page.tsx').then((module) => module.ExperimentPage), {
  ssr: false,
});

/** The list of tests, or one of them: its id stands in the address. */
export function ExperimentsPage() {
  const [address, change] = useAddressState();
  const id = address.get('id');
  return id === null ? (
    <ExperimentListPage address={address} onChange={change} />
  ) : (
    <ExperimentPage key={id} id={id} address={address} onChange={change} />
  );
}
