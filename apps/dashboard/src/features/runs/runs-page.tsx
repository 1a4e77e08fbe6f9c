'use client';

import dynamic from 'next/dynamic';
import { useAddressState } from '../../shell/use-address-state.ts';
import { RunListPage } from './run-list-page.tsx';

const RunPage = dynamic(() => import('./run-page.tsx').then((module) => module.RunPage), { ssr: false });

/** The list of runs, or one of them: its id stands in the address beside the filters of the list it was opened from. */
export function RunsPage() {
  const [address, change] = useAddressState();
  const id = address.get('id');
  return id === null ? (
    <RunListPage address={address} onChange={change} />
  ) : (
    <RunPage key={id} id={id} address={address} onChange={change} />
  );
}
