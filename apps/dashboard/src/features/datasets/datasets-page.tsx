'use client';

import { Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useAddressState } from '../../shell/use-address-state.ts';
import { DatasetListPage } from './dataset-list-page.tsx';

const loading = () => <Skeleton h={320} radius={12} />;
const DatasetPage = dynamic(() => import('./dataset-page.tsx').then((module) => module.DatasetPage), {
  ssr: false,
  loading,
});
const ImportPage = dynamic(() => import('./import-page.tsx').then((module) => module.ImportPage), {
  ssr: false,
  loading,
});
const HistoryPage = dynamic(() => import('./history-page.tsx').then((module) => module.HistoryPage), {
  ssr: false,
  loading,
});

/** The list of datasets, one of them, or a way to make one: what is shown stands in the address. */
export function DatasetsPage() {
  const [address, change] = useAddressState();
  const made = address.get('new');
  if (made === 'import') return <ImportPage into={address.get('into')} />;
  if (made === 'history') return <HistoryPage into={address.get('into')} />;
  const id = address.get('id');
  return id === null ? (
    <DatasetListPage address={address} onChange={change} />
  ) : (
    <DatasetPage key={id} id={id} address={address} onChange={change} />
  );
}
