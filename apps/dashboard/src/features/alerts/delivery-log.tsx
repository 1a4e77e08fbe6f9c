'use client';

import { Button, Select, Skeleton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconSend } from '@tabler/icons-react';
import { Fragment, useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { AlertDeliveriesDocument, type AlertDeliveriesQuery, type AlertDeliveryState } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { onAlertsChanged } from './alert-signal.ts';
import type { ListedChannel } from './alert-words.ts';
import classes from './channels.module.css';

type Delivery = AlertDeliveriesQuery['alertDeliveries']['edges'][number]['node'];

const pageSize = 20;
const refreshMs = 5000;
const states: Record<AlertDeliveryState, { word: string; tone: 'good' | 'bad' | 'warn' | 'plain' }> = {
  PENDING: { word: 'Waiting', tone: 'warn' },
  SENDING: { word: 'Being sent', tone: 'plain' },
  DELIVERED: { word: 'Delivered', tone: 'good' },
  FAILED: { word: 'Given up', tone: 'bad' },
  CANCELLED: { word: 'Cancelled', tone: 'plain' },
};

/** What was sent through channels and how it went, with every try. Filters and page live in the address. */
export function DeliveryLog({ channels }: { channels: readonly ListedChannel[] }) {
  const [address, change] = useAddressState();
  const [channelId, state, after] = [address.get('channel'), address.get('state'), address.get('after')];
  const variables = useMemo(
    () => ({
      first: pageSize,
      ...(after ? { after } : {}),
      filter: {
        ...(channelId ? { channelId } : {}),
        ...(state && state in states ? { state: state as AlertDeliveryState } : {}),
      },
    }),
    [after, channelId, state],
  );
  const [{ data, error }, refetch] = useQuery({
    query: AlertDeliveriesDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  const [openId, setOpenId] = useState<string>();
  const now = Date.now();
  const deliveries = data?.alertDeliveries.edges.map(({ node }) => node);
  const isMoving = deliveries?.some(({ state: each }) => each === 'PENDING' || each === 'SENDING') === true;

  useEffect(() => {
    const refresh = () => refetch({ requestPolicy: 'network-only' });
    const timer = isMoving ? setInterval(() => !document.hidden && refresh(), refreshMs) : undefined;
    const stop = onAlertsChanged(refresh);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [isMoving, refetch]);

  return (
    <section className={classes.section} aria-labelledby="delivery-log">
      <div className={classes.head}>
        <div>
          <h2 id="delivery-log">Delivery log</h2>
          <p className={classes.muted}>Every message with its tries; kept for 30 days.</p>
        </div>
        <div className={tableClasses.filters} style={{ marginBottom: 0 }}>
          <Select
            aria-label="Channel"
            placeholder="All channels"
            clearable
            w={200}
            data={channels.map(({ id, name }) => ({ value: id, label: name }))}
            value={channelId}
            onChange={(value) => change({ channel: value, after: null })}
          />
          <Select
            aria-label="State"
            placeholder="All states"
            clearable
            w={150}
            data={Object.entries(states).map(([value, { word }]) => ({ value, label: word }))}
            value={state}
            onChange={(value) => change({ state: value, after: null })}
          />
        </div>
      </div>
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!data && !error ? <Skeleton h={140} radius={12} aria-busy="true" /> : null}
      {deliveries?.length === 0 ? (
        <p className={classes.muted}>
          <IconSend size={14} style={{ verticalAlign: -2 }} aria-hidden="true" />{' '}
          {channelId || state
            ? 'Nothing matches the filter.'
            : 'Nothing was sent yet. A test message appears here too.'}
        </p>
      ) : null}
      {deliveries && deliveries.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={tableClasses.frame} tabIndex={0} aria-label="Deliveries">
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Alert</th>
                <th scope="col">Channel</th>
                <th scope="col">State</th>
                <th scope="col">Tries</th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <Fragment key={delivery.id}>
                  <tr>
                    <td className={tableClasses.muted}>
                      <time dateTime={delivery.createdAt} title={formatMoment(delivery.createdAt)}>
                        {formatAge(delivery.createdAt, now)}
                      </time>
                    </td>
                    <td style={{ minWidth: 180 }}>{delivery.alert.title}</td>
                    <td>{delivery.channelName}</td>
                    <td>
                      <DeliveryState delivery={delivery} now={now} />
                    </td>
                    <td>
                      <Button
                        size="compact-xs"
                        mih={26}
                        variant="subtle"
                        aria-expanded={openId === delivery.id}
                        aria-label={`${delivery.attempts} ${delivery.attempts === 1 ? 'try' : 'tries'} of ${delivery.alert.title} through ${delivery.channelName}`}
                        leftSection={
                          openId === delivery.id ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />
                        }
                        onClick={() => setOpenId((id) => (id === delivery.id ? undefined : delivery.id))}
                      >
                        {delivery.attempts}
                      </Button>
                    </td>
                  </tr>
                  {openId === delivery.id ? (
                    <tr>
                      <td colSpan={5} className={classes.cellFlat} style={{ padding: 0 }}>
                        <Tries delivery={delivery} />
                      </td>
                    </tr>
                  ) : null}
                </Fragment>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <ListPages list={data?.alertDeliveries} after={after} onChange={(cursor) => change({ after: cursor })} />
    </section>
  );
}

function DeliveryState({ delivery, now }: { delivery: Delivery; now: number }) {
  const { word, tone } = states[delivery.state];
  const inSeconds = delivery.nextAttemptAt ? Math.max(0, (Date.parse(delivery.nextAttemptAt) - now) / 1000) : undefined;
  const wait =
    inSeconds === undefined
      ? ''
      : inSeconds < 90
        ? `, again in ${Math.ceil(inSeconds)} s`
        : `, again in ${Math.round(inSeconds / 60)} min`;
  return (
    <span className={classes.state} data-tone={tone}>
      {word}
      {delivery.state === 'PENDING' && delivery.attempts > 0 ? wait : ''}
    </span>
  );
}

function Tries({ delivery }: { delivery: Delivery }) {
  if (delivery.tries.length === 0) return <p className={classes.tries}>Not tried yet.</p>;
  return (
    <ol className={classes.tries}>
      {delivery.tries.map(({ attempt, at, httpStatus, latencyMs, error, responseExcerpt }) => (
        <li key={attempt}>
          <strong>Try {attempt}</strong>
          <time dateTime={at}>{formatMoment(at)}</time>
          <span>{httpStatus === null ? 'no answer' : `HTTP ${httpStatus}`}</span>
          <span>{latencyMs} ms</span>
          {error ? <span>{error}</span> : null}
          {responseExcerpt.trim() ? <code>{responseExcerpt}</code> : null}
        </li>
      ))}
    </ol>
  );
}
