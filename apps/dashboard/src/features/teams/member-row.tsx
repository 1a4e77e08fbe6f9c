'use client';

import { ActionIcon, Avatar, Menu, Select, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCrown, IconDots, IconKey, IconShieldCheck, IconUserMinus } from '@tabler/icons-react';
import { useMutation } from 'urql';
import { formatAge, formatDay, formatMoment } from '../../format/date-format.ts';
import { ChangeMemberRoleDocument, type MemberFieldsFragment } from '../../gql/teams.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import type { Permit } from '../../shell/use-may-do.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { accessRoles, roleLabel, rolesToGive } from './access-roles.ts';
import accountClasses from './account.module.css';
import type { MemberAction } from './members-tab.tsx';
import classes from './team-page.module.css';

type AccessRole = MemberFieldsFragment['accessRole'];

interface Props {
  readonly member: MemberFieldsFragment;
  readonly ownRole: AccessRole;
  readonly isLastOwner: boolean;
  readonly managing: Permit;
  onAct(action: MemberAction): void;
}

/** Why the role of a member cannot be changed by the person; undefined when it can. */
function roleReason({ member, ownRole, isLastOwner, managing }: Omit<Props, 'onAct'>): string | undefined {
  if (!managing.isAllowed) return managing.reason;
  if (member.accessRole === 'OWNER' && ownRole !== 'OWNER') return 'Only owners change the role of an owner.';
  return isLastOwner ? 'This is the last owner: make somebody else owner first.' : undefined;
}

/** One member of the table. */
export function MemberRow(props: Props) {
  const { member, ownRole, isLastOwner, managing, onAct } = props;
  const { user } = member;
  const [{ fetching }, changeRole] = useMutation(ChangeMemberRoleDocument);
  const now = Date.now();
  const reason = roleReason(props);
  const choices = rolesToGive(ownRole);
  const set = async (accessRole: AccessRole) => {
    if (accessRole === member.accessRole) return;
    const { data, error } = await changeRole({ input: { memberId: member.id, accessRole } });
    const result = data?.changeMemberRole;
    if (result?.__typename === 'ChangeMemberRoleSuccess')
      notifications.show({ message: `${user.name} is ${roleLabel(accessRole).toLowerCase()} from now on.` });
    else notifications.show({ color: 'red', title: 'Not changed', message: refusalText(result, error) });
  };
  const isAbove = member.accessRole === 'OWNER' && ownRole !== 'OWNER';
  return (
    <tr>
      <td>
        <span className={classes.person}>
          <Avatar size={32} radius="xl" color="initials" name={user.name} alt="" />
          <span>
            <strong>
              {user.name} {member.isYou ? <span className={accountClasses.badge}>you</span> : null}
            </strong>
            <small>{user.email}</small>
          </span>
        </span>
      </td>
      <td>
        {reason === undefined ? (
          <Select
            aria-label={`Access role of ${user.name}`}
            size="xs"
            w={140}
            comboboxProps={{ width: 300, position: 'bottom-start' }}
            data={choices.map(({ value, label }) => ({ value, label }))}
            renderOption={({ option }) => (
              <span>
                <strong style={{ fontWeight: 600 }}>{option.label}</strong>
                <br />
                <span style={{ color: 'var(--sy-muted)' }}>
                  {accessRoles.find(({ value }) => value === option.value)?.hint}
                </span>
              </span>
            )}
            value={member.accessRole}
            allowDeselect={false}
            disabled={fetching}
            onChange={(value) => value && set(value as AccessRole)}
          />
        ) : (
          <Tooltip label={reason} multiline maw={280}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable by keyboard. */}
            <span tabIndex={0} className={classes.fixed} aria-description={reason}>
              {roleLabel(member.accessRole)}
            </span>
          </Tooltip>
        )}
      </td>
      <td>
        {member.hasTwoFactor ? (
          <span className={accountClasses.badge} data-tone="good">
            <IconShieldCheck size={14} aria-hidden="true" /> On
          </span>
        ) : (
          <span className={tableClasses.muted}>{member.hasTwoFactor === false ? 'off' : '—'}</span>
        )}
      </td>
      <td className={tableClasses.muted}>
        {member.lastSeenAt ? (
          <Tooltip label={formatMoment(member.lastSeenAt)}>
            <time dateTime={member.lastSeenAt}>{formatAge(member.lastSeenAt, now)}</time>
          </Tooltip>
        ) : (
          'not yet'
        )}
      </td>
      <td className={tableClasses.muted}>
        <time dateTime={member.joinedAt}>{formatDay(member.joinedAt)}</time>
      </td>
      <td>
        <div className={classes.actions}>
          <Menu position="bottom-end" width={250}>
            <Menu.Target>
              <ActionIcon aria-label={`More for ${user.name}`}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {managing.isAllowed ? null : <Menu.Label>{managing.reason}</Menu.Label>}
              {isAbove && managing.isAllowed ? <Menu.Label>Only owners change owners.</Menu.Label> : null}
              <Menu.Item
                leftSection={<IconCrown size={16} />}
                disabled={ownRole !== 'OWNER' || member.isYou}
                onClick={() => onAct('transfer')}
              >
                Hand ownership over
              </Menu.Item>
              <Menu.Item
                leftSection={<IconKey size={16} />}
                disabled={!managing.isAllowed || isAbove || member.isYou}
                onClick={() => onAct('reset')}
              >
                Make a password link
              </Menu.Item>
              <Menu.Divider />
              {member.isYou ? (
                <Menu.Item leftSection={<IconUserMinus size={16} />} component={AppLink} href="/account#teams">
                  Leave the team, at Account
                </Menu.Item>
              ) : (
                <Menu.Item
                  color="red"
                  leftSection={<IconUserMinus size={16} />}
                  disabled={!managing.isAllowed || isAbove || isLastOwner}
                  onClick={() => onAct('remove')}
                >
                  Remove from the team
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </div>
      </td>
    </tr>
  );
}
