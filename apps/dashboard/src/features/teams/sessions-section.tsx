'use client';

import { Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useMutation, useQuery } from 'urql';
import { formatAge, formatDay } from '../../format/date-format.ts';
import { OwnSessionsDocument, RevokeOtherSessionsDocument, RevokeSessionDocument } from '../../gql/teams.ts';
import { describeFailure } from '../../graphql/failure.ts';
import cardClasses from '../../shell/card.module.css';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './account.module.css';

/** Where the person is signed in, and the way to end each. */
export function SessionsSection() {
  const [{ data, error }, refetch] = useQuery({ query: OwnSessionsDocument, requestPolicy: 'network-only' });
  const [{ fetching: isEnding }, end] = useMutation(RevokeSessionDocument);
  const [{ fetching: isEndingAll }, endOthers] = useMutation(RevokeOtherSessionsDocument);
  const reload = () => refetch({ requestPolicy: 'network-only' });
  const now = Date.now();
  const sessions = data?.sessions;
  const endOne = async (sessionId: string) => {
    const { data: answer, error: failure } = await end({ input: { sessionId } });
    if (answer?.revokeSession.__typename === 'RevokeSessionSuccess')
      notifications.show({ message: 'That device is signed out.' });
    else
      notifications.show({
        color: 'red',
        title: 'Not signed out',
        message: refusalText(answer?.revokeSession, failure),
      });
    reload();
  };
  const endAll = async () => {
    const { data: answer, error: failure } = await endOthers({});
    const result = answer?.revokeOtherSessions;
    if (result?.__typename === 'RevokeOtherSessionsSuccess')
      notifications.show({ message: 'All other devices are signed out.' });
    else notifications.show({ color: 'red', title: 'Not signed out', message: refusalText(result, failure) });
    reload();
  };
  return (
    <section className={cardClasses.card} aria-labelledby="sessions-title" id="sessions">
      <div className={classes.row}>
        <h2 id="sessions-title" className={classes.heading}>
          Signed-in devices
        </h2>
        {sessions && sessions.length > 1 ? (
          <Button variant="default" size="xs" loading={isEndingAll} onClick={endAll}>
            Sign out all others
          </Button>
        ) : null}
      </div>
      {error && !sessions ? <FailureNotice failure={describeFailure(error)} onRetry={reload} /> : null}
      {!sessions && !error ? <Skeleton h={72} radius={8} aria-busy="true" /> : null}
      <ul className={classes.list}>
        {(sessions ?? []).map((session) => (
          <li key={session.id} className={classes.item}>
            <IconDeviceDesktop size={20} stroke={1.6} aria-hidden="true" />
            <span className={classes.words}>
              <strong>
                {session.device}{' '}
                {session.isCurrent ? (
                  <span className={classes.badge} data-tone="good">
                    this device
                  </span>
                ) : null}
              </strong>
              <span className={classes.muted}>
                {session.ipAddress || 'address unknown'}, seen {formatAge(session.lastSeenAt, now)}, signed in
                {session.signInMethod === 'sso' ? ' by single sign-on' : ''} {formatDay(session.createdAt)}
              </span>
            </span>
            {session.isCurrent ? null : (
              <Button
                variant="default"
                size="compact-xs"
                mih={26}
                disabled={isEnding}
                aria-label={`Sign out ${session.device}`}
                onClick={() => endOne(session.id)}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
