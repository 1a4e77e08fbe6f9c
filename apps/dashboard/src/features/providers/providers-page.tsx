'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { ProviderConditionsDocument, ProvidersDocument, SimulatorDocument } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { ConfigurationSection } from './configuration-section.tsx';
import { type ListedProvider, ProviderCard } from './provider-card.tsx';
import classes from './providers-page.module.css';
import { brokenWords } from './simulated-failure.ts';
import { useMayManage } from './use-may-manage.ts';

const ProviderDrawer = dynamic(() => import('./provider-drawer.tsx').then((module) => module.ProviderDrawer), {
  ssr: false,
});
const DeleteProviderDialog = dynamic(
  () => import('./delete-provider-dialog.tsx').then((module) => module.DeleteProviderDialog),
  { ssr: false },
);
const BreakProviderDialog = dynamic(
  () => import('./break-provider-dialog.tsx').then((module) => module.BreakProviderDialog),
  { ssr: false },
);

/** Load and circuits change by themselves. */
const refreshMs = 5000;

type Doing = { what: 'edit' | 'delete' | 'break'; id: string };

/** State of each provider and the one thing to do to make it ready; the configuration file; names for models. */
export function ProvidersPage() {
  const [address, change] = useAddressState();
  const [{ data, error }, refetch] = useQuery({ query: ProvidersDocument, requestPolicy: 'cache-and-network' });
  const [{ data: simulation }] = useQuery({ query: SimulatorDocument });
  const [doing, setDoing] = useState<Doing>();
  const mayManage = useMayManage();
  useConditions(data !== undefined);
  const providers = data?.providers;
  const broken = useMemo(
    () => new Map(simulation?.simulator.providers.map((each) => [each.providerId, brokenWords(each)])),
    [simulation],
  );
  const takenSlugs = useMemo(
    () => new Set(providers?.filter(({ state }) => state !== 'KEY_MISSING').map(({ slug }) => slug)),
    [providers],
  );
  const openModelIds = useMemo(
    () =>
      new Set(
        providers?.flatMap(({ circuits }) =>
          circuits.filter(({ state }) => state === 'OPEN').map(({ modelId }) => modelId),
        ),
      ),
    [providers],
  );
  const chosen = providers?.find(({ id }) => id === doing?.id);
  const close = () => setDoing(undefined);
  return (
    <>
      <PageHeader
        title="Providers"
        description="Where prompts go. Keys are kept encrypted and never shown again."
        actions={
          <Button leftSection={<IconPlus size={16} />} disabled={!mayManage} onClick={() => change({ new: '1' })}>
            Add provider
          </Button>
        }
      />
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {providers?.every(({ state }) => state === 'KEY_MISSING') ? (
        <p className={classes.hint}>
          No provider can be called yet. Add one here with its key, set the variable named on its card and start
          Switchyard again, or start it with <code>SWITCHYARD_SIMULATOR=on</code> to try everything without a key.
        </p>
      ) : null}
      <div className={classes.grid} aria-busy={providers ? undefined : true}>
        {providers?.map((provider) => (
          <ProviderCard
            key={provider.id}
            provider={provider}
            mayManage={mayManage}
            broken={broken.get(provider.id)}
            onEdit={() => setDoing({ what: 'edit', id: provider.id })}
            onDelete={() => setDoing({ what: 'delete', id: provider.id })}
            onBreak={() => setDoing({ what: 'break', id: provider.id })}
          />
        ))}
        {!providers && !error ? ['a', 'b', 'c', 'd'].map((key) => <Skeleton key={key} h={300} radius={12} />) : null}
      </div>
      {error && !data ? null : <ConfigurationSection mayManage={mayManage} openModelIds={openModelIds} />}
      {address.get('new') === '1' && providers && mayManage ? (
        <ProviderDrawer takenSlugs={takenSlugs} onClose={() => change({ new: null })} />
      ) : null}
      <Dialogs doing={doing} provider={chosen} takenSlugs={takenSlugs} onClose={close} />
    </>
  );
}

interface DialogsProps {
  doing: Doing | undefined;
  provider: ListedProvider | undefined;
  takenSlugs: ReadonlySet<string>;
  onClose(): void;
}

function Dialogs({ doing, provider, takenSlugs, onClose }: DialogsProps) {
  if (!provider) return null;
  if (doing?.what === 'edit') return <ProviderDrawer provider={provider} takenSlugs={takenSlugs} onClose={onClose} />;
  if (doing?.what === 'delete') return <DeleteProviderDialog provider={provider} onClose={onClose} />;
  if (doing?.what === 'break') return <BreakProviderDialog providerId={provider.id} onClose={onClose} />;
  return null;
}

/** Asks for load and circuits every few seconds while the page is looked at; the cache hands them to the cards. */
function useConditions(isActive: boolean): void {
  const [, refresh] = useQuery({ query: ProviderConditionsDocument, pause: true });
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => {
      if (!document.hidden) refresh({ requestPolicy: 'network-only' });
    }, refreshMs);
    return () => clearInterval(timer);
  }, [isActive, refresh]);
}
