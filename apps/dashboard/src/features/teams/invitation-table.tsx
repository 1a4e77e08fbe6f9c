'use client';

import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatAge, formatDay } from '../../format/date-format.ts';
import {
  type InvitationFieldsFragment,
  RenewInvitationDocument,
  type RenewInvitationMutation,
  RevokeInvitationDocument,
} from '../../gql/teams.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import tableClasses from '../../shell/table.module.css';
import type { Permit } from '../../shell/use-may-do.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { roleLabel } from './access-roles.ts';
import accountClasses from './account.module.css';
import { LinkView } from './link-view.tsx';
import classes from './team-page.module.css';

type Renewed = Extract<RenewInvitationMutation['renewInvitation'], { __typename: 'InvitationSuccess' }>;

const states = {
  PENDING: { word: 'Waiting', tone: 'accent' },
  EXPIRED: { word: 'Expired', tone: 'warn' },
  ACCEPTED: { word: 'Accepted', tone: 'good' },
  REVOKED: { word: 'Taken back', tone: 'neutral' },
} as const;

interface Props {
  readonly invitations: readonly InvitationFieldsFragment[];
  readonly managing: Permit;
  onChanged(): void;
}

/** Who was invited and has not come yet; links are renewed and taken back here. */
export function InvitationTable({ invitations, managing, onChanged }: Props) {
  const [{ fetching: isRenewing }, renew] = useMutation(RenewInvitationDocument);
  const [{ fetching: isRevoking }, revoke] = useMutation(RevokeInvitationDocument);
  const [renewed, setRenewed] = useState<Renewed>();
  const [doomed, setDoomed] = useState<InvitationFieldsFragment>();
  const now = Date.now();
  const open = invitations.filter(({ state }) => state === 'PENDING' || state === 'EXPIRED');
  if (open.length === 0 && !renewed) return null;
  const makeNew = async ({ id }: InvitationFieldsFragment) => {
    const { data, error } = await renew({ input: { invitationId: id } });
    const result = data?.renewInvitation;
    if (result?.__typename === 'InvitationSuccess') setRenewed(result);
    else notifications.show({ color: 'red', title: 'Not renewed', message: refusalText(result, error) });
    onChanged();
  };
  const takeBack = async ({ id, email }: InvitationFieldsFragment) => {
    const { data, error } = await revoke({ input: { invitationId: id } });
    const result = data?.revokeInvitation;
    if (result?.__typename === 'RevokeInvitationSuccess')
      notifications.show({ message: `The invitation of ${email} is taken back.` });
    else notifications.show({ color: 'red', title: 'Not taken back', message: refusalText(result, error) });
    setDoomed(undefined);
    onChanged();
  };
  return (
    <>
      <h2 className={classes.subtitle} id="invitations">
        Invitations
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={tableClasses.frame} tabIndex={0} aria-labelledby="invitations">
        <table className={tableClasses.table}>
          <thead>
            <tr>
              <th scope="col">Email</th>
              <th scope="col">As</th>
              <th scope="col">State</th>
              <th scope="col">Invited</th>
              <th scope="col">Ends</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {open.map((invitation) => {
              const { word, tone } = states[invitation.state];
              return (
                <tr key={invitation.id}>
                  <td>{invitation.email}</td>
                  <td>{roleLabel(invitation.accessRole)}</td>
                  <td>
                    <span className={accountClasses.badge} data-tone={tone}>
                      {word}
                    </span>
                  </td>
                  <td className={tableClasses.muted}>
                    <time dateTime={invitation.createdAt}>{formatAge(invitation.createdAt, now)}</time>
                    {invitation.invitedBy ? ` by ${invitation.invitedBy.name}` : ''}
                  </td>
                  <td className={tableClasses.muted}>
                    <time dateTime={invitation.expiresAt}>{formatDay(invitation.expiresAt)}</time>
                  </td>
                  <td>
                    <div className={classes.actions}>
                      <GuardedButton
                        reason={managing.reason}
                        size="compact-xs"
                        mih={26}
                        variant="default"
                        disabled={isRenewing}
                        aria-label={`New link for ${invitation.email}`}
                        onClick={() => makeNew(invitation)}
                      >
                        New link
                      </GuardedButton>
                      <GuardedButton
                        reason={managing.reason}
                        size="compact-xs"
                        mih={26}
                        variant="default"
                        aria-label={`Take back the invitation of ${invitation.email}`}
                        onClick={() => setDoomed(invitation)}
                      >
                        Take back
                      </GuardedButton>
                    </div>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {renewed ? (
        <Modal
          opened
          size="lg"
          onClose={() => setRenewed(undefined)}
          title={`A new link for ${renewed.invitation.email}`}
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <LinkView
            link={renewed.link}
            text="The former link works no more. This one works once and is shown this once."
            mail={{ isSent: renewed.isMailSent, to: renewed.invitation.email, problem: renewed.mailProblem ?? null }}
            onDone={() => setRenewed(undefined)}
          />
        </Modal>
      ) : null}
      {doomed ? (
        <ConfirmDialog
          title={`Take back the invitation of ${doomed.email}?`}
          confirmLabel="Take back"
          isBusy={isRevoking}
          onConfirm={() => takeBack(doomed)}
          onClose={() => setDoomed(undefined)}
        >
          The link that was sent works no more. You can invite the person again at any time.
        </ConfirmDialog>
      ) : null}
    </>
  );
}
