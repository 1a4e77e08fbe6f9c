'use client';

import { Button, Drawer, SegmentedControl, Skeleton } from '@mantine/core';
import { IconBell, IconChecks, IconSettings } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { NotificationsDocument } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { onAlertsChanged } from './alert-signal.ts';
import type { ListedAlert } from './alert-words.ts';
import classes from './notification-drawer.module.css';
import { NotificationRow } from './notification-row.tsx';
import { useMarkRead } from './use-mark-read.ts';

const pageSize = 20;

/** What the team was told, newest first: read, follow to the place, mute. */
export function NotificationDrawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [view, setView] = useState<'all' | 'unread'>('all');
  const variables = useMemo(
    () => ({ first: pageSize, ...(view === 'unread' ? { filter: { isUnread: true } } : {}) }),
    [view],
  );
  const [{ data, error }, refetch] = useQuery({
    query: NotificationsDocument,
    variables,
    pause: !isOpen,
    requestPolicy: 'cache-and-network',
  });
  const client = useClient();
  const [older, setOlder] = useState<{ alerts: readonly ListedAlert[]; endCursor: string | null; hasMore: boolean }>();
  const [isLoadingMore, setLoadingMore] = useState(false);
  const { isBusy, markRead } = useMarkRead();

  useEffect(() => setOlder(undefined), [view, isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    return onAlertsChanged(() => refetch({ requestPolicy: 'network-only' }));
  }, [isOpen, refetch]);

  const first = data?.notifications;
  const alerts = useMemo(() => {
    const seen = new Set<string>();
    return [...(first?.edges.map(({ node }) => node) ?? []), ...(older?.alerts ?? [])].filter(
      ({ id }) => !seen.has(id) && seen.add(id),
    );
  }, [first, older]);
  const page = older ?? { endCursor: first?.pageInfo.endCursor ?? null, hasMore: first?.pageInfo.hasNextPage === true };

  const showMore = useCallback(async () => {
    setLoadingMore(true);
    const answer = await client.query(NotificationsDocument, { ...variables, after: page.endCursor });
    setLoadingMore(false);
    const next = answer.data?.notifications;
    if (!next) return;
    setOlder((known) => ({
      alerts: [...(known?.alerts ?? []), ...next.edges.map(({ node }) => node)],
      endCursor: next.pageInfo.endCursor,
      hasMore: next.pageInfo.hasNextPage,
    }));
  }, [client, variables, page.endCursor]);

  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={440}
      title="Notifications"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body }}
    >
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label="Which notifications"
          value={view}
          onChange={(value) => setView(value as 'all' | 'unread')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'unread', label: data ? `Unread ${data.unreadNotificationCount}` : 'Unread' },
          ]}
        />
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconChecks size={15} />}
          loading={isBusy}
          disabled={!data || data.unreadNotificationCount === 0}
          onClick={() => markRead({ until: new Date().toISOString() })}
        >
          Mark all as read
        </Button>
      </div>
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!data && !error ? ['a', 'b', 'c'].map((key) => <Skeleton key={key} h={84} mb={8} radius={10} />) : null}
      {data && alerts.length === 0 ? (
        <EmptyState
          picture={<IconBell size={30} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title={view === 'unread' ? 'Everything is read' : 'Nothing to tell yet'}
          action={
            <Button component={AppLink} href="/guardrails?tab=alerts" variant="default" onClick={onClose}>
              Set up alerts
            </Button>
          }
        >
          Budgets that fill up and providers that fail appear here, and in Slack, Microsoft Teams or a webhook if you
          like.
        </EmptyState>
      ) : null}
      <ul className={classes.list}>
        {alerts.map((alert) => (
          <NotificationRow
            key={alert.id}
            alert={alert}
            onFollow={onClose}
            onRead={() => (alert.isRead ? undefined : markRead({ alertIds: [alert.id] }))}
          />
        ))}
      </ul>
      {page.hasMore ? (
        <Button variant="default" fullWidth loading={isLoadingMore} onClick={showMore}>
          Show older
        </Button>
      ) : null}
      <p className={classes.footer}>
        <IconSettings size={14} aria-hidden="true" />
        <AppLink href="/guardrails?tab=alerts" onClick={onClose}>
          Alert channels
        </AppLink>
        <span>Kept for 30 days.</span>
      </p>
    </Drawer>
  );
}
