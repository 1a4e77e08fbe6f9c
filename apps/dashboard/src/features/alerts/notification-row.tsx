'use client';

import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBellOff,
  IconCheck,
  IconCircleCheck,
  IconDots,
  IconInfoCircle,
} from '@tabler/icons-react';
import { useMutation } from 'urql';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { MuteAlertDocument } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { useMayManage } from '../providers/use-may-manage.ts';
import { type ListedAlert, linkOf, type Tone, toneOf } from './alert-words.ts';
import classes from './notification-drawer.module.css';

const icons = { bad: IconAlertOctagon, warn: IconAlertTriangle, info: IconInfoCircle, good: IconCircleCheck } as const;
const toneWords: Record<Tone, string> = { bad: 'Critical', warn: 'Warning', info: 'Information', good: 'Resolved' };
const hourMs = 3_600_000;
const mutes = [
  { label: 'for an hour', ms: hourMs },
  { label: 'for a day', ms: 24 * hourMs },
  { label: 'for a week', ms: 168 * hourMs },
];

interface Props {
  alert: ListedAlert;
  onFollow(): void;
  onRead(): void;
}

export function NotificationRow({ alert, onFollow, onRead }: Props) {
  const mayManage = useMayManage();
  const [, mute] = useMutation(MuteAlertDocument);
  const tone = toneOf(alert);
  const Icon = icons[tone];
  const link = linkOf(alert);

  const muteUntil = async (until: string | null) => {
    const { data, error } = await mute({ input: { alertId: alert.id, until } });
    const result = data?.muteAlert;
    if (result?.__typename === 'MuteAlertSuccess')
      notifications.show({
        message: until
          ? `Nobody is told of “${alert.title}” and what is like it until ${formatMoment(until)}.`
          : 'What is like it is told again.',
      });
    else
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not muted. Try again.'),
      });
  };

  return (
    <li className={classes.row} data-unread={alert.isRead ? undefined : true} data-tone={tone}>
      <Icon className={classes.icon} size={18} stroke={1.7} role="img" aria-label={toneWords[tone]} />
      <div className={classes.words}>
        <p className={classes.title}>
          {link ? (
            <AppLink
              href={link}
              onClick={() => {
                onRead();
                onFollow();
              }}
            >
              {alert.title}
            </AppLink>
          ) : (
            alert.title
          )}
          {alert.isRead ? null : <span className="visually-hidden"> (unread)</span>}
        </p>
        <p className={classes.message}>{alert.message}</p>
        <p className={classes.meta}>
          <Tooltip label={formatMoment(alert.at)}>
            <time dateTime={alert.at}>{formatAge(alert.at, Date.now())}</time>
          </Tooltip>
          {alert.origin === 'LIVE' ? null : <OriginBadge origin={alert.origin} />}
        </p>
      </div>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon aria-label={`More about ${alert.title}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCheck size={15} />} disabled={alert.isRead} onClick={onRead}>
            Mark as read
          </Menu.Item>
          {mayManage ? (
            <>
              <Menu.Divider />
              <Menu.Label>Mute what is like it</Menu.Label>
              {mutes.map(({ label, ms }) => (
                <Menu.Item
                  key={label}
                  leftSection={<IconBellOff size={15} />}
                  onClick={() => muteUntil(new Date(Date.now() + ms).toISOString())}
                >
                  Mute {label}
                </Menu.Item>
              ))}
              <Menu.Item onClick={() => muteUntil(null)}>End the mute</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
