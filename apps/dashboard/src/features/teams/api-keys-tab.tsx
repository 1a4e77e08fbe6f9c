'use client';

import { Skeleton } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { type ApiKeyFieldsFragment, ApiKeysDocument } from '../../gql/teams.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayDo } from '../../shell/use-may-do.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { type KeyAction, KeyRow, overlapOf } from './key-row.tsx';
import { keyState } from './key-state.ts';
import classes from './team-page.module.css';

const CreateKeyDialog = dynamic(() => import('./create-key-dialog.tsx').then((module) => module.CreateKeyDialog), {
  ssr: false,
});

const RotateKeyDialog = dynamic(() => import('./rotate-key-dialog.tsx').then((module) => module.RotateKeyDialog), {
  ssr: false,
});
const EditKeyDialog = dynamic(() => import('./edit-key-dialog.tsx').then((module) => module.EditKeyDialog), {
  ssr: false,
});
const RevokeKeyDialog = dynamic(() => import('./revoke-key-dialog.tsx').then((module) => module.RevokeKeyDialog), {
  ssr: false,
});

/** Keys for apps: what each may do, when it was last used, and the way to end it. */
export function ApiKeysTab() {
  const [address, change] = useAddressState();
  const workspace = useWorkspace();
  const making = useMayDo('RUN', 'TEAM');
  const managing = useMayDo('MANAGE', 'TEAM');
  const [{ data, error, fetching }, refetch] = useQuery({ query: ApiKeysDocument, requestPolicy: 'cache-and-network' });
  const [acted, setActed] = useState<{ apiKey: ApiKeyFieldsFragment; action: KeyAction }>();
  const reload = () => refetch({ requestPolicy: 'network-only' });
  const close = () => {
    setActed(undefined);
    reload();
  };
  const now = Date.now();
  const keys = data
    ? [...data.viewer.team.apiKeys].sort(
        (left, right) =>
          Number(!keyState(left, now).isUsable) - Number(!keyState(right, now).isUsable) ||
          right.createdAt.localeCompare(left.createdAt),
      )
    : undefined;
  const create = (
    <GuardedButton reason={making.reason} leftSection={<IconPlus size={16} />} onClick={() => change({ new: '1' })}>
      Create key
    </GuardedButton>
  );
  const reasonFor = (key: ApiKeyFieldsFragment) =>
    managing.isAllowed || (making.isAllowed && key.createdBy?.id === workspace?.viewer.user?.id)
      ? undefined
      : making.isAllowed
        ? 'This key was made by somebody else: only owners and admins may change it.'
        : making.reason;
  return (
    <>
      {keys && keys.length > 0 ? (
        <div className={classes.head}>
          <p>Access for your apps. A secret is shown once, when it is made; only its hash is kept.</p>
          {create}
        </div>
      ) : null}
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={reload} /> : null}
      {!keys && !error ? <Skeleton h={180} radius={12} aria-busy="true" /> : null}
      {keys?.length === 0 && !fetching ? (
        <EmptyState
          picture={<IconKey size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title="No keys yet"
          action={create}
        >
          With a key, any app runs prompts through Switchyard: one request, the model you name, the cost in the answer.
        </EmptyState>
      ) : null}
      {keys && keys.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={tableClasses.frame} tabIndex={0} aria-label="API keys">
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">May</th>
                <th scope="col">State</th>
                <th scope="col">Last used</th>
                <th scope="col">Created</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <KeyRow
                  key={key.id}
                  apiKey={key}
                  reason={reasonFor(key)}
                  onAct={(action) => setActed({ apiKey: key, action })}
                />
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {address.get('new') === '1' ? <CreateKeyDialog onMade={reload} onClose={() => change({ new: null })} /> : null}
      {acted?.action === 'rotate' ? <RotateKeyDialog apiKey={acted.apiKey} onClose={close} /> : null}
      {acted?.action === 'edit' ? <EditKeyDialog apiKey={acted.apiKey} onClose={close} /> : null}
      {acted?.action === 'revoke' ? (
        <RevokeKeyDialog apiKey={acted.apiKey} onDone={reload} onClose={() => setActed(undefined)} />
      ) : null}
      {acted?.action === 'end-overlap' ? (
        <RevokeKeyDialog
          apiKey={acted.apiKey}
          oldSecret={overlapOf(acted.apiKey)}
          onDone={reload}
          onClose={() => setActed(undefined)}
        />
      ) : null}
    </>
  );
}
