'use client';

import { Skeleton } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { type MemberFieldsFragment, MembersDocument } from '../../gql/teams.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { GuardedButton } from '../../shell/guarded-button.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayDo } from '../../shell/use-may-do.ts';
import { accessRoles } from './access-roles.ts';
import { InvitationTable } from './invitation-table.tsx';
import { MemberRow } from './member-row.tsx';
import classes from './team-page.module.css';

const InviteDialog = dynamic(() => import('./invite-dialog.tsx').then((module) => module.InviteDialog), { ssr: false });
const RemoveMemberDialog = dynamic(
  () => import('./remove-member-dialog.tsx').then((module) => module.RemoveMemberDialog),
  { ssr: false },
);
const TransferDialog = dynamic(() => import('./transfer-dialog.tsx').then((module) => module.TransferDialog), {
  ssr: false,
});
const ResetLinkDialog = dynamic(() => import('./reset-link-dialog.tsx').then((module) => module.ResetLinkDialog), {
  ssr: false,
});

export type MemberAction = 'remove' | 'transfer' | 'reset';

/** Who belongs to the team, what each may do, and who was invited. */
export function MembersTab() {
  const [address, change] = useAddressState();
  const managing = useMayDo('MANAGE', 'TEAM');
  const [{ data, error }, refetch] = useQuery({ query: MembersDocument, requestPolicy: 'cache-and-network' });
  const [acted, setActed] = useState<{ member: MemberFieldsFragment; action: MemberAction }>();
  const reload = () => refetch({ requestPolicy: 'network-only' });
  const close = () => setActed(undefined);
  const team = data?.viewer.team;
  if (error && !team) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  if (!team) return <Skeleton h={220} radius={12} aria-busy="true" />;
  const owners = team.members.filter(({ accessRole }) => accessRole === 'OWNER').length;
  const ownRole = data.viewer.accessRole;
  return (
    <>
      <div className={classes.head}>
        <p>
          {team.members.length} {team.members.length === 1 ? 'member' : 'members'}.{' '}
          {team.requiresTwoFactor ? 'The team requires two-factor sign-in.' : ''}
        </p>
        <GuardedButton
          reason={managing.reason}
          leftSection={<IconUserPlus size={16} />}
          onClick={() => change({ new: 'invitation' })}
        >
          Invite somebody
        </GuardedButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={tableClasses.frame} tabIndex={0} aria-label="Members">
        <table className={tableClasses.table}>
          <thead>
            <tr>
              <th scope="col">Member</th>
              <th scope="col">Access role</th>
              <th scope="col">Two-factor</th>
              <th scope="col">Last seen</th>
              <th scope="col">Joined</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {team.members.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                ownRole={ownRole}
                isLastOwner={member.accessRole === 'OWNER' && owners === 1}
                managing={managing}
                onAct={(action) => setActed({ member, action })}
              />
            ))}
          </tbody>
        </table>
      </section>
      <dl className={classes.roles} aria-label="What the access roles mean">
        {accessRoles.map(({ value, label, hint }) => (
          <div key={value}>
            <dt>{label}</dt>
            <dd>{hint}.</dd>
          </div>
        ))}
      </dl>
      <InvitationTable invitations={team.invitations} managing={managing} onChanged={reload} />
      {address.get('new') === 'invitation' && managing.isAllowed ? (
        <InviteDialog ownRole={ownRole} teamName={team.name} onMade={reload} onClose={() => change({ new: null })} />
      ) : null}
      {acted?.action === 'remove' ? (
        <RemoveMemberDialog member={acted.member} teamName={team.name} onDone={reload} onClose={close} />
      ) : null}
      {acted?.action === 'transfer' ? (
        <TransferDialog member={acted.member} teamName={team.name} onClose={close} />
      ) : null}
      {acted?.action === 'reset' ? <ResetLinkDialog member={acted.member} onClose={close} /> : null}
    </>
  );
}
