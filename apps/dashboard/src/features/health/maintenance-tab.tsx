'use client';

import { Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTool } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { formatDayAndClock } from '../../format/date-format.ts';
import {
  EndMaintenanceWindowDocument,
  MaintenanceWindowsDocument,
  type MaintenanceWindowsQuery,
} from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useNow } from '../../shell/use-now.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { formatLeft } from '../guardrails/budget-words.ts';
import { onHealthChanged, tellHealthChanged } from './health-signal.ts';
import classes from './maintenance-tab.module.css';

type Window = MaintenanceWindowsQuery['maintenanceWindows'][number];

/** Maintenance of the team that goes on or is ahead, and the way to end it. */
export function MaintenanceTab({ mayManage, onAnnounce }: { mayManage: boolean; onAnnounce: () => void }) {
  const [{ data, error }, refetch] = useQuery({
    query: MaintenanceWindowsDocument,
    requestPolicy: 'cache-and-network',
  });
  const [ending, setEnding] = useState<Window>();
  const now = useNow(true, 5_000);
  useEffect(
    () =>
      onHealthChanged(
        ({ what }) => (what === 'maintenance' || what === 'resumed') && refetch({ requestPolicy: 'network-only' }),
      ),
    [refetch],
  );
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  if (!data) return <Skeleton h={160} radius={12} aria-busy="true" />;
  const windows = data.maintenanceWindows.filter(({ endsAt }) => Date.parse(endsAt) > now);
  if (windows.length === 0)
    return (
      <EmptyState
        picture={<IconTool size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
        title="No maintenance is announced"
        action={
          <Button disabled={!mayManage} onClick={onAnnounce}>
            Announce maintenance
          </Button>
        }
      >
        While a provider is in maintenance your team hears no alerts of it, and loses no uptime. Calls are made as ever.
        {mayManage ? '' : ' Admins and owners announce it.'}
      </EmptyState>
    );
  return (
    <>
      <ul className={classes.windows} aria-label="Maintenance">
        {windows.map((window) => {
          const isActive = Date.parse(window.startsAt) <= now;
          const name = window.provider?.displayName ?? 'A provider that is gone';
          return (
            <li key={window.id}>
              <div className={classes.words}>
                <p className={classes.title}>
                  {name} {window.provider ? <OriginBadge origin={window.provider.origin} isCompact /> : null}
                  <span className={classes.state} data-active={isActive || undefined}>
                    {isActive
                      ? `now, for ${formatLeft(Date.parse(window.endsAt) - now)} more`
                      : `in ${formatLeft(Date.parse(window.startsAt) - now)}`}
                  </span>
                </p>
                <p className={classes.span}>
                  <time dateTime={window.startsAt}>{formatDayAndClock(window.startsAt)}</time> to{' '}
                  <time dateTime={window.endsAt}>{formatDayAndClock(window.endsAt)}</time>
                </p>
                {window.note ? <p className={classes.note}>{window.note}</p> : null}
              </div>
              <Button
                size="xs"
                variant="default"
                disabled={!mayManage}
                aria-label={`${isActive ? 'End it' : 'Take it back'}: maintenance of ${name}`}
                onClick={() => setEnding(window)}
              >
                {isActive ? 'End it' : 'Take it back'}
              </Button>
            </li>
          );
        })}
      </ul>
      {ending ? <EndDialog window={ending} onClose={() => setEnding(undefined)} /> : null}
    </>
  );
}

function EndDialog({ window, onClose }: { window: Window; onClose: () => void }) {
  const [{ fetching }, end] = useMutation(EndMaintenanceWindowDocument);
  const confirm = async () => {
    const { data, error } = await end({ input: { maintenanceId: window.id } });
    const result = data?.endMaintenanceWindow;
    if (result?.__typename === 'EndMaintenanceWindowSuccess') tellHealthChanged({ what: 'maintenance' });
    else
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not ended. Try again.'),
      });
    onClose();
  };
  return (
    <ConfirmDialog
      title={`End the maintenance of ${window.provider?.displayName ?? 'this provider'}?`}
      confirmLabel="End it"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      Your team hears of trouble again from now on; trouble that is there already is told within a minute.
    </ConfirmDialog>
  );
}
