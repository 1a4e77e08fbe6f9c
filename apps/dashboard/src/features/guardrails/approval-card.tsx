'use client';

import { Button } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import type { ApprovalFieldsFragment } from '../../gql/guardrails.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import classes from './approval-card.module.css';
import { formatAmount, formatLeft } from './budget-words.ts';
import { sourceWords } from './source-words.ts';

const states = {
  PENDING: { word: 'Waiting', tone: 'warn' },
  APPROVED: { word: 'Approved', tone: 'good' },
  DECLINED: { word: 'Declined', tone: 'bad' },
  EXPIRED: { word: 'Lapsed', tone: 'plain' },
} as const;

interface Props {
  approval: ApprovalFieldsFragment;
  mayManage: boolean;
  now: number;
  onApprove(): void;
  onDecline(): void;
}

/** One request for more: what, who, how much, and the decision. */
export function ApprovalCard({ approval, mayManage, now, onApprove, onDecline }: Props) {
  const { unit, state } = approval;
  const leftMs = Date.parse(approval.expiresAt) - now;
  const isOpen = state === 'PENDING' && leftMs > 0;
  const { word, tone } = state === 'PENDING' && !isOpen ? states.EXPIRED : states[state];
  const who = approval.requestedBy?.name ?? (approval.apiKey ? `the key ${approval.apiKey.name}` : 'somebody');
  return (
    <article className={classes.card} aria-label={`${approval.modelId} asks for more of ${approval.budgetName}`}>
      <header className={classes.header}>
        <h2>
          {approval.modelId} <span>asks for more of</span> {approval.budgetName}
        </h2>
        <span className={classes.state} data-tone={tone}>
          {word}
          {isOpen ? `, lapses in ${formatLeft(leftMs)}` : ''}
        </span>
      </header>
      <dl className={classes.facts}>
        <div>
          <dt>Needs</dt>
          <dd>{formatAmount(unit, approval.neededAmount)} more</dd>
        </div>
        <div>
          <dt>The call may use</dt>
          <dd>{formatAmount(unit, approval.requested)}</dd>
        </div>
        <div>
          <dt>Spent of the limit</dt>
          <dd>
            {formatAmount(unit, approval.spent)}
            {Number(approval.reserved) > 0 ? ` and ${formatAmount(unit, approval.reserved)} reserved` : ''} of{' '}
            {formatAmount(unit, approval.limit)}
          </dd>
        </div>
        <div>
          <dt>Asked by</dt>
          <dd>
            {who}, for{' '}
            {approval.comparisonId ? (
              <AppLink href={`/compare?id=${encodeURIComponent(approval.comparisonId)}`}>
                {sourceWords(approval.source)}
              </AppLink>
            ) : (
              sourceWords(approval.source)
            )}
            , <time dateTime={approval.createdAt}>{formatAge(approval.createdAt, now)}</time>
          </dd>
        </div>
        {approval.origin === 'LIVE' ? null : (
          <div>
            <dt>Money</dt>
            <dd>
              <OriginBadge origin={approval.origin} />
            </dd>
          </div>
        )}
      </dl>
      {state === 'APPROVED' && approval.grantedAmount && approval.grantedUntil ? (
        <p className={classes.outcome}>
          {approval.decidedBy?.name ?? 'An admin'} added {formatAmount(unit, approval.grantedAmount)} until{' '}
          {formatMoment(approval.grantedUntil)}.
        </p>
      ) : null}
      {state === 'DECLINED' ? (
        <p className={classes.outcome}>
          {approval.decidedBy?.name ?? 'An admin'} declined
          {approval.declineReason ? `: ${approval.declineReason}` : '.'}
        </p>
      ) : null}
      {isOpen ? (
        <footer className={classes.actions}>
          <Button
            size="xs"
            disabled={!mayManage}
            leftSection={<IconCheck size={14} />}
            onClick={onApprove}
            aria-label={`Approve ${approval.modelId}`}
          >
            Approve
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!mayManage}
            leftSection={<IconX size={14} />}
            onClick={onDecline}
            aria-label={`Decline ${approval.modelId}`}
          >
            Decline
          </Button>
          {mayManage ? null : <span className={classes.outcome}>An admin or the owner decides.</span>}
        </footer>
      ) : null}
    </article>
  );
}
