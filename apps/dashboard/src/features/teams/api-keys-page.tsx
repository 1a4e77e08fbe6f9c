'use client';

import { Button, Skeleton, Tooltip } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatAge, formatDay, formatMoment } from '../../format/date-format.ts';
import { type ApiKeyFieldsFragment, ApiKeysDocument } from '../../gql/teams.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import classes from './api-keys-page.module.css';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { keyState } from './key-state.ts';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';

/** Keys for apps: what each may do, when it was last used, and the way to end it. */
export function ApiKeysPage() {
  const [address, change] = useAddressState();
  const [{ data, error, fetching }, refetch] = useQuery({ query: ApiKeysDocument, requestPolicy: 'cache-and-network' });
  const [doomed, setDoomed] = useState<ApiKeyFieldsFragment>();
  const keys = data
    ? [...data.viewer.team.apiKeys].sort(
        (left, right) =>
          Number(left.revokedAt !== null) - Number(right.revokedAt !== null) ||
          right.createdAt.localeCompare(left.createdAt),
      )
    : undefined;
  const canManage = data?.viewer.accessRole !== 'VIEWER';
  const create = (
    <Button leftSection={<IconPlus size={16} />} disabled={!canManage} onClick={() => change({ new: '1' })}>
      Create key
    </Button>
  );
  return (
    <>
      <PageHeader
        title="API keys"
        description="Access for your apps over GraphQL. A secret is shown once, when it is made; only its hash is kept."
        actions={create}
      />
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
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
                <th scope="col">Key</th>
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
                <KeyRow key={key.id} apiKey={key} canManage={canManage} onRevoke={() => setDoomed(key)} />
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <CreateKeyDialog isOpen={address.get('new') === '1'} onClose={() => change({ new: null })} />
      {doomed ? <RevokeKeyDialog apiKey={doomed} onClose={() => setDoomed(undefined)} /> : null}
    </>
  );
}

function KeyRow({
  apiKey,
  canManage,
  onRevoke,
}: {
  apiKey: ApiKeyFieldsFragment;
  canManage: boolean;
  onRevoke: () => void;
}) {
  const now = Date.now();
  const state = keyState(apiKey, now);
  return (
    <tr data-ended={state.isUsable ? undefined : true}>
      <td className={classes.name}>{apiKey.name}</td>
      <td>
        <code className={classes.code}>
          {apiKey.prefix}…{apiKey.lastFour}
        </code>
      </td>
      <td>{apiKey.scopes.map((scope) => scope.toLowerCase()).join(', ')}</td>
      <td>
        <span className={classes.state} data-tone={state.tone}>
          {state.word}
          {apiKey.expiresAt && state.isUsable ? (
            <span className={tableClasses.muted}> until {formatDay(apiKey.expiresAt)}</span>
          ) : null}
        </span>
      </td>
      <td className={tableClasses.muted}>
        {apiKey.lastUsedAt ? <time dateTime={apiKey.lastUsedAt}>{formatAge(apiKey.lastUsedAt, now)}</time> : 'never'}
      </td>
      <td className={tableClasses.muted}>
        <Tooltip label={`${formatMoment(apiKey.createdAt)}${apiKey.createdBy ? `, ${apiKey.createdBy.name}` : ''}`}>
          <time dateTime={apiKey.createdAt}>{formatAge(apiKey.createdAt, now)}</time>
        </Tooltip>
      </td>
      <td className={tableClasses.number}>
        {state.isUsable && canManage ? (
          <Button size="compact-xs" variant="default" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`} mih={26}>
            Revoke
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
