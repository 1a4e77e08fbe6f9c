'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconBellRinging, IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { AlertChannelsDocument } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { ChannelCard } from './channel-card.tsx';
import classes from './channels.module.css';
import { DeleteChannelDialog } from './delete-channel-dialog.tsx';
import { DeliveryLog } from './delivery-log.tsx';

const ChannelDrawer = dynamic(() => import('./channel-drawer.tsx').then((module) => module.ChannelDrawer), {
  ssr: false,
});

type Doing = { what: 'edit' | 'delete'; id: string };

/** Where alerts are sent, whether that works, and the log of what was sent. */
export function AlertsTab() {
  const [address, change] = useAddressState();
  const [{ data, error }, refetch] = useQuery({ query: AlertChannelsDocument, requestPolicy: 'cache-and-network' });
  const [doing, setDoing] = useState<Doing>();
  const mayManage = useMayManage();
  const channels = data?.alertChannels;
  const chosen = channels?.find(({ id }) => id === doing?.id);
  const close = () => setDoing(undefined);
  const add = (
    <Button leftSection={<IconPlus size={16} />} disabled={!mayManage} onClick={() => change({ new: 'channel' })}>
      Add channel
    </Button>
  );
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  return (
    <div className={classes.section} style={{ gap: 28 }}>
      <section className={classes.section} aria-labelledby="channels">
        <div className={classes.head}>
          <div>
            <h2 id="channels">Channels</h2>
            <p className={classes.muted}>
              Alerts always appear under the bell. Channels carry them to Slack, Microsoft Teams or a program of yours.
            </p>
          </div>
          {channels && channels.length > 0 ? add : null}
        </div>
        {channels?.length === 0 ? (
          <EmptyState
            picture={<IconBellRinging size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
            title="Nobody is told outside the dashboard"
            action={add}
          >
            Add a channel to hear of a budget that fills up or a provider that fails where your team already is. The
            test button shows what the target answers.
          </EmptyState>
        ) : null}
        <div className={classes.grid} aria-busy={channels ? undefined : true}>
          {channels?.map((channel) => (
            <ChannelCard
              key={channel.id}
              channel={channel}
              mayManage={mayManage}
              onEdit={() => setDoing({ what: 'edit', id: channel.id })}
              onDelete={() => setDoing({ what: 'delete', id: channel.id })}
              onLog={() => {
                change({ channel: channel.id, after: null });
                document.getElementById('delivery-log')?.scrollIntoView({ block: 'start' });
              }}
            />
          ))}
          {channels ? null : ['a', 'b'].map((key) => <Skeleton key={key} h={170} radius={12} />)}
        </div>
      </section>
      {channels ? <DeliveryLog channels={channels} /> : null}
      {address.get('new') === 'channel' && mayManage ? <ChannelDrawer onClose={() => change({ new: null })} /> : null}
      {chosen && doing?.what === 'edit' ? <ChannelDrawer channel={chosen} onClose={close} /> : null}
      {chosen && doing?.what === 'delete' ? <DeleteChannelDialog channel={chosen} onClose={close} /> : null}
    </div>
  );
}
