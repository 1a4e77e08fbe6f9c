'use client';

import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBell } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { UnreadNotificationsDocument } from '../../gql/alerts.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { tellAlertsChanged } from './alert-signal.ts';
import { isUrgent, type ListedAlert, linkOf, toneOf } from './alert-words.ts';
import { followAlerts } from './follow-alerts.ts';
import classes from './notification-bell.module.css';

const NotificationDrawer = dynamic(
  () => import('./notification-drawer.tsx').then((module) => module.NotificationDrawer),
  { ssr: false },
);

/** How many alerts are unread, live; the list behind it; and a toast for what is urgent. */
export function NotificationBell() {
  const client = useClient();
  const router = useRouter();
  const isSignedIn = useWorkspace() !== undefined;
  const [{ data }] = useQuery({ query: UnreadNotificationsDocument, pause: !isSignedIn });
  const [drawer, setDrawer] = useState({ isLoaded: false, isOpen: false });
  const unread = data?.unreadNotificationCount ?? 0;

  useEffect(() => {
    if (!isSignedIn) return;
    const refresh = () => {
      void client.query(UnreadNotificationsDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      tellAlertsChanged();
    };
    const show = (alert: ListedAlert) => {
      const link = linkOf(alert);
      notifications.show({
        id: alert.id,
        title: alert.title,
        color: toneOf(alert) === 'bad' ? 'red' : 'yellow',
        autoClose: alert.severity === 'CRITICAL' ? 15_000 : 8000,
        message: link ? (
          <>
            {alert.message}{' '}
            <button
              type="button"
              className={classes.look}
              onClick={() => {
                notifications.hide(alert.id);
                router.push(link);
              }}
            >
              Look at it
            </button>
          </>
        ) : (
          alert.message
        ),
      });
    };
    return followAlerts({
      onAlert(alert) {
        refresh();
        if (isUrgent(alert)) show(alert);
      },
      onResumed: refresh,
    });
  }, [client, router, isSignedIn]);

  return (
    <>
      <ActionIcon
        className={classes.bell}
        size={32}
        aria-label={unread > 0 ? `Notifications: ${unread} unread` : 'Notifications'}
        aria-haspopup="dialog"
        onClick={() => setDrawer({ isLoaded: true, isOpen: true })}
      >
        <IconBell size={18} />
        {unread > 0 ? (
          <span className={classes.count} aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        ) : null}
      </ActionIcon>
      {drawer.isLoaded ? (
        <NotificationDrawer isOpen={drawer.isOpen} onClose={() => setDrawer({ isLoaded: true, isOpen: false })} />
      ) : null}
    </>
  );
}
