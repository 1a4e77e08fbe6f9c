'use client';

import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { WorkflowCredentialsDocument } from '../../gql/workflows.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './credentials-banner.module.css';

/** Says that no provider can really be asked, and where that is changed. Nothing once there is one. */
export function CredentialsBanner() {
  const [{ data }] = useQuery({ query: WorkflowCredentialsDocument, requestPolicy: 'cache-and-network' });
  const isSimulated = useWorkspace()?.installation.isSimulatorRunning;
  if (!data) return null;
  const unusable: readonly string[] = ['KEY_MISSING', 'KEY_REJECTED', 'DISABLED', 'SHADOWED'];
  const isLive = data.providers.some(({ origin, state }) => origin === 'LIVE' && !unusable.includes(state));
  if (isLive) return null;
  return (
    <section className={classes.banner} aria-label="No live credentials">
      <IconPlugConnectedX size={22} stroke={1.6} aria-hidden="true" />
      <p>
        <strong>No live credentials found.</strong>{' '}
        {isSimulated
          ? 'You can build and run everything now: the simulator answers, and nothing leaves this machine. '
          : 'You can build and publish now; runs need a key of a provider. '}
        <AppLink href="/providers?new=1">Add a provider</AppLink> to ask real models.
      </p>
    </section>
  );
}
