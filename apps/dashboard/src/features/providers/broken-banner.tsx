'use client';

import { Button } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ClearSimulatedFailuresDocument, SimulatorDocument } from '../../gql/providers.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './broken-banner.module.css';
import { brokenWords, isBrokenHere } from './simulated-failure.ts';
import { useMayManage } from './use-may-manage.ts';

const BreakProviderDialog = dynamic(
  () => import('./break-provider-dialog.tsx').then((module) => module.BreakProviderDialog),
  { ssr: false },
);

/** Says on every page that simulated providers are broken on purpose, for as long as they are. */
export function BrokenBanner() {
  const isSimulated = useWorkspace()?.installation.isSimulatorRunning === true;
  const [{ data }] = useQuery({ query: SimulatorDocument, pause: !isSimulated, requestPolicy: 'cache-and-network' });
  const [{ fetching }, clear] = useMutation(ClearSimulatedFailuresDocument);
  const [changingId, setChangingId] = useState<string>();
  const mayManage = useMayManage();
  const broken = (data?.simulator.providers ?? []).flatMap((simulated) => {
    const words = brokenWords(simulated);
    const { providerId: id, provider } = simulated;
    return words.length > 0 ? [{ id, name: provider.displayName, words, isOurs: isBrokenHere(simulated) }] : [];
  });
  const changeable = broken.find(({ isOurs }) => isOurs);
  const dialog = changingId ? (
    <BreakProviderDialog providerId={changingId} onClose={() => setChangingId(undefined)} />
  ) : null;
  if (broken.length === 0) return dialog;
  return (
    <aside className={classes.banner} aria-label="Broken on purpose">
      <IconBolt size={16} stroke={1.8} aria-hidden="true" />
      <p className={classes.text}>
        <strong>Broken on purpose.</strong> {broken.map(({ name, words }) => `${name}: ${words.join(', ')}`).join('; ')}
      </p>
      {mayManage && changeable ? (
        <span className={classes.actions}>
          <Button variant="subtle" size="compact-xs" onClick={() => setChangingId(changeable.id)}>
            Change
          </Button>
          <Button variant="default" size="compact-xs" loading={fetching} onClick={() => clear({})}>
            Repair all
          </Button>
        </span>
      ) : null}
      {dialog}
    </aside>
  );
}
