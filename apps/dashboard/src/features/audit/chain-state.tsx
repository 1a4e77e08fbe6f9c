'use client';

import { Skeleton } from '@mantine/core';
import { IconLinkOff, IconShieldCheck, IconShieldLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { AuditVerificationDocument } from '../../gql/audit.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { CopyButton } from '../../shell/copy-button.tsx';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import { useMayDo } from '../../shell/use-may-do.ts';
import classes from './audit.module.css';

/** Whether the log is as it was written; computed anew when somebody asks, because it reads every entry. */
export function ChainState() {
  const checking = useMayDo('MANAGE', 'TEAM');
  const [isAsked, setAsked] = useState(false);
  const [{ data, error, fetching }, verify] = useQuery({
    query: AuditVerificationDocument,
    pause: !isAsked,
    requestPolicy: 'network-only',
  });
  const check = () => (isAsked ? verify({ requestPolicy: 'network-only' }) : setAsked(true));
  const found = data?.auditVerification;
  const button = (
    <GuardedButton reason={checking.reason} variant="default" size="xs" loading={fetching} onClick={check}>
      {found ? 'Verify again' : 'Verify the chain'}
    </GuardedButton>
  );
  if (fetching && !found)
    return (
      <div className={classes.chain} role="status">
        <Skeleton w={18} h={18} circle />
        <p>Computing the hash of every entry anew…</p>
      </div>
    );
  if (found && !found.isIntact)
    return (
      <div className={classes.chain} data-tone="bad" role="alert">
        <IconLinkOff size={18} color="var(--sy-bad)" aria-hidden="true" />
        <p>
          <strong>The chain is broken{found.brokenSeq === null ? '' : ` at entry ${found.brokenSeq}`}.</strong>{' '}
          {found.problem} Somebody changed the database by hand. Keep a copy of it, and compare with the last export.
        </p>
        {button}
      </div>
    );
  if (found)
    return (
      <div className={classes.chain} role="status">
        <IconShieldCheck size={18} color="var(--sy-good)" aria-hidden="true" />
        <p>
          <strong>Verified up to entry {found.lastSeq}.</strong> No entry was changed, moved or removed
          {found.anchorSeq > 0 ? `; entries up to ${found.anchorSeq} are gone by retention` : ''}. Last hash{' '}
          <span className={classes.hash}>{found.lastHash.slice(0, 12)}…</span>
          <CopyButton value={found.lastHash} label="Copy the last hash" />
        </p>
        {button}
      </div>
    );
  return (
    <div className={classes.chain}>
      <IconShieldLock size={18} color="var(--sy-muted)" aria-hidden="true" />
      <p>
        {error
          ? describeFailure(error).message
          : 'Each entry holds the hash of the one before it, so that nothing can be changed or taken out unseen.'}
      </p>
      {button}
    </div>
  );
}
