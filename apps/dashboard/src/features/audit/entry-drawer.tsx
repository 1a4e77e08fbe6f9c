'use client';

import { Button, Drawer, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { AuditEntryDetailsDocument, type AuditEntryDetailsQuery, RevertChangeDocument } from '../../gql/audit.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { CopyButton } from '../../shell/copy-button.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import { useMayDo } from '../../shell/use-may-do.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './audit.module.css';
import { callsOf, placeOf, wordsOf } from './audit-words.ts';
import { ChangeList } from './change-list.tsx';

type Entry = Extract<AuditEntryDetailsQuery['node'], { __typename: 'AuditEntry' }>;

interface Props {
  readonly id: string;
  onOpen(entryId: string): void;
  onObject(objectId: string): void;
  onReverted(): void;
  onClose(): void;
}

/** One entry: what differs, who, where and when, its place in the chain, and the way to take it back. */
export function EntryDrawer({ id, onOpen, onObject, onReverted, onClose }: Props) {
  const [{ data, error }, refetch] = useQuery({
    query: AuditEntryDetailsDocument,
    variables: { id },
    requestPolicy: 'network-only',
  });
  const entry = data?.node?.__typename === 'AuditEntry' ? data.node : undefined;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title={entry ? `Entry ${entry.seq}` : 'Audit entry'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error && !entry ? <FailureNotice failure={describeFailure(error)} onRetry={() => refetch()} /> : null}
      {!data && !error ? <Skeleton h={260} radius={10} aria-busy="true" /> : null}
      {data && !entry ? (
        <EmptyState title="There is no such entry">It belongs to another team, or it is gone by retention.</EmptyState>
      ) : null}
      {entry ? <Details entry={entry} onOpen={onOpen} onObject={onObject} onReverted={onReverted} /> : null}
    </Drawer>
  );
}

function Details({ entry, onOpen, onObject, onReverted }: { entry: Entry } & Omit<Props, 'id' | 'onClose'>) {
  const place = placeOf(entry);
  const calls = callsOf(entry);
  return (
    <>
      <p style={{ marginTop: 0 }}>{entry.summary}</p>
      <h3 className={classes.heading}>What differs</h3>
      <ChangeList entry={entry} />
      <h3 className={classes.heading}>Who, where and when</h3>
      <dl className={classes.facts}>
        <dt>Who</dt>
        <dd>
          {entry.actor.name}
          {entry.actor.kind === 'KEY' ? ', an API key' : ''}
          {entry.actor.reason ? ` (${entry.actor.reason})` : ''}
          {calls ? (
            <>
              , <AppLink href={calls}>who answered their calls</AppLink>
            </>
          ) : null}
        </dd>
        <dt>When</dt>
        <dd>
          <time dateTime={entry.at}>{formatMoment(entry.at)}</time>
        </dd>
        <dt>How</dt>
        <dd>{wordsOf(entry.action)}</dd>
        {entry.ipAddress ? (
          <>
            <dt>From</dt>
            <dd>
              {entry.ipAddress}
              {entry.userAgent ? `, ${entry.userAgent}` : ''}
            </dd>
          </>
        ) : null}
        {entry.requestId ? (
          <>
            <dt>Request</dt>
            <dd>
              <span className={classes.hash}>{entry.requestId}</span>
              <CopyButton value={entry.requestId} label="Copy request id" />
            </dd>
          </>
        ) : null}
        <dt>About</dt>
        <dd>
          {wordsOf(entry.objectType)}
          {entry.objectName ? ` “${entry.objectName}”` : ''}
          {place ? (
            <>
              , <AppLink href={place.path}>{place.label}</AppLink>
            </>
          ) : null}
          {entry.objectId ? (
            <>
              {' '}
              <Button
                variant="subtle"
                size="compact-xs"
                mih={26}
                onClick={() => entry.objectId && onObject(entry.objectId)}
              >
                Its whole history
              </Button>
            </>
          ) : null}
        </dd>
        {entry.reverts ? (
          <>
            <dt>Takes back</dt>
            <dd>
              <EntryLink seq={entry.reverts.seq} id={entry.reverts.id} onOpen={onOpen} />
            </dd>
          </>
        ) : null}
        {entry.revertedBy ? (
          <>
            <dt>Taken back by</dt>
            <dd>
              <EntryLink seq={entry.revertedBy.seq} id={entry.revertedBy.id} onOpen={onOpen} />
            </dd>
          </>
        ) : null}
        <dt>Hash</dt>
        <dd className={classes.hash}>{entry.hash}</dd>
        <dt>Before it</dt>
        <dd className={classes.hash}>{entry.previousHash}</dd>
      </dl>
      <Revert entry={entry} onOpen={onOpen} onReverted={onReverted} />
    </>
  );
}

function EntryLink({ seq, id, onOpen }: { seq: number; id: string; onOpen: (id: string) => void }) {
  return (
    <Button variant="subtle" size="compact-xs" mih={26} onClick={() => onOpen(id)}>
      Entry {seq}
    </Button>
  );
}

function Revert({ entry, onOpen, onReverted }: { entry: Entry; onOpen: Props['onOpen']; onReverted: () => void }) {
  const managing = useMayDo('MANAGE', 'TEAM');
  const [isAsking, setAsking] = useState(false);
  const [{ fetching }, revert] = useMutation(RevertChangeDocument);
  if (entry.operation === 'EVENT') return null;
  const reason = managing.isAllowed ? (entry.cannotRevertBecause ?? undefined) : managing.reason;
  const confirm = async () => {
    const { data, error } = await revert({ input: { auditEntryId: entry.id } });
    const result = data?.revertChange;
    setAsking(false);
    if (result?.__typename !== 'RevertChangeSuccess') {
      notifications.show({ color: 'red', title: 'Not taken back', message: refusalText(result, error) });
      return;
    }
    notifications.show({ message: `Entry ${entry.seq} is taken back. It holds from now on.` });
    onReverted();
    onOpen(result.auditEntry.id);
  };
  return (
    <footer className={classes.footer}>
      <p>{reason ?? 'Sets the old values again, by the same rules as if you did it by hand.'}</p>
      <GuardedButton
        reason={reason}
        variant="default"
        leftSection={<IconArrowBackUp size={16} />}
        onClick={() => setAsking(true)}
      >
        Take back
      </GuardedButton>
      {isAsking ? (
        <ConfirmDialog
          title={`Take entry ${entry.seq} back?`}
          confirmLabel="Take back"
          isBusy={fetching}
          onConfirm={confirm}
          onClose={() => setAsking(false)}
        >
          {entry.summary} What differs is set as it was before. That is a change of its own and stands in the log too.
        </ConfirmDialog>
      ) : null}
    </footer>
  );
}
